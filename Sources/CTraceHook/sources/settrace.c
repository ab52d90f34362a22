/// The source `settrace`: PyEval_SetTrace, and PyEval_SetProfile for C calls.
#include "compat.h"

#include "session/setters.h"
#include "session/thread_hooks.h"
#include "session/thread_start.h"
#include "sources/dispatch.h"
#include "sources/settrace.h"

/// Covers threads that other C code has created, at the next call. Threads that the program starts
/// are covered when they start (thread_start.h).
static inline void see_threads(Session *session) {
  if (!session->all_threads) return;
  const PyThreadState *newest = PyInterpreterState_ThreadHead(session->interpreter);
  if (newest->id != session->newest_thread) threadHooks_coverNewThreads(session);
}

static inline int answer(DispatchResult dispatched) { return dispatched == FAILED ? -1 : 0; }

/// Remembers the frame of this event if it is an exception; returns the frame remembered at the
/// previous event. Only 3.12 needs it.
static inline const void *note_exception(
    CTraceHook_ThreadHeader *thread, const compat_Frame *frame, bool is_exception) {
  if (!compat_UNWIND_HAS_NONE) return NULL;
  const void *raised = thread->raised;
  thread->raised = is_exception ? frame : NULL;
  return raised;
}

// One function for each kind of event, called by a jump: each saves only the registers that it
// needs.

/// Whether the event is finished: the fast tier handled a line of the innermost frame, or the
/// session does not request lines.
static inline bool on_fast_line(
    Session *session, PyFrameObject *object, const compat_Frame *frame) {
  const ThreadSlot *slot = &threadState_slot;
  if (slot->serial != session->serial) return false;
  note_exception(slot->head, frame, false);
  if (!CTraceHook_hasKind(session->requested, CTraceHook_KindLine)) return true;
  int line = compat_knownLine(object);
  return line > 0 && slot->head->innermost == frame
      && dispatch_fastLine(session, slot->head, frame, line);
}

static __attribute__((noinline)) int on_line(Session *session, PyFrameObject *object) {
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  const compat_Frame *frame = compat_frame(object);
  note_exception(thread, frame, false);
  if (!CTraceHook_hasKind(session->requested, CTraceHook_KindLine)) return 0;
  DispatchResult dispatched = dispatch_slowLine(session, thread, frame, compat_eventLine(object));
  if (dispatched == REJECTED) session->rejected = frame;
  return answer(dispatched);
}

static __attribute__((noinline)) int on_call(Session *session, PyFrameObject *object) {
  see_threads(session);
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  const compat_Frame *frame = compat_frame(object);
  note_exception(thread, frame, false);
  PyCodeObject *code = compat_code(frame);
  CTraceHook_FunctionHeader *function = compat_codeExtra(code, code_extraIndex);
  if (dispatch_isRejected(session, function)) {
    session->rejected = frame;
    return 0;
  }
  CTraceHook_Kind kind = code_entryKind(code, function, frame);
  DispatchResult dispatched = dispatch_call(session, thread, frame, code, kind);
  if (dispatched == REJECTED) {
    session->rejected = frame;
  } else if (session->rejected == frame) {
    session->rejected = NULL;
  }
  return answer(dispatched);
}

/// Whether an exception, or the end that it causes, is that of a frame above this one.
static inline bool is_hidden_above(const compat_Frame *frame) {
  return compat_HIDDEN_FRAMES_RAISE && compat_running(PyThreadState_Get()) != frame;
}

static __attribute__((noinline)) int on_return(
    Session *session, PyFrameObject *object, PyObject *value) {
  const compat_Frame *frame = compat_frame(object);
  if (value == NULL && is_hidden_above(frame)) return 0;
  if (session->rejected == frame) {
    session->rejected = NULL;
    return 0;
  }
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  bool has_raised = note_exception(thread, frame, false) == frame;
  PyCodeObject *code = compat_code(frame);
  CTraceHook_FunctionHeader *function = thread->innermost == frame ? thread->function : NULL;
  CTraceHook_Kind kind = code_exitKind(code, function, frame, value, has_raised);
  if (kind == CTraceHook_KindUnwind) value = NULL;
  return answer(dispatch_leave(session, thread, frame, code, kind, value));
}

static __attribute__((noinline)) int on_exception(
    Session *session, PyFrameObject *object, PyObject *raised) {
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  const compat_Frame *frame = compat_frame(object);
  note_exception(thread, frame, true);
  if (!CTraceHook_hasKind(session->requested, CTraceHook_KindException)) return 0;
  if (is_hidden_above(frame)) return 0;
  PyObject *type = PyTuple_GET_ITEM(raised, 0);
  bool is_static = !(((PyTypeObject *)type)->tp_flags & Py_TPFLAGS_HEAPTYPE);
  DispatchResult result;
  if (dispatch_fastException(
          session, thread, frame, (PyTypeObject *)type, is_static, &result)) {
    return answer(result);
  }
  return answer(dispatch_exception(
      session, thread, frame, type, PyTuple_GET_ITEM(raised, 1), PyTuple_GET_ITEM(raised, 2)));
}

