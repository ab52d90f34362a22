#include "compat.h"

#include "sources/dispatch.h"

DispatchResult dispatch_end(Session *session, CTraceHook_Outcome outcome) {
  PyObject *exception = NULL;
  if (outcome != CTraceHook_OutcomeProceed) {
    if (outcome == CTraceHook_OutcomeRaise) exception = compat_takeException();
    session->handlers.ended(session->handlers.engine);
    session_end(session);
  }
  if (session->is_stopped && session->in_flight == 0) session_clean(session);
  if (exception == NULL) return DISPATCHED;
  compat_setException(exception);
  return FAILED;
}

DispatchResult dispatch_endForMemory(Session *session) {
  session->handlers.exhausted();
  dispatch_end(session, CTraceHook_OutcomeEnd);
  return REJECTED;
}

DispatchResult dispatch_count(
    Session *session, PyCodeObject *code, const compat_Frame *frame, int line) {
  CTraceHook_FunctionHeader *function = code_function(code, session->handlers.define);
  if (function == NULL) return dispatch_endForMemory(session);
  if (!dispatch_isTraced(session, function, frame)) return REJECTED;
  session->handlers.count(session->handlers.engine, function, line);
  return DISPATCHED;
}

DispatchResult dispatch_raiseSlowly(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame,
    PyObject *exception) {
  if (!PyExceptionInstance_Check(exception)) return DISPATCHED;
  PyObject *traceback = PyException_GetTraceback(exception);
  DispatchResult dispatched = dispatch_exception(
      session, thread, frame, (PyObject *)Py_TYPE(exception), exception,
      traceback == NULL ? Py_None : traceback);
  Py_XDECREF(traceback);
  return dispatched;
}

void dispatch_findStack(Session *session, CTraceHook_ThreadHeader *thread) {
  const _PyStackChunk *chunk = PyThreadState_Get()->datastack_chunk;
  if (chunk == thread->chunk) return;
  // The stack has grown or shrunk, or it is another one. Its outermost chunk never changes.
  thread->chunk = chunk;
  while (chunk != NULL && chunk->previous != NULL) chunk = chunk->previous;
  if (chunk == thread->root) return;
  thread->root = chunk;
  session->handlers.switchStack(thread, chunk);
}

// Maximum number of untraced frames that are searched for the one that a traced frame called.
enum { deepest_entry = 256 };

void dispatch_findCaller(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame) {
  dispatch_findStack(session, thread);
  if (session->handlers.enterIndirectly == NULL || thread->function == NULL) return;
  // Frames of C code, such as `map`, are skipped: their time is their caller's.
  const compat_Frame *entry = frame, *caller = compat_back(frame);
  if (caller == NULL || caller == thread->innermost) return;
  for (int depth = 0; caller != NULL && caller != thread->innermost; depth++) {
    if (depth == deepest_entry) return;
    entry = caller;
    caller = compat_back(entry);
  }
  // The innermost traced frame is not below this one: it belongs to another greenlet.
  if (caller == NULL) return;
  uintptr_t site = (uintptr_t)compat_code(entry) + (uintptr_t)(intptr_t)compat_instruction(caller);
  session->handlers.enterIndirectly(thread, entry, site);
}

DispatchResult dispatch_resync(
    Session *session, CTraceHook_ThreadHeader *thread, const compat_Frame *frame) {
  CTraceHook_FunctionHeader *function = code_function(compat_code(frame), session->handlers.define);
  if (function == NULL) return dispatch_endForMemory(session);
  if (!dispatch_isTraced(session, function, frame)) return REJECTED;
  dispatch_findStack(session, thread);
  if (thread->innermost != frame) session->handlers.resync(thread, frame);
  return DISPATCHED;
}
