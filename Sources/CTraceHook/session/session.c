#include "compat.h"

#include "CTraceHook_session.h"

#include <pthread.h>

#include "CPlatform.h"
#include "inspect/code.h"
#include "session/session.h"

/// Ends the handling of events.
static void finish(Session *session) {
  session->is_over = true;
  session->serial = UINT64_MAX;
  session->filter = UINT64_MAX;
}

void session_end(Session *session) {
  finish(session);
  session->source->end(session);
}

/// The running sessions, for occasions other than events: forks and new threads. Either one session
/// of all threads, or any number of sessions of single threads.
static Session *running = NULL;

/// Removes a session from the list.
static void unlink_session(Session *session) {
  Session **link = &running;
  while (*link != NULL && *link != session) link = &(*link)->next;
  if (*link != NULL) *link = session->next;
  session->next = NULL;
}

Session *session_running(void) { return running; }

void session_run(Session *session) {
  session->next = running;
  running = session;
}

/// Called before a fork. Writes buffered text, which otherwise both processes would write.
static void before_fork(void) {
  if (running == NULL || !PyGILState_Check()) return;
  for (Session *session = running, *next; session != NULL; session = next) {
    Py_INCREF(session);  // The program's own `flush` lets other threads run: they may stop it.
    if (!session->is_over) {
      CTraceHook_Outcome outcome = session->handlers.beforeFork(session->handlers.engine);
      // An interrupt in the program's own `flush`, which a fork cannot raise.
      if (outcome == CTraceHook_OutcomeRaise) PyErr_WriteUnraisable((PyObject *)session);
      if (outcome != CTraceHook_OutcomeProceed) session_end(session);
    }
    next = session->next;
    Py_DECREF(session);
  }
}

/// Called in the child of a fork. If the forking thread did not hold the GIL, the child cannot use
/// Python, and the engine's data may be inconsistent in it.
static void after_fork(void) {
  if (running == NULL || !PyGILState_Check()) return;
  for (Session *session = running; session != NULL; session = session->next) {
    if (!session->is_over) session->handlers.afterFork(session->handlers.engine);
  }
}

static void register_fork(void) { CPlatform_onFork(before_fork, after_fork); }

/// Whether an object is the argument of an exception event: (type, value, traceback).
static bool is_exception(PyObject *arg) {
  return PyTuple_CheckExact(arg) && PyTuple_GET_SIZE(arg) == 3 && PyTuple_GET_ITEM(arg, 0) != NULL
      && PyExceptionClass_Check(PyTuple_GET_ITEM(arg, 0)) && PyTuple_GET_ITEM(arg, 1) != NULL
      && PyExceptionInstance_Check(PyTuple_GET_ITEM(arg, 1)) && PyTuple_GET_ITEM(arg, 2) != NULL;
}

void session_resync(Session *session, const compat_Frame *frame) {
  if (threadState_slot.serial != session->serial) return;
  while (frame != NULL && !session->handlers.resync(threadState_slot.head, frame)) {
    frame = compat_back(frame);
  }
}

/// Whether a frame is on the calling thread's stack.
static bool is_on_stack(const compat_Frame *frame) {
  const compat_Frame *running = compat_running(PyThreadState_Get());
  while (running != NULL && running != frame) running = compat_back(running);
  return running != NULL;
}

/// `session(frame, event, arg)`: called if a program's own trace function calls the result of
/// `sys.gettrace()`, or if the program sets it by other means than `sys.settrace` (setters.h).
/// Native tracing continues from here.
static PyObject *session_call(PyObject *self, PyObject *arguments, PyObject *keywords) {
  static const char *const events[] = {"call", "exception", "line", "return"};
  PyObject *frame, *arg;
  const char *event;
  if (keywords != NULL && PyDict_GET_SIZE(keywords) != 0) {
    PyErr_SetString(PyExc_TypeError, "a trace function takes no keyword arguments");
    return NULL;
  }
  if (!PyArg_ParseTuple(arguments, "O!sO", &PyFrame_Type, &frame, &event, &arg)) return NULL;
  if (strcmp(event, "exception") == 0 && !is_exception(arg)) {
    PyErr_SetString(PyExc_TypeError, "an exception event's arg is (type, value, traceback)");
    return NULL;
  }
  Session *session = (Session *)self;
  if (session->is_over) Py_RETURN_NONE;
  if (!session->source->is_shown) Py_RETURN_NONE;
  PyEval_SetTrace(session->on_event, self);
  // A frame that has ended, or that is of another thread, has no events here.
  if (!is_on_stack(compat_frame((PyFrameObject *)frame))) return Py_NewRef(self);
  session_resync(session, compat_back(compat_frame((PyFrameObject *)frame)));
  for (int what = PyTrace_CALL; what <= PyTrace_RETURN; what++) {
    if (strcmp(event, events[what]) != 0) continue;
    if (session->on_event(self, (PyFrameObject *)frame, what, arg) < 0) return NULL;
  }
  return Py_NewRef(self);
}