static __attribute__((noinline)) int on_opcode(Session *session, PyFrameObject *object) {
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  const compat_Frame *frame = compat_frame(object);
  DispatchResult result;
  note_exception(thread, frame, false);
  if (!CTraceHook_hasKind(session->requested, CTraceHook_KindOpcode)) return 0;
  if (!dispatch_isInnermost(session, thread, frame, &result)) return answer(result);
  dispatch_enterHandler(session);
  CTraceHook_Outcome outcome =
      session->handlers.instruction(thread, frame, CTraceHook_KindOpcode);
  return answer(dispatch_leaveHandler(session, outcome));
}

/// The trace function: passes an event of CPython to the engine.
static int on_event(PyObject *self, PyFrameObject *object, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (__builtin_expect(session->is_over, 0)) {
    return threadHooks_passOn(session, false, object, what, arg);
  }
  if (__builtin_expect(what == PyTrace_LINE, 1)) {
    const compat_Frame *frame = compat_frame(object);
    if (session->rejected == frame || on_fast_line(session, object, frame)) return 0;
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

/// The trace function of a session that only counts lines, or only lists the functions that are
/// entered.
static int on_simple_event(PyObject *self, PyFrameObject *object, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return threadHooks_passOn(session, false, object, what, arg);
  const compat_Frame *frame = compat_frame(object);
  if (what == PyTrace_LINE && session->handlers.count != NULL) {
    PyCodeObject *code = compat_code(frame);
    int line = compat_eventLine(object);
    if (__builtin_expect(dispatch_countKnown(session, code, line), 1)) return 0;
    return answer(dispatch_count(session, code, frame, line));
  }
  if (what != PyTrace_CALL) return 0;
  see_threads(session);
  if (session->handlers.enter == NULL) return 0;
  return answer(dispatch_enter(session, compat_code(frame), frame));
}

/// The profile function, for C calls.
static int on_profile(PyObject *self, PyFrameObject *object, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return threadHooks_passOn(session, true, object, what, arg);
  CTraceHook_Kind kind;
  switch (what) {
    case PyTrace_C_CALL: kind = CTraceHook_KindCCall; break;
    case PyTrace_C_RETURN: kind = CTraceHook_KindCReturn; break;
    case PyTrace_C_EXCEPTION: kind = CTraceHook_KindCException; break;
    default: return 0;  // Calls and returns of Python functions go to the trace function.
  }
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  const compat_Frame *frame = compat_frame(object);
  DispatchResult result;
  if (!dispatch_isInnermost(session, thread, frame, &result)) return answer(result);
  dispatch_enterHandler(session);
  return answer(dispatch_leaveHandler(session, session->handlers.cCall(thread, frame, kind, arg)));
}

static int start(Session *session) {
  bool is_simple = session->handlers.count != NULL || session->handlers.enter != NULL;
  session->on_event = is_simple ? on_simple_event : on_event;
  session->on_profile = on_profile;
  int adopted = session->all_threads ? threadHooks_inNewThreads(session)
                                     : threadHooks_inThread(session, PyThreadState_Get());
  return adopted == 0 ? 0 : -1;
}

/// Restores a session's function in the calling thread, when the program passes the session to
/// `sys.settrace`. -1 with an exception set if an audit hook refuses.
static int put_back(PyObject *object, bool profile) {
  Session *session = (Session *)object;
  session_resync(session, compat_running(PyThreadState_Get()));
  return compat_setThread(
      PyThreadState_Get(), profile, profile ? session->on_profile : session->on_event, object);
}

/// Whether the object is a running session that `sys.gettrace()`, or `sys.getprofile()`, returns.
static bool is_running(PyObject *object, bool profile) {
  if (!session_is(object)) return false;
  const Session *session = (Session *)object;
  return !session->is_over && session->source == &settrace_source
      && (!profile || CTraceHook_hasKind(session->requested, CTraceHook_KindCCall));
}

/// Called after the program has started a thread, before that runs.
static void cover_started_thread(void) {
  // All interpreters share the functions of `_thread`, and may have GILs of their own.
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) return;
  Session *session = session_running();
  if (session == NULL || !session->all_threads || session->is_over) return;
  if (session->source->cover_new_threads(session) == 0) return;
  PyErr_WriteUnraisable((PyObject *)session);
}

static void started(Session *session) {
  static const SettersSession setters = {.is_running = is_running, .put_back = put_back};
  setters_watch(&setters);
  session->only_starter_thread = session->all_threads && threadHooks_isAnyTaken(session, false);
  if (session->all_threads && threadStart_watch(cover_started_thread) < 0) {
    // Without `_thread` no thread can be started either.
    PyErr_Clear();
  }
}

static bool restart(Session *session) {
  session->rejected = NULL;
  return true;
}

static void end(Session *session) { threadHooks_releaseAll(session); }

static bool stop(Session *session) { return session->is_over || threadHooks_releaseAll(session); }

static void stopped(Session *session) {
  if (session->all_threads) threadStart_watch(NULL);
}

static void clean(Session *session) { (void)session; }

const Source settrace_source = {
    .name = CTraceHook_SourceSettrace,
    .is_shown = true,
    .start = start,
    .started = started,
    .cover_new_threads = threadHooks_inNewThreads,
    .restart = restart,
    .end = end,
    .stop = stop,
    .stopped = stopped,
    .clean = clean,
};
