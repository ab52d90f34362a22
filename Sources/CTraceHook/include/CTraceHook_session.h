/// Starting and stopping sessions, and the handlers that pass their events to the engine.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTraceHook_event.h"

/// Result of a handler: the interpreter's action after an event.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_Outcome : uint8_t {
  CTraceHook_OutcomeDeclined,  ///< Fast handlers only: the event goes to the full one.
  CTraceHook_OutcomeProceed,   ///< Continue.
  CTraceHook_OutcomeEnd,       ///< End tracing: no more events, in any thread.
  CTraceHook_OutcomeRaise,     ///< End tracing. The Python exception that is set belongs to the
                               ///< program (an interrupt in its own `write`).
} CTraceHook_Outcome;

// Handlers of events. `thread` is the result of `enterThread`, `frame` the interpreter's frame,
// borrowed like all other pointers until the handler returns. Except for calls, the frame is the
// thread's innermost traced one. `instruction`, for fast handlers that use it, is the frame's
// current instruction, -1 before its first; else 0. Fast handlers avoid using the third argument:
// reading the processor's counter overwrites its register.

/// Call and resume. `function` is the result of `define` for the frame's code object. `below` is
/// the frame below if a generator owns it. `instruction` is set for the `generator` handler of the
/// fast tier.
typedef CTraceHook_Outcome (*CTraceHook_CallHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, CTraceHook_FunctionHeader *_Nonnull function,
    CTraceHook_Kind kind, const void *_Nonnull frame, const void *_Nullable below,
    int32_t instruction);

/// Line. `line` is 1-based.
typedef CTraceHook_Outcome (*CTraceHook_LineHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, int32_t line, const void *_Nonnull frame);

/// Return, yield, await and unwind. `value` is the object that is returned or yielded, NULL for an
/// unwind. `below` is the frame below if a generator owns it and may resume without a call event.
typedef CTraceHook_Outcome (*CTraceHook_LeaveHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, CTraceHook_Kind kind, const void *_Nonnull frame,
    const void *_Nullable value, const void *_Nullable below, int32_t instruction);

/// Exception: its class, the exception, and its traceback or None. In the fast tier, the class is
/// static, and the other two are NULL, because creating them costs more than handling the event.
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
  /// For functions that can suspend. Separate, so that other calls need no check of their kind and
  /// line.
  CTraceHook_CallHandler _Nullable generator;
  CTraceHook_LineHandler _Nullable line;
  CTraceHook_LeaveHandler _Nullable leave;
  CTraceHook_ExceptionHandler _Nullable exception;
} CTraceHook_EventHandlers;

/// An instruction: opcode. Other kinds that need only their frame can share it.
typedef CTraceHook_Outcome (*CTraceHook_InstructionHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull frame, CTraceHook_Kind kind);

/// Call, return and exception of a C function.
typedef CTraceHook_Outcome (*CTraceHook_CCallHandler)(
    CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull frame, CTraceHook_Kind kind,
    const void *_Nullable function);

/// A line event, for a session that only counts lines. It receives no other events and no frames.
/// The session's filter accepts `function`.
typedef void (*CTraceHook_CountHandler)(
    void *_Nonnull engine, CTraceHook_FunctionHeader *_Nonnull function, int32_t line);

/// A call or resume, for a session that requests no other events and tracks no frames. `caller` is
/// the result of `define` for the calling frame, or NULL for an outermost frame.
typedef CTraceHook_Outcome (*CTraceHook_EnterHandler)(
    void *_Nonnull engine, CTraceHook_FunctionHeader *_Nonnull function,
    const CTraceHook_FunctionHeader *_Nullable caller, const void *_Nonnull frame);

/// Visits the code objects that are constants of the frame's code object. `make` creates the
/// engine's record of each, like `CTraceHook_Handlers.define`. `body` returns whether to visit the
/// constants of that code object too.
void CTraceHook_forEachNested(
    const void *_Nonnull frame,
    CTraceHook_FunctionHeader *_Nonnull (*_Nonnull make)(const CTraceHook_Code *_Nonnull code),
    bool (*_Nonnull body)(CTraceHook_FunctionHeader *_Nonnull function, void *_Nonnull context),
    void *_Nonnull context);

