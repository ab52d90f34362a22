import CTraceHook
import SwiftTrace
import TraceReading
import TraceReplay

/// Creates the module `_swifttrace`. CPython calls this function at its import.
@c(PyInit__swifttrace)
public func initializeModule() -> UnsafeMutableRawPointer? {
  SharedClock.prepare()
  return unsafe CTraceHook_makeModule(
    CTraceHook_ModuleFunctions(
      start: { arguments in
        unsafe answer(arguments) { arguments in
          .number(try ActiveSession.start(StartRequest(arguments)) ?? 0)
        }
      },
      stop: { arguments in
        unsafe answer(arguments) { arguments in
          try ActiveSession.stop(arguments.count > 0 ? arguments.number(at: 0) : nil)
          return .none
        }
      },
      flush: { arguments in
        unsafe answer(arguments) { _ in
          try ActiveSession.flush()
          return .none
        }
      },
      isTracing: { arguments in
        unsafe answer(arguments) { arguments in
          let asksHere = try arguments.count > 0 && arguments.flag(at: 0)
          return .bool(asksHere ? ActiveSession.coversThread : ActiveSession.isRunning)
        }
      },
      changeFilter: { arguments in
        unsafe answer(arguments) { arguments in
          try arguments.check(count: 1, "change_filter() takes a dict")
          try ActiveSession.change(
            to: CodeFilter(Arguments(arguments.element(0), of: "change_filter()")))
          return .none
        }
      },
      source: { arguments in
        unsafe answer(arguments) { _ in
          ActiveSession.source.map { .object(.text($0.rawValue)) } ?? .none
        }
      },
      show: { arguments in
        unsafe answer(arguments) { arguments in
          .bool(try ShowRequest(arguments).run())
        }
      },
      openRecording: { arguments in
        unsafe answer(arguments) { arguments in
          .handle(try OpenRecording(arguments))
        }
      },
      eventKinds: { arguments in
        unsafe answer(arguments) { arguments in
          try arguments.check(count: 0, "event_kinds() takes no arguments")
          return .object(.eventKinds)
        }
      },
      readEvents: { arguments in
        unsafe answer(arguments) { arguments in
          try arguments.check(count: 2, "read_events() takes a recording and a count")
          return .object(
            try OpenRecording.of(arguments).readEvents(arguments.number(at: 1) ?? 1))
        }
      },
      describe: { arguments in
        unsafe answer(arguments) { arguments in
          .object(try OpenRecording.of(arguments).describe())
        }
      },
      contents: { arguments in
        unsafe answer(arguments) { arguments in
          let hasFunctions = try arguments.count < 2 || arguments.flag(at: 1)
          return .object(try OpenRecording.of(arguments).contents(hasFunctions: hasFunctions))
        }
      },
      arrowStream: { arguments in
        unsafe answer(arguments) { arguments in .arrow(try ArrowCapsule(streamOf: arguments)) }
      },
      arrowSchema: { arguments in
        unsafe answer(arguments) { arguments in .arrow(try ArrowCapsule(schemaOf: arguments)) }
      },
      exportRecording: { arguments in
        unsafe answer(arguments) { arguments in
          try ExportRequest(arguments).run()
          return .none
        }
      },
      countLines: { arguments in
        unsafe answer(arguments) { arguments in .object(try CountLinesRequest(arguments).run()) }
      },
      view: { arguments in
        unsafe answer(arguments) { arguments in .object(try ViewRequest(arguments).run()) }
      },
      sourceLines: { arguments in
        unsafe answer(arguments) { arguments in
          try arguments.check(count: 1, "source_lines() takes a path")
          // Any bytes are accepted: a path in a recording need not be that of a file.
          let path = try arguments.element(0)
          guard path.kind == .bytes else { throw ModuleError.type("source_lines() takes bytes") }
          let source = SourceText(path: path.byteArray, decode: decodeByPython)
          return .object(
            .tuple((0..<source.count).map { .text(Array(source.bytes(ofLine: $0 + 1))) }))
        }
      },
      progress: { arguments in
        unsafe answer(arguments) { arguments in
          .object(try OpenRecording.of(arguments, alsoBusy: true).reportProgress())
        }
      },
      writer: { arguments in
        unsafe answer(arguments) { arguments in .object(try OpenRecording.writer(arguments)) }
      },
      programEnded: { arguments in
        unsafe answer(arguments) { arguments in
          ActiveSession.programEnded(try EndRequest(arguments).end)
          return .none
        }
      }))
}

/// The result of a function of the module.
private enum Answer {
  case none
  case bool(Bool)
  case number(UInt64)
  case object(PythonData)
  case handle(OpenRecording)
  case arrow(ArrowCapsule)
}

/// Calls `body`, and converts its result or error for Python. All functions of the module use it.
private func answer(
  _ arguments: UnsafeRawPointer, _ body: (borrowing Value) throws -> Answer
) -> UnsafeMutableRawPointer? {
  do {
    // SAFETY: the interpreter's argument tuple, borrowed for the call.
    switch try body(unsafe Value(arguments)) {
    case .none: return unsafe CTraceHook_makeNone()
    case .number(let value): return unsafe CTraceHook_makeInt(Int64(value))
    case .bool(let value): return unsafe CTraceHook_makeBool(value)
    case .object(let data): return unsafe data.make()
    case .arrow(let capsule): return unsafe capsule.make()
    case .handle(let recording):
      let pointer = unsafe Unmanaged.passRetained(recording).toOpaque()
      return unsafe CTraceHook_makeHandle(pointer) { pointer in
        unsafe Unmanaged<OpenRecording>.fromOpaque(pointer).release()
      }
    }
  } catch let error as PythonException {
    error.raise()
  } catch let error as SystemError {
    raise(.OS, code: error.code, error.subject)
  } catch let error as ReadingError {
    if error.code != 0 {
      raise(.OS, code: error.code, error.path)
    } else {
      raise(.value, error.description)
    }
  } catch let error as ReplayError {
    raise(.value, error.description)
  } catch let error as ExportError {
    raise(error.code != 0 ? .OS : .value, code: error.code, error.code != 0 ? "" : error.problem)
  } catch is Interrupted {
    return nil  // The Python exception is already set.
  } catch let error as ModuleError {
    raise(error.kind, error.message)
  } catch {
    raise(.runtime, String(describing: error))
  }
  return nil
}

private func raise(_ kind: CTraceHook_ErrorKind, code: Int32 = 0, _ message: String) {
  var message = message
  message.withUTF8 { bytes in
    // SAFETY: C copies the bytes.
    unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
      guard let base = characters.baseAddress else {
        return unsafe CTraceHook_raise(kind, code, "", 0)
      }
      unsafe CTraceHook_raise(kind, code, base, characters.count)
    }
  }
}
