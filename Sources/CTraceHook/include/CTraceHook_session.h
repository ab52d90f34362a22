/// Registering the trace function, and the calls that carry events up to the engine.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTraceHook_event.h"

/// Result of a handler: the interpreter's action after an event.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_Outcome : uint8_t {
  CTraceHook_OutcomeDeclined,  ///< Fast handlers only: the event goes to the full one.
  CTraceHook_OutcomeProceed,   ///< Go on.
  CTraceHook_OutcomeEnd,       ///< Tracing is over: no more events, in no thread.
  CTraceHook_OutcomeRaise,     ///< Tracing is over, and the Python exception that is set belongs
                               ///< to the program (an interrupt that arrived in its own `write`).
} CTraceHook_Outcome;

// The handlers of events. `thread` is what `enterThread` gave, `frame` the interpreter's frame,
// borrowed as all else until the handler returns. Except for calls the frame is the thread's
// innermost traced one. `instruction` is the frame's place in its code, -1 before its first.
// Fast handlers do not use the third argument if they can avoid it: reading the processor's counter
// takes its register.

/// Call and resume. `function` is what `define` gave for the frame's code object. `below` is the
/// frame below, where a generator owns that. `instruction` is set if the function can suspend.
typedef CTraceHook_Outcome (*CTraceHook_CallHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, CTraceHook_FunctionHeader *_Nonnull function,
    CTraceHook_Kind kind, const void *_Nonnull frame, const void *_Nullable below,
    int32_t instruction);

/// Line. `line` is 1-based.
typedef CTraceHook_Outcome (*CTraceHook_LineHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, int32_t line, const void *_Nonnull frame);

/// Return, yield, await and unwind. `value` is what is returned or yielded, NULL for an unwind;
/// `below` the frame below, where a generator owns that and may go on without a call event.
typedef CTraceHook_Outcome (*CTraceHook_LeaveHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, CTraceHook_Kind kind, const void *_Nonnull frame,
    const void *_Nullable value, const void *_Nullable below, int32_t instruction);

/// Exception: its class, itself, and its traceback or None. In the fast tier the class is static,
/// and the last two are NULL, because making them costs more than handling the event.
typedef CTraceHook_Outcome (*CTraceHook_ExceptionHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull type, const void *_Nonnull frame,
    const void *_Nullable exception, const void *_Nullable traceback, int32_t instruction);

/// The handlers of one tier.
///
/// The fast tier is called first. It must not run Python code or end the session, and either
/// handles an event or declines it, without side effects: the event then goes to the full tier,
/// which must not decline.
typedef struct CTraceHook_EventHandlers {
  CTraceHook_CallHandler _Nullable call;  ///< For functions that cannot suspend.
  /// For functions that can. Separate, so that a call of the others needs no check of its kind and
  /// its line.
  CTraceHook_CallHandler _Nullable generator;
  CTraceHook_LineHandler _Nullable line;
  CTraceHook_LeaveHandler _Nullable leave;
  CTraceHook_ExceptionHandler _Nullable exception;
} CTraceHook_EventHandlers;

/// Opcode.
typedef CTraceHook_Outcome (*CTraceHook_OpcodeHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull frame);

/// Call, return and exception of a function in C.
typedef CTraceHook_Outcome (*CTraceHook_CCallHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull frame, CTraceHook_Kind kind,
    const void *_Nullable function);

/// A line event, for a session that only counts lines. It receives no other event, and not the
/// frame. The session's filter accepts `function`.
typedef void (*CTraceHook_CountHandler)(
    void *_Nonnull engine, CTraceHook_FunctionHeader *_Nonnull function, int32_t line);

/// A call or a resumption, for a session that requests nothing else and keeps track of no frame.
/// `caller` is the result of `define` for the calling frame, or NULL for an outermost frame.
typedef CTraceHook_Outcome (*CTraceHook_EnterHandler)(
    void *_Nonnull engine, CTraceHook_FunctionHeader *_Nonnull function,
    const CTraceHook_FunctionHeader *_Nullable caller, const void *_Nonnull frame);

/// Goes through the code objects that are constants of the frame's code object, and of those in
/// turn. `make` makes what the engine keeps for each, as `CTraceHook_Handlers.define` does; `body`
/// returns whether to go into it.
void CTraceHook_forEachNested(
    const void *_Nonnull frame,
    CTraceHook_FunctionHeader *_Nonnull (*_Nonnull make)(const CTraceHook_Code *_Nonnull code),
    bool (*_Nonnull body)(CTraceHook_FunctionHeader *_Nonnull function, void *_Nonnull context),
    void *_Nonnull context);

