#include "code.h"
#include "install.h"

static int finish(Session *session, CTraceHook_Outcome outcome) {
  if (outcome == CTraceHook_OutcomeProceed) return 0;
  PyObject *exception = outcome == CTraceHook_OutcomeRaise ? compat_takeException() : NULL;
  session_end(session);
  if (exception == NULL) return 0;
  compat_setException(exception);
  return -1;
}

/// The thread's frames lie in another chunk of memory than at the last event: the stack has grown or
/// shrunk, or it is another one. Greenlets have stacks of their own, whose outermost chunk stays.
static void find_stack(
    const CTraceHook_Handlers *handlers, ThreadSlot *slot, const _PyStackChunk *chunk) {
  slot->chunk = chunk;
  while (chunk != NULL && chunk->previous != NULL) chunk = chunk->previous;
  if (chunk == slot->root) return;
  slot->root = chunk;
  handlers->switchStack(slot->state, chunk);
}

/// Hands an event to the engine, with the function and the thread that it belongs to.
static int deliver(
    Session *session, PyCodeObject *code, CTraceHook_Event *event, CTraceHook_Handler handler) {
  const CTraceHook_Handlers *handlers = &session->handlers;
  ThreadSlot *slot = &threads_slot;
  void *thread = slot->serial == session->serial
      ? slot->state
      : threads_enter(handlers, session->serial, &session->threads);
  if (slot->code != code || slot->deaths != code_deaths) {
    slot->function = code_function(code, handlers->define);
    if (slot->function == NULL) return -1;
    slot->code = code;
    slot->deaths = code_deaths;
  }
  event->function = slot->function;
  // A frame that goes on without a call is where it was at the thread's last event.
  if (event->frame != slot->frame || event->kind <= CTraceHook_KindResume) {
    slot->frame = event->frame;
    const _PyStackChunk *chunk = PyThreadState_Get()->datastack_chunk;
    if (chunk != slot->chunk) find_stack(handlers, slot, chunk);
  }
  // A strategy that writes to a Python file runs Python code, and lets other threads run. Meanwhile
  // the session may be stopped: then it is cleaned up here.
  session->in_flight++;
  int result = finish(session, handler(thread, event));
  session->in_flight--;
  if (session->is_stopped && session->in_flight == 0) session_clean(session);
  return result;
}

/// Threads that the program starts are found when they start (see spawn.h). Those that other code in C
/// brings in are found here, at the next call. False with a Python exception set.
static inline bool see_threads(Session *session) {
  if (!session->all_threads) return true;
  if (PyInterpreterState_ThreadHead(session->interpreter)->id == session->newest_thread) return true;
  return install_inNewThreads(session) == 0;
}

int trace_onEvent(PyObject *self, PyFrameObject *frame, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return install_passOn(session, false, frame, what, arg);
  const CTraceHook_Handlers *handlers = &session->handlers;
  CTraceHook_Event event = {.frame = frame, .line = CTraceHook_LINE_UNKNOWN};
  const void *raised = threads_slot.raised;
  threads_slot.raised = what == PyTrace_EXCEPTION ? frame : NULL;
  PyCodeObject *code = compat_code(frame);
  switch (what) {
    case PyTrace_LINE:
      if (!(session->wanted & CTraceHook_WantedLines)) return 0;
      event.kind = CTraceHook_KindLine;
      event.line = compat_eventLine(frame);
      return deliver(session, code, &event, handlers->line);
    case PyTrace_CALL:
      if (!see_threads(session)) return -1;
      event.kind = code_entryKind(code, frame);
      event.below = compat_generatorBelow(frame);
      return deliver(session, code, &event, handlers->call);
    case PyTrace_RETURN:
      event.kind = code_exitKind(code, frame, arg, raised == frame);
      event.value = event.kind == CTraceHook_KindUnwind ? NULL : arg;
      if (compat_RESUMES_SILENTLY && event.kind == CTraceHook_KindReturn && code_canSuspend(code)) {
        event.below = compat_generatorBelow(frame);
      }
      return deliver(session, code, &event, handlers->leave);
    case PyTrace_EXCEPTION:
      if (!(session->wanted & CTraceHook_WantedExceptions)) return 0;
      event.kind = CTraceHook_KindException;
      event.value = arg;
      return deliver(session, code, &event, handlers->exception);
    case PyTrace_OPCODE:
      if (!(session->wanted & CTraceHook_WantedOpcodes)) return 0;
      event.kind = CTraceHook_KindOpcode;
      return deliver(session, code, &event, handlers->line);
    default: return 0;
  }
}

int trace_onProfile(PyObject *self, PyFrameObject *frame, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return install_passOn(session, true, frame, what, arg);
  CTraceHook_Event event = {.frame = frame, .value = arg, .line = CTraceHook_LINE_UNKNOWN};
  switch (what) {
    case PyTrace_C_CALL: event.kind = CTraceHook_KindCCall; break;
    case PyTrace_C_RETURN: event.kind = CTraceHook_KindCReturn; break;
    case PyTrace_C_EXCEPTION: event.kind = CTraceHook_KindCException; break;
    default: return 0;  // Calls and returns of Python functions come to the trace function.
  }
  return deliver(session, compat_code(frame), &event, session->handlers.builtin);
}
