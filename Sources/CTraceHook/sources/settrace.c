/// The source `settrace`: PyEval_SetTrace, and PyEval_SetProfile for functions written in C.
#include "compat.h"

#include "sources/dispatch.h"
#include "session/thread_hooks.h"

/// Threads that the program starts are found when they start (see thread_start.h). Those that other code
/// in C brings in are found here, at the next call. False with a Python exception set.
static inline bool see_threads(Session *session) {
  if (!session->all_threads) return true;
  if (PyInterpreterState_ThreadHead(session->interpreter)->id == session->newest_thread) return true;
  return install_inNewThreads(session) == 0;
}

static inline int answer(Delivery delivery) { return delivery == FAILED ? -1 : 0; }

/// Notes whether the event is an exception, and of which frame; returns what was noted at the event
/// before. Only 3.12 needs it.
static inline const void *note_exception(
    CTraceHook_ThreadHead *thread, const compat_Frame *frame, bool is_exception) {
  if (!compat_UNWIND_HAS_NONE) return NULL;
  const void *raised = thread->raised;
  thread->raised = is_exception ? frame : NULL;
  return raised;
}

// One function for each kind of event, entered by a jump: it saves the registers that it needs
// itself.

/// A line of the innermost frame that a quick handler takes, or a line that nobody asks for; else
/// false.
static inline bool on_quick_line(
    Session *session, PyFrameObject *object, const compat_Frame *frame) {
  const ThreadSlot *slot = &threads_slot;
  if (slot->serial != session->serial) return false;
  note_exception(slot->head, frame, false);
  if (!(session->wanted & CTraceHook_WantedLines)) return true;
  int line = compat_knownLine(object);
  return line > 0 && slot->head->innermost == frame && session->handlers.quickLine != NULL
      && session->handlers.quickLine(slot->head, line);
}

static __attribute__((noinline)) int on_line(Session *session, PyFrameObject *object) {
  CTraceHook_ThreadHead *thread = deliver_thread(session);
  const compat_Frame *frame = compat_frame(object);
  note_exception(thread, frame, false);
  if (!(session->wanted & CTraceHook_WantedLines)) return 0;
  Delivery delivery = deliver_line(session, thread, frame, compat_eventLine(object));
  if (delivery == REJECTED) session->rejected = frame;
  return answer(delivery);
}

static __attribute__((noinline)) int on_call(Session *session, PyFrameObject *object) {
  if (!see_threads(session)) return -1;
  CTraceHook_ThreadHead *thread = deliver_thread(session);
  const compat_Frame *frame = compat_frame(object);
  note_exception(thread, frame, false);
  PyCodeObject *code = compat_code(frame);
  CTraceHook_FunctionHead *function = compat_codeExtra(code, code_extraIndex);
  if (deliver_isRejected(session, function)) {
    session->rejected = frame;
    return 0;
  }
  CTraceHook_Kind kind = code_entryKind(code, function, frame);
  Delivery delivery = deliver_call(session, thread, frame, code, kind);
  if (delivery == REJECTED) {
    session->rejected = frame;
  } else if (session->rejected == frame) {
    session->rejected = NULL;
  }
  return answer(delivery);
}

static __attribute__((noinline)) int on_return(
    Session *session, PyFrameObject *object, PyObject *value) {
  const compat_Frame *frame = compat_frame(object);
  if (session->rejected == frame) {
    session->rejected = NULL;
    return 0;
  }
  CTraceHook_ThreadHead *thread = deliver_thread(session);
  bool has_raised = note_exception(thread, frame, false) == frame;
  PyCodeObject *code = compat_code(frame);
  CTraceHook_FunctionHead *function = thread->innermost == frame ? thread->function : NULL;
  CTraceHook_Kind kind = code_exitKind(code, function, frame, value, has_raised);
  if (kind == CTraceHook_KindUnwind) value = NULL;
  return answer(deliver_leave(session, thread, frame, code, kind, value));
}

static __attribute__((noinline)) int on_exception(
    Session *session, PyFrameObject *object, PyObject *raised) {
  CTraceHook_ThreadHead *thread = deliver_thread(session);
  const compat_Frame *frame = compat_frame(object);
  note_exception(thread, frame, true);
  if (!(session->wanted & CTraceHook_WantedExceptions)) return 0;
  PyObject *type = PyTuple_GET_ITEM(raised, 0);
  bool is_static = !(((PyTypeObject *)type)->tp_flags & Py_TPFLAGS_HEAPTYPE);
  Delivery result;
  if (deliver_quickException(
          session, thread, frame, (PyTypeObject *)type, is_static, &result)) {
    return answer(result);
  }
  return answer(deliver_exception(
      session, thread, frame, type, PyTuple_GET_ITEM(raised, 1), PyTuple_GET_ITEM(raised, 2)));
}

static __attribute__((noinline)) int on_opcode(Session *session, PyFrameObject *object) {
  CTraceHook_ThreadHead *thread = deliver_thread(session);
  const compat_Frame *frame = compat_frame(object);
  Delivery result;
  note_exception(thread, frame, false);
  if (!(session->wanted & CTraceHook_WantedOpcodes)) return 0;
  if (!deliver_isInnermost(session, thread, frame, &result)) return answer(result);
  deliver_begin(session);
  return answer(deliver_finish(session, session->handlers.opcode(thread, frame)));
}

int trace_onEvent(PyObject *self, PyFrameObject *object, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (__builtin_expect(session->is_over, 0)) {
    return install_passOn(session, false, object, what, arg);
  }
  if (__builtin_expect(what == PyTrace_LINE, 1)) {
    const compat_Frame *frame = compat_frame(object);
    if (session->rejected == frame || on_quick_line(session, object, frame)) return 0;
    return on_line(session, object);
  }
  switch (what) {
    case PyTrace_CALL: return on_call(session, object);
    case PyTrace_RETURN: return on_return(session, object, arg);
    case PyTrace_EXCEPTION: return on_exception(session, object, arg);
    case PyTrace_OPCODE: return on_opcode(session, object);
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
