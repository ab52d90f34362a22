#include "compat.h"

#include "sources/dispatch.h"

Delivery deliver_end(Session *session, CTraceHook_Outcome outcome) {
  PyObject *exception = NULL;
  if (outcome != CTraceHook_OutcomeProceed) {
    if (outcome == CTraceHook_OutcomeRaise) exception = compat_takeException();
    session->handlers.ended(session->handlers.engine);
    session_end(session);
  }
  if (session->is_stopped && session->in_flight == 0) session_clean(session);
  if (exception == NULL) return DELIVERED;
  compat_setException(exception);
  return FAILED;
}

Delivery deliver_endForMemory(Session *session) {
  session->handlers.exhausted();
  deliver_end(session, CTraceHook_OutcomeEnd);
  return REJECTED;
}

Delivery deliver_count(
    Session *session, PyCodeObject *code, const compat_Frame *frame, int line) {
  CTraceHook_FunctionHead *function = code_function(code, session->handlers.define);
  if (function == NULL) return deliver_endForMemory(session);
  if (!deliver_isTraced(session, function, frame)) return REJECTED;
  session->handlers.count(session->handlers.engine, function, line);
  return DELIVERED;
}

Delivery deliver_raiseSlowly(
    Session *session, CTraceHook_ThreadHead *thread, const compat_Frame *frame,
    PyObject *exception) {
  if (!PyExceptionInstance_Check(exception)) return DELIVERED;
  PyObject *traceback = PyException_GetTraceback(exception);
  Delivery delivery = deliver_exception(
      session, thread, frame, (PyObject *)Py_TYPE(exception), exception,
      traceback == NULL ? Py_None : traceback);
  Py_XDECREF(traceback);
  return delivery;
}

void deliver_findStack(Session *session, CTraceHook_ThreadHead *thread) {
  const _PyStackChunk *chunk = PyThreadState_Get()->datastack_chunk;
  if (chunk == thread->chunk) return;
  // The stack has grown or shrunk, or it is another one. The outermost chunk stays.
  thread->chunk = chunk;
  while (chunk != NULL && chunk->previous != NULL) chunk = chunk->previous;
  if (chunk == thread->root) return;
  thread->root = chunk;
  session->handlers.switchStack(thread, chunk);
}

// Frames of code that is not traced, up to which the frame is looked for that has called it.
enum { deepest_entry = 256 };

void deliver_findCaller(
    Session *session, CTraceHook_ThreadHead *thread, const compat_Frame *frame) {
  deliver_findStack(session, thread);
  if (session->handlers.enterIndirectly == NULL || thread->function == NULL) return;
  // Frames of C code, such as that of `map`, are passed over: their time is their caller's.
  const compat_Frame *entry = frame, *caller = compat_back(frame);
  if (caller == NULL || caller == thread->innermost) return;
  for (int depth = 0; caller != NULL && caller != thread->innermost; depth++) {
    if (depth == deepest_entry) return;
    entry = caller;
    caller = compat_back(entry);
  }
  // The innermost traced frame is none of the frames below: it belongs to another greenlet.
  if (caller == NULL) return;
  uintptr_t site = (uintptr_t)compat_code(entry) + (uintptr_t)(intptr_t)compat_instruction(caller);
  session->handlers.enterIndirectly(thread, entry, site);
}

Delivery deliver_settle(
    Session *session, CTraceHook_ThreadHead *thread, const compat_Frame *frame) {
  CTraceHook_FunctionHead *function = code_function(compat_code(frame), session->handlers.define);
  if (function == NULL) return deliver_endForMemory(session);
  if (!deliver_isTraced(session, function, frame)) return REJECTED;
  deliver_findStack(session, thread);
  if (thread->innermost != frame) session->handlers.settle(thread, frame);
  return DELIVERED;
}
