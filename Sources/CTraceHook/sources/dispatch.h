/// Dispatches an event of any source to the engine: finds the thread's state and the function's
/// record, and evaluates the filter.
#pragma once

#include "inspect/code.h"
#include "session/session.h"

#pragma GCC visibility push(hidden)

/// Outcome of an event.
typedef enum DispatchResult {
  DISPATCHED = 0,  ///< It was handled, or its frame was running before tracing started.
  REJECTED = 1,    ///< The function is not traced.
  FAILED = -1,     ///< A Python exception is set that belongs to the program.
} DispatchResult;

/// The calling thread's state under the session.
static inline CTraceHook_ThreadHeader *dispatch_thread(Session *session) {
  const ThreadSlot *slot = &threadState_slot;
  if (__builtin_expect(slot->serial == session->serial, 1)) return slot->head;
  return threadState_enter(&session->handlers, session->serial, &session->threads);
}

/// Ends the session because the interpreter has no memory. Returns REJECTED.
DispatchResult dispatch_endForMemory(Session *session);

/// Ends the session if the outcome requires it, and cleans up if it was stopped meanwhile.
DispatchResult dispatch_end(Session *session, CTraceHook_Outcome outcome);

// A strategy that writes to a Python file runs Python code, during which other threads can run and
// stop the session. Then the last event in flight cleans up.

static inline void dispatch_enterHandler(Session *session) { session->in_flight++; }

static inline DispatchResult dispatch_leaveHandler(Session *session, CTraceHook_Outcome outcome) {
  session->in_flight--;
  if (__builtin_expect(outcome == CTraceHook_OutcomeProceed && !session->is_stopped, 1)) {
    return DISPATCHED;
  }
  return dispatch_end(session, outcome);
}

/// Checks whether the thread's frames are on another stack than at its last event. Greenlets have
/// their own stacks.
void dispatch_findStack(Session *session, CTraceHook_ThreadHeader *thread);

/// Called before a call or resume of a frame that is not directly above the innermost traced one.
/// Finds its stack, and informs the engine if untraced code is between the two.
void dispatch_findCaller(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame);

/// Resynchronises the thread with a frame that is not the innermost traced one known to the engine.
/// Returns REJECTED, FAILED, or DISPATCHED. In the last case, the frame is now the innermost, if
/// its call had an event.
DispatchResult dispatch_resync(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame);

/// Whether the event of a frame is to be dispatched; else `*result` has the outcome.
static inline bool dispatch_isInnermost(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    DispatchResult *result) {
  if (__builtin_expect(thread->innermost == frame, 1)) return true;
  *result = dispatch_resync(session, thread, frame);
  return *result == DISPATCHED && thread->innermost == frame;
}

/// Whether the fast tier handled a line of the innermost frame. A line is offered to it once: if
/// this returns false, `dispatch_slowLine` is next.
static inline bool dispatch_fastLine(
    const Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame, int line) {
  return session->handlers.fast.line(thread, line, frame) != CTraceHook_OutcomeDeclined;
}

/// A line of the innermost frame, for the full tier.
static inline DispatchResult dispatch_innermostLine(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame, int line) {
  dispatch_enterHandler(session);
  return dispatch_leaveHandler(session, session->handlers.full.line(thread, line, frame));
}

/// A line of any frame, for the full tier.
static inline DispatchResult dispatch_slowLine(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame, int line) {
  DispatchResult result;
  if (!dispatch_isInnermost(session, thread, frame, &result)) return result;
  return dispatch_innermostLine(session, thread, frame, line);
}

/// A line that has not been offered to the fast tier.
static inline DispatchResult dispatch_line(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame, int line) {
  DispatchResult result;
  if (!dispatch_isInnermost(session, thread, frame, &result)) return result;
  if (dispatch_fastLine(session, thread, frame, line)) return DISPATCHED;
  return dispatch_innermostLine(session, thread, frame, line);
}

/// Whether the function is traced. Evaluates the filter at the function's first event under it.
static inline bool dispatch_isTraced(
    Session *session, CTraceHook_FunctionHeader *function, const compat_Frame *frame) {
  if (__builtin_expect(function->filter_generation != session->filter, 0)) {
    if (!session->handlers.evaluateFilter(session->handlers.engine, function, frame)) {
      session_end(session);
      return false;
    }
  }
  return function->is_traced;
}

/// Whether it is known that the function, which may be NULL, is not traced.
static inline bool dispatch_isRejected(
    const Session *session, const CTraceHook_FunctionHeader *function) {
  return function != NULL && function->filter_generation == session->filter && !function->is_traced;
}

/// Counts a line, in a session that only counts lines, if the function is known to be traced; else
/// returns false. Such a session tracks no frames, so the thread does not matter.
static inline bool dispatch_countKnown(Session *session, PyCodeObject *code, int line) {
  CTraceHook_FunctionHeader *function = compat_codeExtra(code, code_extraIndex);
  if (__builtin_expect(function == NULL, 0)) return false;
  if (__builtin_expect(function->filter_generation != session->filter, 0)) return false;
  if (!function->is_traced) return false;
  session->handlers.count(session->handlers.engine, function, line);
  return true;
}

