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
  FAILED = -1,     ///< A Python exception is set, which belongs to the program.
} DispatchResult;

/// The calling thread's state under the session.
static inline CTraceHook_ThreadHeader *dispatch_thread(Session *session) {
  const ThreadSlot *slot = &threadState_slot;
  if (__builtin_expect(slot->serial == session->serial, 1)) return slot->head;
  return threadState_enter(&session->handlers, session->serial, &session->threads);
}

/// Ends the session because the interpreter has no memory for something. Returns REJECTED.
DispatchResult dispatch_endForMemory(Session *session);

/// Ends the session if the outcome requires it, and cleans up if it was stopped meanwhile.
DispatchResult dispatch_end(Session *session, CTraceHook_Outcome outcome);

// A strategy that writes to a Python file runs Python code, and lets other threads run. Meanwhile
// the session may be stopped: then the last event in flight cleans it up.

static inline void dispatch_enterHandler(Session *session) { session->in_flight++; }

static inline DispatchResult dispatch_leaveHandler(Session *session, CTraceHook_Outcome outcome) {
  session->in_flight--;
  if (__builtin_expect(outcome == CTraceHook_OutcomeProceed && !session->is_stopped, 1)) {
    return DISPATCHED;
  }
  return dispatch_end(session, outcome);
}

/// The thread's frames may lie on another stack than at the last event: greenlets have stacks of
/// their own.
void dispatch_findStack(Session *session, CTraceHook_ThreadHeader *thread);

/// Called before a call or a resumption of a frame that is not directly above the innermost traced
/// one: finds its stack, and reports to the engine if untraced code lies between the two.
void dispatch_findCaller(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame);

/// Resynchronises the thread with a frame that is not the innermost traced one, as far as the
/// engine knows. Returns REJECTED, FAILED, or DISPATCHED with the frame as the innermost if its
/// call was seen.
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

/// Whether the fast tier took a line of the innermost frame. A line is offered once: if this
/// returns false, the event is one for `dispatch_slowLine`.
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

/// A line that was not offered to the fast tier yet.
static inline DispatchResult dispatch_line(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame, int line) {
  DispatchResult result;
  if (!dispatch_isInnermost(session, thread, frame, &result)) return result;
  if (dispatch_fastLine(session, thread, frame, line)) return DISPATCHED;
  return dispatch_innermostLine(session, thread, frame, line);
}

/// Whether the function is traced. Decided at its first event under the session's filter.
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

/// A line of a session that only counts them, of a function that is known to be counted; else
/// false. No frame is kept track of, so the thread does not matter.
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

/// A call or a resumption in a session that only looks which functions are entered.
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

/// An exception of the innermost frame, where `dispatch_fastException` did not take it.
static inline DispatchResult dispatch_exception(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame, PyObject *type,
    PyObject *exception, PyObject *traceback) {
  dispatch_enterHandler(session);
  return dispatch_leaveHandler(
      session, session->handlers.full.exception(
                   thread, type, frame, exception, traceback, 0));
}

/// Like `dispatch_raise`, if `dispatch_fastException` did not take it.
DispatchResult dispatch_raiseSlowly(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    PyObject *exception);

/// Delivers an exception, given as an object. Other objects have no event.
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