/// The engine's handlers. All are called with the GIL held, except `leaveThread`, which any thread
/// may call after another thread has ended.
typedef struct CTraceHook_Handlers {
  void *_Nonnull engine;
  /// First sight of a code object. The result stays with the code object for as long as it lives,
  /// over all sessions; `forget` takes it back.
  CTraceHook_FunctionHeader *_Nonnull (*_Nonnull define)(const CTraceHook_Code *_Nonnull code);
  /// The code object is gone.
  void (*_Nonnull forget)(void *_Nonnull function);
  /// Whether the function, of which the frame is one, is traced: to be kept in its head.
  bool (*_Nonnull evaluateFilter)(
      void *_Nonnull engine, CTraceHook_FunctionHeader *_Nonnull function,
      const void *_Nonnull frame);
  /// First event of a thread in this session.
  CTraceHook_ThreadHeader *_Nonnull (*_Nonnull enterThread)(void *_Nonnull engine);
  /// The thread, or the session, is over.
  void (*_Nonnull leaveThread)(CTraceHook_ThreadHeader *_Nonnull thread);
  /// The session was stopped and its last event is handled: the engine is not called any more.
  void (*_Nonnull over)(void *_Nonnull engine);
  /// The thread's events are those of another stack of frames from now on. `stack` stands for it.
  /// Called at the thread's first event too.
  void (*_Nonnull switchStack)(
      CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nullable stack);
  /// Resynchronises after missed events: pops the frames above `frame`. Returns false if `frame` is
  /// not on the stack.
  bool (*_Nonnull resync)(CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull frame);
  /// The process is about to fork: nothing may be held back.
  CTraceHook_Outcome (*_Nonnull beforeFork)(void *_Nonnull engine);
  /// The process is a new one, the child of a fork. Nothing of Python may be used.
  void (*_Nonnull afterFork)(void *_Nonnull engine);
  /// The interpreter has no memory for something that an event needs.
  void (*_Nonnull exhausted)(void);
  /// The session ends because of an outcome, before it is stopped.
  void (*_Nonnull ended)(void *_Nonnull engine);
  CTraceHook_EventHandlers fast;  ///< NULL for kinds of events that it declines.
  CTraceHook_EventHandlers full;  ///< All are set.
  CTraceHook_OpcodeHandler _Nonnull opcode;
  CTraceHook_CCallHandler _Nonnull cCall;
  /// The next call is made by code that is not traced, which the innermost traced frame has called.
  /// NULL if nobody needs that. `entry` is the frame that the innermost one called, and `site`
  /// identifies that frame's code and the place of its call: code that is still running has both
  /// unchanged.
  void (*_Nullable enterIndirectly)(
      CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull entry, uintptr_t site);
  /// Set if the session only counts lines: replaces the other handlers of events.
  CTraceHook_CountHandler _Nullable count;
  /// Like `count`, for a session that only looks which functions are entered.
  CTraceHook_EnterHandler _Nullable enter;
} CTraceHook_Handlers;

/// Ends the sessions that run, each at its next event. May be called while an event is handled.
void CTraceHook_endAllSoon(void);

/// Kinds of events that cost something and are handed on only to who asks for them.
typedef enum __attribute__((flag_enum, enum_extensibility(open))) CTraceHook_Requested : uint32_t {
  CTraceHook_RequestedLines = 1 << 0,
  CTraceHook_RequestedExceptions = 1 << 1,
  CTraceHook_RequestedOpcodes = 1 << 2,
  CTraceHook_RequestedCCalls = 1 << 3,  ///< Functions written in C; by PyEval_SetProfile.
} CTraceHook_Requested;

/// Source of events.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_Source : uint8_t {
  /// `sys.monitoring` from 3.12 on, if it has the requested events; else `settrace`.
  CTraceHook_SourceAuto,
  CTraceHook_SourceSettrace,    ///< PyEval_SetTrace.
  /// `sys.monitoring`, from 3.12 on; not for opcodes and C calls.
  CTraceHook_SourceMonitoring,
} CTraceHook_Source;

/// Starts tracing: in every thread of the interpreter, those that exist and those to come, or in
/// the calling one alone.
///
/// `requested`: events that are handed on beside calls and returns.
/// `filter`: the number of the filter whose decisions count.
/// Returns the session, owned by the caller until `CTraceHook_stop`, or NULL with a Python
/// exception set: a ValueError where the source is not one that can be used, a RuntimeError where
/// another tool is in the way.
void *_Nullable CTraceHook_start(
    const CTraceHook_Handlers *_Nonnull handlers, bool all_threads, CTraceHook_Requested requested,
    CTraceHook_Source source, uint64_t filter);

/// The source of a session: not `SourceAuto`.
CTraceHook_Source CTraceHook_sourceOf(const void *_Nonnull session);

/// The source of lines and calls that a session of all threads has if it leaves the choice to the
/// hook. It depends on the version of CPython alone.
CTraceHook_Source CTraceHook_autoSource(void);

/// Another filter decides from now on, which has a number that no other had.
///
/// False with a Python exception set where the interpreter refuses.
bool CTraceHook_changeFilter(void *_Nonnull session, uint64_t filter);

/// Trace or profile functions of other tools that were already installed.
typedef enum __attribute__((flag_enum, enum_extensibility(open))) CTraceHook_Conflicts : uint32_t {
  /// Trace functions that gave way. They have no events while the session runs, and are put back at
  /// its end.
  CTraceHook_ConflictsHidden = 1 << 0,
  /// Profile functions that gave way likewise.
  CTraceHook_ConflictsHiddenProfile = 1 << 1,
  /// Trace functions that stay, from 3.13 on, in threads other than the calling one. No other
  /// thread is covered then.
  CTraceHook_ConflictsInOtherThread = 1 << 2,
  /// The numbers that it needs of `sys.monitoring` are taken: the session uses PyEval_SetTrace.
  CTraceHook_ConflictsMonitoring = 1 << 3,
} CTraceHook_Conflicts;

/// Returns which functions of other tools a session has found. Valid right after its start.
CTraceHook_Conflicts CTraceHook_conflicts(const void *_Nonnull session);

/// Covers threads that came since the last event of a session of all threads. Threads of a program
/// are met at the next event of the thread that starts them; one that an embedding program brings
/// in has no such event before it.
///
/// False with a Python exception set if an audit hook refuses.
bool CTraceHook_adoptThreads(void *_Nonnull session);

/// Ends tracing in every thread, and releases the session. To be called once, with the GIL held;
/// also while an event is being handled, which then goes on. Trace functions that stood before the
/// start are put back.
///
/// Returns whether every thread was still ours: false says that the program, or another tool, had
/// set a trace function of its own meanwhile, which was left alone.
bool CTraceHook_stop(void *_Nonnull session);