/// Like `dispatch_countKnown`, for any function.
DispatchResult dispatch_count(
    Session *session, PyCodeObject *code, const compat_Frame *frame, int line);

/// A call or resume in a session that only lists the functions that are entered.
static inline DispatchResult dispatch_enter(
    Session *session, PyCodeObject *code, const compat_Frame *frame) {
  CTraceHook_FunctionHeader *function = code_function(code, session->handlers.define);
  if (function == NULL) return dispatch_endForMemory(session);
  if (!dispatch_isTraced(session, function, frame)) return REJECTED;
  const compat_Frame *back = compat_back(frame);
  CTraceHook_FunctionHeader *caller = NULL;
  if (back != NULL) {
    caller = code_function(compat_code(back), session->handlers.define);
    if (caller == NULL) return dispatch_endForMemory(session);
  }
  dispatch_enterHandler(session);
  return dispatch_leaveHandler(
      session, session->handlers.enter(session->handlers.engine, function, caller, frame));
}

__attribute__((always_inline)) static inline DispatchResult dispatch_call(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    PyCodeObject *code,
    CTraceHook_Kind kind) {
  CTraceHook_FunctionHeader *function = code_function(code, session->handlers.define);
  if (function == NULL) return dispatch_endForMemory(session);
  if (!dispatch_isTraced(session, function, frame)) return REJECTED;
  // A frame right above the innermost one is on the same stack.
  const void *below = compat_below(frame);
  if (below == NULL || below != thread->innermost) dispatch_findCaller(session, thread, frame);
  const compat_Frame *generator = compat_generatorBelow(frame);
  const CTraceHook_Handlers *handlers = &session->handlers;
  CTraceHook_Outcome outcome = code_canSuspend(code)
      ? handlers->fast.generator(
            thread, function, kind, frame, generator, compat_instruction(frame))
      : handlers->fast.call(thread, function, kind, frame, generator, 0);
  if (outcome != CTraceHook_OutcomeDeclined) return DISPATCHED;
  dispatch_enterHandler(session);
  return dispatch_leaveHandler(
      session, handlers->full.call(thread, function, kind, frame, generator, 0));
}

static inline DispatchResult dispatch_leave(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    PyCodeObject *code,
    CTraceHook_Kind kind, PyObject *value) {
  DispatchResult result;
  if (!dispatch_isInnermost(session, thread, frame, &result)) return result;
  const compat_Frame *below =
      compat_RESUMES_SILENTLY && kind == CTraceHook_KindReturn && code_canSuspend(code)
      ? compat_generatorBelow(frame)
      : NULL;
  const int32_t instruction = compat_instruction(frame);
  const CTraceHook_Handlers *handlers = &session->handlers;
  if (handlers->fast.leave(thread, kind, frame, value, below, instruction)
      != CTraceHook_OutcomeDeclined) {
    return DISPATCHED;
  }
  dispatch_enterHandler(session);
  return dispatch_leaveHandler(
      session, handlers->full.leave(thread, kind, frame, value, below, 0));
}

/// Tries the fast exception handler, which needs only the class. Returns true if the event was
/// consumed; `*result` has the outcome. `is_static`: the class lives as long as the process.
static inline bool dispatch_fastException(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    PyTypeObject *type,
    bool is_static, DispatchResult *result) {
  if (!dispatch_isInnermost(session, thread, frame, result)) return true;
  *result = DISPATCHED;
  return is_static
      && session->handlers.fast.exception(
             thread, type, frame, NULL, NULL, compat_instruction(frame))
          != CTraceHook_OutcomeDeclined;
}

/// An exception of the innermost frame that `dispatch_fastException` did not handle.
static inline DispatchResult dispatch_exception(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame, PyObject *type,
    PyObject *exception, PyObject *traceback) {
  dispatch_enterHandler(session);
  return dispatch_leaveHandler(
      session, session->handlers.full.exception(
                   thread, type, frame, exception, traceback, 0));
}

/// Like `dispatch_raise`, after `dispatch_fastException` did not handle the exception.
DispatchResult dispatch_raiseSlowly(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    PyObject *exception);

/// Dispatches an exception object. Other objects have no event.
static inline DispatchResult dispatch_raise(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    PyObject *exception) {
  DispatchResult result;
  PyTypeObject *type = Py_TYPE(exception);
  const unsigned long mask = Py_TPFLAGS_BASE_EXC_SUBCLASS | Py_TPFLAGS_HEAPTYPE;
  bool is_static = (type->tp_flags & mask) == Py_TPFLAGS_BASE_EXC_SUBCLASS;
  if (dispatch_fastException(session, thread, frame, type, is_static, &result)) return result;
  return dispatch_raiseSlowly(session, thread, frame, exception);
}

#pragma GCC visibility pop
