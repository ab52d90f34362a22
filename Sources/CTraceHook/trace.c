/// The source `settrace`: PyEval_SetTrace, and PyEval_SetProfile for functions written in C.
#include "deliver.h"
#include "install.h"

/// Threads that the program starts are found when they start (see spawn.h). Those that other code in C
/// brings in are found here, at the next call. False with a Python exception set.
static inline bool see_threads(Session *session) {
  if (!session->all_threads) return true;
  if (PyInterpreterState_ThreadHead(session->interpreter)->id == session->newest_thread) return true;
  return install_inNewThreads(session) == 0;
}

static inline int answer(Delivery delivery) { return delivery == FAILED ? -1 : 0; }

int trace_onEvent(PyObject *self, PyFrameObject *object, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return install_passOn(session, false, object, what, arg);
  CTraceHook_ThreadHead *thread = deliver_thread(session);
  const compat_Frame *frame = compat_frame(object);
  const void *raised = NULL;
  if (compat_UNWIND_HAS_NONE) {
    raised = thread->raised;
    thread->raised = what == PyTrace_EXCEPTION ? frame : NULL;
  }
  switch (what) {
    case PyTrace_LINE:
      if (!(session->wanted & CTraceHook_WantedLines)) return 0;
      return answer(deliver_line(session, thread, frame, compat_eventLine(object)));
    case PyTrace_CALL: {
      if (!see_threads(session)) return -1;
      PyCodeObject *code = compat_code(frame);
      return answer(deliver_call(session, thread, frame, code, code_entryKind(code, frame)));
    }
    case PyTrace_RETURN: {
      PyCodeObject *code = compat_code(frame);
      CTraceHook_Kind kind = code_exitKind(code, frame, arg, raised == frame);
      PyObject *value = kind == CTraceHook_KindUnwind ? NULL : arg;
      return answer(deliver_leave(session, thread, frame, code, kind, value));
    }
    case PyTrace_EXCEPTION:
      if (!(session->wanted & CTraceHook_WantedExceptions)) return 0;
      return answer(deliver_exception(
          session, thread, frame, PyTuple_GET_ITEM(arg, 0), PyTuple_GET_ITEM(arg, 1),
          PyTuple_GET_ITEM(arg, 2)));
    case PyTrace_OPCODE: {
      Delivery result;
      if (!(session->wanted & CTraceHook_WantedOpcodes)) return 0;
      if (!deliver_isInnermost(session, thread, frame, &result)) return answer(result);
      deliver_begin(session);
      return answer(deliver_finish(session, session->handlers.opcode(thread, frame)));
    }
    default: return 0;
  }
}

int trace_onSimpleEvent(PyObject *self, PyFrameObject *object, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return install_passOn(session, false, object, what, arg);
  const compat_Frame *frame = compat_frame(object);
  if (what == PyTrace_LINE && session->handlers.count != NULL) {
    PyCodeObject *code = compat_code(frame);
    int line = compat_eventLine(object);
    if (__builtin_expect(deliver_countKnown(session, code, line), 1)) return 0;
    return answer(deliver_count(session, code, frame, line));
  }
  if (what != PyTrace_CALL) return 0;
  if (!see_threads(session)) return -1;
  if (session->handlers.enter == NULL) return 0;
  return answer(deliver_enter(session, compat_code(frame), frame));
}

int trace_onProfile(PyObject *self, PyFrameObject *object, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return install_passOn(session, true, object, what, arg);
  CTraceHook_Kind kind;
  switch (what) {
    case PyTrace_C_CALL: kind = CTraceHook_KindCCall; break;
    case PyTrace_C_RETURN: kind = CTraceHook_KindCReturn; break;
    case PyTrace_C_EXCEPTION: kind = CTraceHook_KindCException; break;
    default: return 0;  // Calls and returns of Python functions come to the trace function.
  }
  CTraceHook_ThreadHead *thread = deliver_thread(session);
  const compat_Frame *frame = compat_frame(object);
  Delivery result;
  if (!deliver_isInnermost(session, thread, frame, &result)) return answer(result);
  deliver_begin(session);
  return answer(deliver_finish(session, session->handlers.builtin(thread, frame, kind, arg)));
}