static void session_dealloc(PyObject *self) {
  Session *session = (Session *)self;
  while (session->displaced != NULL) {
    Displaced *displaced = session->displaced;
    session->displaced = displaced->next;
    Py_XDECREF(displaced->object);
    PyMem_Free(displaced);
  }
  PyObject_Free(self);
}

static PyTypeObject session_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "swifttrace.Session",
    .tp_doc = "A running trace, as sys.gettrace() shows it.",
    .tp_basicsize = sizeof(Session),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_call = session_call,
    .tp_dealloc = session_dealloc,
};

bool session_is(PyObject *object) { return Py_IS_TYPE(object, &session_type); }

// A fast tier that declines all events.

static CTraceHook_Outcome decline_call(
    CTraceHook_ThreadHeader *thread, CTraceHook_FunctionHeader *function, CTraceHook_Kind kind,
    const void *frame, const void *below, int32_t instruction) {
  (void)thread, (void)function, (void)kind, (void)frame, (void)below, (void)instruction;
  return CTraceHook_OutcomeDeclined;
}

static CTraceHook_Outcome decline_line(
    CTraceHook_ThreadHeader *thread, int32_t line, const void *frame) {
  (void)thread, (void)line, (void)frame;
  return CTraceHook_OutcomeDeclined;
}

static CTraceHook_Outcome decline_leave(
    CTraceHook_ThreadHeader *thread, CTraceHook_Kind kind, const void *frame, const void *value,
    const void *below, int32_t instruction) {
  (void)thread, (void)kind, (void)frame, (void)value, (void)below, (void)instruction;
  return CTraceHook_OutcomeDeclined;
}

static CTraceHook_Outcome decline_exception(
    CTraceHook_ThreadHeader *thread, const void *type, const void *frame, const void *exception,
    const void *traceback, int32_t instruction) {
  (void)thread, (void)type, (void)frame, (void)exception, (void)traceback, (void)instruction;
  return CTraceHook_OutcomeDeclined;
}

static const CTraceHook_EventHandlers declining = {
    .call = decline_call,
    .generator = decline_call,
    .line = decline_line,
    .leave = decline_leave,
    .exception = decline_exception,
};

/// Sets the handlers that a fast tier does not have, so that an event needs no check.
static void complete(CTraceHook_EventHandlers *fast) {
  if (fast->call == NULL) fast->call = declining.call;
  if (fast->generator == NULL) fast->generator = declining.generator;
  if (fast->line == NULL) fast->line = declining.line;
  if (fast->leave == NULL) fast->leave = declining.leave;
  if (fast->exception == NULL) fast->exception = declining.exception;
}

bool session_hasFastLine(const Session *session) {
  return session->handlers.fast.line != declining.line;
}

Session *session_make(
    const CTraceHook_Handlers *handlers, bool all_threads, CTraceHook_KindSet requested,
    uint64_t filter) {
  static uint64_t serial = 0;
  if (PyType_Ready(&session_type) < 0 || !code_prepare(handlers->forget)) return NULL;
  Session *session = PyObject_New(Session, &session_type);
  if (session == NULL) return NULL;
  *session = (Session){
      .ob_base = session->ob_base,
      .handlers = *handlers,
      .serial = ++serial,
      .filter = filter,
      .interpreter = PyInterpreterState_Get(),
      .starter = PyThreadState_Get()->id,
      .all_threads = all_threads,
      .requested = requested,
  };
  complete(&session->handlers.fast);
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_fork);
  return session;
}

// Handlers of a session that ends at its next event.

