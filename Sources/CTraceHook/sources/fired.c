#include "compat.h"

#include "sources/fired.h"

#include <limits.h>

/// Returns the value of an offset or a line; -1 for any other int.
static int int_of(PyObject *number) {
  int overflow;
  long value = PyLong_AsLongAndOverflow(number, &overflow);
  return overflow != 0 || value > INT_MAX || value < 0 ? -1 : (int)value;
}

/// Creates a frame for a call, at the offset, above the running frame. NULL, without an exception,
/// if there is no memory.
static PyFrameObject *make_frame(PyCodeObject *code, PyObject *place) {
  // Empty: C code does not specify a function's module.
  static PyObject *globals = NULL;
  if (globals == NULL) globals = PyDict_New();
  PyThreadState *state = PyThreadState_Get();
  PyFrameObject *object = globals == NULL ? NULL : PyFrame_New(state, code, globals, NULL);
  if (object == NULL) {
    PyErr_Clear();
    return NULL;
  }
  PyObject_GC_UnTrack(object);  // The program must not find it.
  compat_setPlace(compat_frame(object), 0, compat_running(state));
  compat_setPlace(compat_frame(object), int_of(place), compat_running(state));
  return object;
}

static void drop(FiredFrame *fired) {
  Py_DECREF(fired->object);
  PyMem_Free(fired);
}

DispatchResult fired_enter(
    Session *session, PyCodeObject *code, PyObject *place, CTraceHook_Kind kind) {
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  FiredFrame *fired = PyMem_Malloc(sizeof *fired);
  PyFrameObject *object = fired == NULL ? NULL : make_frame(code, place);
  if (object == NULL) {
    PyMem_Free(fired);
    return dispatch_endForMemory(session);
  }
  *fired = (FiredFrame){.thread = thread, .object = object};
  const compat_Frame *frame = compat_frame(object);
  DispatchResult dispatched = dispatch_call(session, thread, frame, code, kind);
  // A session that has ended may have freed the thread's state.
  if (session->is_over || thread->innermost != frame) {
    drop(fired);
    return dispatched;
  }
  fired->stack = thread->root;
  fired->next = session->fired;
  session->fired = fired;
  return dispatched;
}

DispatchResult fired_throw(Session *session, PyCodeObject *code, PyObject *place) {
  DispatchResult dispatched = fired_enter(session, code, place, CTraceHook_KindResume);
  return dispatched == REJECTED ? DISPATCHED : dispatched;
}

DispatchResult fired_enterOnly(Session *session, PyCodeObject *code, PyObject *place) {
  PyFrameObject *object = make_frame(code, place);
  if (object == NULL) return dispatch_endForMemory(session);
  DispatchResult dispatched = dispatch_enter(session, code, compat_frame(object));
  Py_DECREF(object);
  return dispatched;
}

DispatchResult fired_throwOnly(Session *session, PyCodeObject *code, PyObject *place) {
  DispatchResult dispatched = fired_enterOnly(session, code, place);
  return dispatched == REJECTED ? DISPATCHED : dispatched;
}

DispatchResult fired_count(Session *session, PyCodeObject *code, PyObject *line) {
  PyFrameObject *object = make_frame(code, line);
  if (object == NULL) return dispatch_endForMemory(session);
  DispatchResult dispatched = dispatch_count(session, code, compat_frame(object), int_of(line));
  Py_DECREF(object);
  return dispatched;
}

/// Whether a frame belongs to the stack of frames that the thread is using.
static bool is_of(const FiredFrame *fired, const CTraceHook_ThreadHeader *thread) {
  return fired->thread == thread && fired->stack == thread->root;
}

/// Finds the frame of the innermost call of the code, and frees those of calls within it, which
/// have ended without an event. NULL if the call had no event, or if the function is not traced.
static FiredFrame *find(Session *session, CTraceHook_ThreadHeader *thread, PyCodeObject *code) {
  dispatch_findStack(session, thread);
  FiredFrame *found = session->fired;
  while (found != NULL
         && !(is_of(found, thread) && compat_code(compat_frame(found->object)) == code)) {
    found = found->next;
  }
  for (FiredFrame **link = &session->fired; found != NULL && *link != found;) {
    FiredFrame *fired = *link;
    if (is_of(fired, thread)) {
      *link = fired->next;
      drop(fired);
    } else {
      link = &fired->next;
    }
  }
  return found;
}

/// The result for an event whose call had no event.
static DispatchResult unseen(const Session *session, PyCodeObject *code) {
  void *function = compat_codeExtra(code, code_extraIndex);
  return dispatch_isRejected(session, function) ? REJECTED : DISPATCHED;
}

DispatchResult fired_line(Session *session, PyCodeObject *code, PyObject *line) {
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  FiredFrame *fired = find(session, thread, code);
  if (fired == NULL) return unseen(session, code);
  return dispatch_line(session, thread, compat_frame(fired->object), int_of(line));
}

DispatchResult fired_leave(
    Session *session, PyCodeObject *code, PyObject *place, CTraceHook_Kind kind, PyObject *value) {
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  FiredFrame *fired = find(session, thread, code);
  // An unwind is an event that cannot be disabled.
  if (fired == NULL) return kind == CTraceHook_KindUnwind ? DISPATCHED : unseen(session, code);
  FiredFrame **link = &session->fired;
  while (*link != fired) link = &(*link)->next;
  *link = fired->next;
  if (kind == CTraceHook_KindYield && code->co_flags & CO_COROUTINE) kind = CTraceHook_KindAwait;
  compat_Frame *frame = compat_frame(fired->object);
  compat_setPlace(frame, int_of(place), frame->previous);
  DispatchResult dispatched = dispatch_leave(session, thread, frame, code, kind, value);
  drop(fired);
  return dispatched;
}

DispatchResult fired_raise(
    Session *session, PyCodeObject *code, PyObject *place, PyObject *exception) {
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  FiredFrame *fired = find(session, thread, code);
  if (fired == NULL || !PyExceptionInstance_Check(exception)) return DISPATCHED;
  compat_Frame *frame = compat_frame(fired->object);
  compat_setPlace(frame, int_of(place), frame->previous);
  DispatchResult dispatched = dispatch_raise(session, thread, frame, exception);
  return dispatched == REJECTED ? DISPATCHED : dispatched;
}

void fired_forgetAll(Session *session) {
  while (session->fired != NULL) {
    FiredFrame *fired = session->fired;
    session->fired = fired->next;
    drop(fired);
  }
}