/// The engine's handlers. All are called with the GIL held, except `leaveThread`, which any thread
/// may call after another thread has ended.
typedef struct CTraceHook_Handlers {
  void *_Nonnull engine;
  /// Creates the record of a code object at its first event. The record stays with the code object,
  /// over all sessions, until `forget`.
  CTraceHook_FunctionHeader *_Nonnull (*_Nonnull define)(const CTraceHook_Code *_Nonnull code);
  /// Frees the record of a code object that is being freed.
  void (*_Nonnull forget)(void *_Nonnull function);
  /// Decides whether the function, of which `frame` is a frame, is traced, and stores the decision
  /// in its header. Returns false if the session must end.
  bool (*_Nonnull evaluateFilter)(
      void *_Nonnull engine, CTraceHook_FunctionHeader *_Nonnull function,
      const void *_Nonnull frame);
  /// Creates the state of a thread at its first event in this session.
  CTraceHook_ThreadHeader *_Nonnull (*_Nonnull enterThread)(void *_Nonnull engine);
  /// Frees the state of a thread. The thread or the session has ended.
  void (*_Nonnull leaveThread)(CTraceHook_ThreadHeader *_Nonnull thread);
  /// Called after the session was stopped and its last event was handled. The engine is not called
  /// after that.
  void (*_Nonnull over)(void *_Nonnull engine);
  /// Called if the thread's next events are of another stack of frames, which `stack` identifies,
  /// and at the thread's first event.
  void (*_Nonnull switchStack)(
      CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nullable stack);
  /// Resynchronises after missed events: pops the frames above `frame`. Returns false if `frame` is
  /// not on the stack.
  bool (*_Nonnull resync)(CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull frame);
  /// Called before a fork: writes everything that is buffered.
  CTraceHook_Outcome (*_Nonnull beforeFork)(void *_Nonnull engine);
  /// Called in the child of a fork. Must not use Python.
  void (*_Nonnull afterFork)(void *_Nonnull engine);
  /// Called if the interpreter has no memory for something that an event needs.
  void (*_Nonnull exhausted)(void);
  /// Called if an outcome ends the session, before it is stopped.
  void (*_Nonnull ended)(void *_Nonnull engine);
  CTraceHook_EventHandlers fast;  ///< NULL for kinds of events that it declines.
  CTraceHook_EventHandlers full;  ///< All are set.
  CTraceHook_InstructionHandler _Nonnull instruction;
  CTraceHook_CCallHandler _Nonnull cCall;
  /// Called if untraced code, which the innermost traced frame called, makes the next call. NULL if
  /// not needed. `entry` is the frame that the innermost traced frame called. `site` identifies the
  /// code of `entry` and the place of that call. As long as that code is running, both are
  /// unchanged.
  void (*_Nullable enterIndirectly)(
      CTraceHook_ThreadHeader *_Nonnull thread, const void *_Nonnull entry, uintptr_t site);
  /// Set if the session only counts lines: replaces the other handlers of events.
  CTraceHook_CountHandler _Nullable count;
  /// Like `count`, for a session that only lists the functions that are entered.
  CTraceHook_EnterHandler _Nullable enter;
} CTraceHook_Handlers;

/// Ends all running sessions, each at its next event. May be called while an event is being
/// handled.
void CTraceHook_endAllSoon(void);

/// Source of events.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_Source : uint8_t {
  /// `sys.monitoring` from 3.12 on, if it has the requested events; else `settrace`.
  CTraceHook_SourceAuto,
  CTraceHook_SourceSettrace,    ///< PyEval_SetTrace.
  /// `sys.monitoring`, from 3.12 on; not for opcodes and C calls.
  CTraceHook_SourceMonitoring,
} CTraceHook_Source;

/// Starts tracing in all threads of the interpreter, including future ones, or only in the calling
/// one.
///
/// `requested`: kinds to report. Lines, exceptions, opcodes and C calls are reported only on
/// request, because they have a cost; calls and returns always.
/// `filter`: the current filter generation.
/// Returns the session, owned by the caller until `CTraceHook_stop`, or NULL with a Python
/// exception set: a ValueError if the source cannot be used, a RuntimeError if another tool
/// prevents it.
void *_Nullable CTraceHook_start(
    const CTraceHook_Handlers *_Nonnull handlers, bool all_threads, CTraceHook_KindSet requested,
    CTraceHook_Source source, uint64_t filter);

/// The source of a session, never `SourceAuto`.
CTraceHook_Source CTraceHook_sourceOf(const void *_Nonnull session);

/// The source that `SourceAuto` selects for lines and calls in all threads. Depends only on the
/// version of CPython.
CTraceHook_Source CTraceHook_autoSource(void);

/// Changes the filter. `filter` is a generation that no other filter has had.
///
/// Returns false with a Python exception set if the interpreter refuses.
bool CTraceHook_changeFilter(void *_Nonnull session, uint64_t filter);

/// Trace or profile functions of other tools that were already installed.
typedef enum __attribute__((flag_enum, enum_extensibility(open))) CTraceHook_Conflicts : uint32_t {
  /// Trace functions that were displaced. They receive no events while the session runs, and are
  /// restored at its end.
  CTraceHook_ConflictsHidden = 1 << 0,
  /// Profile functions that were displaced, likewise.
  CTraceHook_ConflictsHiddenProfile = 1 << 1,
  /// Trace functions in threads other than the calling one, which cannot be displaced from 3.13 on.
  /// Then only the calling thread is traced.
  CTraceHook_ConflictsInOtherThread = 1 << 2,
  /// Other tools have the tool IDs of `sys.monitoring`: the session uses PyEval_SetTrace.
  CTraceHook_ConflictsMonitoring = 1 << 3,
} CTraceHook_Conflicts;

/// Returns which functions of other tools the session found. Valid directly after its start.
CTraceHook_Conflicts CTraceHook_conflicts(const void *_Nonnull session);

/// Covers threads that were created since the last event of a session of all threads. Threads that
/// the program starts are covered without this; a thread that an embedding program attaches may
/// have no event before.
///
/// Returns false with a Python exception set if an audit hook refuses.
bool CTraceHook_adoptThreads(void *_Nonnull session);

/// Ends tracing in all threads, and releases the session. Called once, with the GIL held; possibly
/// while an event is being handled, which then continues. Restores displaced trace functions.
///
/// Returns false if the program or another tool had meanwhile replaced the session's trace function
/// in a thread, or its tool ID. That is left unchanged.
bool CTraceHook_stop(void *_Nonnull session);
