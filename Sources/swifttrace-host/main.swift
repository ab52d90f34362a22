import ArgumentParser
import Glibc

do {
  let end = try Command.parse().execute()
  if end.wasInterrupted { dieOfInterrupt() }
  exit(end.status)
} catch {
  // Help comes as an error too, and is none.
  if Command.exitCode(for: error) == .success { Command.exit(withError: error) }
  printMessage(Command.message(for: error))
  exit(2)
}