static CTraceHook_Outcome end_call(
    CTraceHook_ThreadHeader *thread, CTraceHook_FunctionHeader *function, CTraceHook_Kind kind,
    const void *frame, const void *below, int32_t instruction) {
  (void)thread, (void)function, (void)frame, (void)kind, (void)below, (void)instruction;
  return CTraceHook_OutcomeEnd;
}

static CTraceHook_Outcome end_line(
    CTraceHook_ThreadHeader *thread, int32_t line, const void *frame) {
  (void)thread, (void)frame, (void)line;
  return CTraceHook_OutcomeEnd;
}

static CTraceHook_Outcome end_leave(
    CTraceHook_ThreadHeader *thread, CTraceHook_Kind kind, const void *frame, const void *value,
    const void *below, int32_t instruction) {
  (void)thread, (void)frame, (void)kind, (void)value, (void)below, (void)instruction;
  return CTraceHook_OutcomeEnd;
}

static CTraceHook_Outcome end_exception(
    CTraceHook_ThreadHeader *thread, const void *type, const void *frame, const void *exception,
    const void *traceback, int32_t instruction) {
  (void)thread, (void)frame, (void)type, (void)exception, (void)traceback, (void)instruction;
  return CTraceHook_OutcomeEnd;
}

static CTraceHook_Outcome end_instruction(
    CTraceHook_ThreadHeader *thread, const void *frame, CTraceHook_Kind kind) {
  (void)thread, (void)frame, (void)kind;
  return CTraceHook_OutcomeEnd;
}

static CTraceHook_Outcome end_cCall(
    CTraceHook_ThreadHeader *thread, const void *frame, CTraceHook_Kind kind,
    const void *function) {
  (void)thread, (void)frame, (void)kind, (void)function;
  return CTraceHook_OutcomeEnd;
}

static CTraceHook_Outcome end_enter(
    void *engine, CTraceHook_FunctionHeader *function, const CTraceHook_FunctionHeader *caller,
    const void *frame) {
  (void)engine, (void)function, (void)caller, (void)frame;
  return CTraceHook_OutcomeEnd;
}

static void end_soon(CTraceHook_Handlers *handlers) {
  handlers->fast = declining;
  handlers->full = (CTraceHook_EventHandlers){
      .call = end_call,
      .generator = end_call,
      .line = end_line,
      .leave = end_leave,
      .exception = end_exception,
  };
  handlers->instruction = end_instruction;
  handlers->cCall = end_cCall;
  if (handlers->enter != NULL) handlers->enter = end_enter;
}

void CTraceHook_endAllSoon(void) {
  for (Session *session = running; session != NULL; session = session->next) {
    end_soon(&session->handlers);
  }
}

CTraceHook_Source CTraceHook_sourceOf(const void *session) {
  return ((const Session *)session)->source->name;
}

bool CTraceHook_changeFilter(void *object, uint64_t filter) {
  Session *session = object;
  if (session->is_over) return true;
  session->filter = filter;
  return session->source->restart(session);
}

CTraceHook_Conflicts CTraceHook_conflicts(const void *object) {
  const Session *session = object;
  CTraceHook_Conflicts others = 0;
  if (session->only_starter_thread) others |= CTraceHook_ConflictsInOtherThread;
  if (session->found_no_tool) others |= CTraceHook_ConflictsMonitoring;
  const Displaced *displaced = session->displaced;
  for (; displaced != NULL; displaced = displaced->next) {
    others |= displaced->is_profile ? CTraceHook_ConflictsHiddenProfile
                                    : CTraceHook_ConflictsHidden;
  }
  return others;
}

bool CTraceHook_adoptThreads(void *object) {
  Session *session = object;
  if (session->is_over || !session->all_threads) return true;
  return session->source->cover_new_threads(session) == 0;
}

void session_clean(Session *session) {
  session->source->clean(session);
  threadState_leaveAll(&session->handlers, &session->threads);
  session->handlers.over(session->handlers.engine);
  Py_DECREF(session);
}

bool CTraceHook_stop(void *object) {
  Session *session = object;
  bool all_ours = session->source->stop(session);
  finish(session);
  session->is_stopped = true;
  unlink_session(session);
  session->source->stopped(session);
  if (session->in_flight == 0) session_clean(session);
  return all_ours;
}
