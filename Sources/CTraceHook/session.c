#include "CTraceHook_session.h"

#include <pthread.h>
#include <time.h>

#include "code.h"
#include "session.h"

static inline bool is_ours(PyThreadState *thread, Session *session, bool profile) {
  Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
  PyObject *object = profile ? thread->c_profileobj : thread->c_traceobj;
  return function == (profile ? trace_onProfile : trace_onEvent) && object == (PyObject *)session;
}

/// Sets a thread's function. The GIL is held, so the thread is at rest or the calling one.
static int set_function(
    PyThreadState *thread, bool profile, Py_tracefunc function, PyObject *object) {
#if PY_VERSION_HEX >= 0x030D0000
  if (_PyEval_SetTrace == NULL || _PyEval_SetProfile == NULL) {
    // All threads then: those that are ours have this very session set already.
    (profile ? PyEval_SetProfileAllThreads : PyEval_SetTraceAllThreads)(function, object);
    return 0;
  }
#endif
  return (profile ? _PyEval_SetProfile : _PyEval_SetTrace)(thread, function, object);
}

/// Puts one of the session's functions in a thread, and remembers what stood there.
static int adopt_for(Session *session, PyThreadState *thread, bool profile) {
  if (is_ours(thread, session, profile)) return 0;
  Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
  if (function != NULL) {
    Displaced *displaced = PyMem_Malloc(sizeof *displaced);
    if (displaced == NULL) return PyErr_NoMemory(), -1;
    *displaced = (Displaced){
        .next = session->displaced,
        .thread = thread->id,
        .is_profile = profile,
        .function = function,
        .object = Py_XNewRef(profile ? thread->c_profileobj : thread->c_traceobj),
    };
    session->displaced = displaced;
  }
  return set_function(
      thread, profile, profile ? trace_onProfile : trace_onEvent, (PyObject *)session);
}

static int adopt(Session *session, PyThreadState *thread) {
  if (adopt_for(session, thread, false) < 0) return -1;
  return session->wanted & CTraceHook_WantedBuiltins ? adopt_for(session, thread, true) : 0;
}

int session_adoptThreads(Session *session) {
  threads_sweep(&session->handlers, &session->threads);
  // New threads are put at the head of the interpreter's list, and their ids grow from 1.
  PyThreadState *thread = PyInterpreterState_ThreadHead(session->interpreter);
  uint64_t seen = session->newest_thread;
  session->newest_thread = thread->id;
  for (; thread != NULL && thread->id > seen; thread = PyThreadState_Next(thread)) {
    if (adopt(session, thread) < 0) return -1;
  }
  return 0;
}

/// Takes a function out of a thread that still has it, and puts back what stood there.
static void release(Session *session, PyThreadState *thread, bool profile) {
  if (!is_ours(thread, session, profile)) return;
  Displaced *displaced = session->displaced;
  while (displaced != NULL
         && (displaced->thread != thread->id || displaced->is_profile != profile)) {
    displaced = displaced->next;
  }
  Py_tracefunc function = displaced == NULL ? NULL : displaced->function;
  PyObject *object = displaced == NULL ? NULL : displaced->object;
  // Only an audit hook can refuse, and it has been asked before the start.
  if (set_function(thread, profile, function, object) < 0) {
    PyErr_WriteUnraisable((PyObject *)session);
  }
}

/// Takes the functions out of every thread. Returns whether all threads still had them.
static bool release_threads(Session *session) {
  bool all_ours = true;
  PyThreadState *first = PyInterpreterState_ThreadHead(session->interpreter);
  for (PyThreadState *thread = first; thread != NULL; thread = PyThreadState_Next(thread)) {
    bool was_ours = session->all_threads ? thread->id <= session->newest_thread
                                          : thread->id == session->starter;
    all_ours = all_ours && (!was_ours || is_ours(thread, session, false));
  }
  for (PyThreadState *thread = first; thread != NULL; thread = PyThreadState_Next(thread)) {
    release(session, thread, false);
    release(session, thread, true);
  }
  return all_ours;
}

void session_end(Session *session) {
  session->is_over = true;
  release_threads(session);
}

/// The session that runs, for the fork handler alone.
static Session *running = NULL;

/// Before a fork: what the engine holds back is written, or both processes would write it.
static void before_fork(void) {
  if (running == NULL || running->is_over || !PyGILState_Check()) return;
  if (running->handlers.beforeFork(running->handlers.engine) != CTraceHook_OutcomeProceed) {
    running->is_over = true;
  }
}

static void register_before_fork(void) { pthread_atfork(before_fork, NULL, NULL); }

/// `session(frame, event, arg)`: what happens when a program saves `sys.gettrace()`, sets something
/// else, and sets the saved one again. Native tracing takes over from here.
static PyObject *session_call(PyObject *self, PyObject *arguments, PyObject *keywords) {
  static const char *const events[] = {"call", "exception", "line", "return"};
  PyObject *frame, *arg;
  const char *event;
  if (keywords != NULL && PyDict_GET_SIZE(keywords) != 0) {
    PyErr_SetString(PyExc_TypeError, "a trace function takes no keyword arguments");
    return NULL;
  }
  if (!PyArg_ParseTuple(arguments, "O!sO", &PyFrame_Type, &frame, &event, &arg)) return NULL;
  Session *session = (Session *)self;
  if (session->is_over) Py_RETURN_NONE;
  PyEval_SetTrace(trace_onEvent, self);
  for (int what = PyTrace_CALL; what <= PyTrace_RETURN; what++) {
    if (strcmp(event, events[what]) != 0) continue;
    if (trace_onEvent(self, (PyFrameObject *)frame, what, arg) < 0) return NULL;
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

void *CTraceHook_start(
    const CTraceHook_Handlers *handlers, bool all_threads, CTraceHook_Wanted wanted) {
  static uint64_t serial = 0;
  if (PyType_Ready(&session_type) < 0 || !code_prepare(handlers->forget)) return NULL;
  Session *session = PyObject_New(Session, &session_type);
  if (session == NULL) return NULL;
  *session = (Session){
      .ob_base = session->ob_base,
      .handlers = *handlers,
      .serial = ++serial,
      .interpreter = PyInterpreterState_Get(),
      .starter = PyThreadState_Get()->id,
      .all_threads = all_threads,
      .wanted = wanted,
  };
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_before_fork);
  int adopted = all_threads ? session_adoptThreads(session) : adopt(session, PyThreadState_Get());
  if (adopted < 0) {
    PyObject *exception = compat_takeException();
    session_end(session);
    Py_DECREF(session);
    compat_setException(exception);
    return NULL;
  }
  running = session;
  return session;
}

bool CTraceHook_adoptThreads(void *object) {
  Session *session = object;
  return session->is_over || !session->all_threads || session_adoptThreads(session) == 0;
}

bool CTraceHook_stop(void *object) {
  Session *session = object;
  bool all_ours = session->is_over || release_threads(session);
  session->is_over = true;
  if (running == session) running = NULL;
  threads_leaveAll(&session->handlers, &session->threads);
  Py_DECREF(session);
  return all_ours;
}

uint64_t CTraceHook_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
