#include "CTraceHook_session.h"

#include <pthread.h>
#include <time.h>

#include "code.h"
#include "compat.h"
#include "threads.h"

/// A trace function that another tool had set in a thread before tracing started.
typedef struct Displaced {
  struct Displaced *next;
  uint64_t thread;  ///< PyThreadState.id
  Py_tracefunc function;
  PyObject *object;  ///< Owned.
} Displaced;

/// One running trace. It is the object that the interpreter keeps beside the trace function, so
/// `sys.gettrace()` shows it, and `sys.settrace(sys.gettrace())` has to work: it can be called.
typedef struct Session {
  PyObject_HEAD
  CTraceHook_Handlers handlers;
  uint64_t serial;         ///< Tells this session's thread slots from an earlier one's.
  uint64_t newest_thread;  ///< PyThreadState.id of the newest thread that was looked at.
  PyInterpreterState *interpreter;
  ThreadNode *threads;
  Displaced *displaced;
  uint64_t starter;        ///< PyThreadState.id of the thread that started the session.
  bool all_threads;
  bool wants_lines;
  bool wants_exceptions;
  bool is_over;
} Session;

static int on_event(PyObject *self, PyFrameObject *frame, int what, PyObject *arg);

static inline bool is_ours(PyThreadState *thread, Session *session) {
  return thread->c_tracefunc == on_event && thread->c_traceobj == (PyObject *)session;
}

/// Sets a thread's trace function. The GIL is held, so the thread is at rest or the calling one.
static int set_trace(PyThreadState *thread, Py_tracefunc function, PyObject *object) {
#if PY_VERSION_HEX >= 0x030D0000
  if (_PyEval_SetTrace == NULL) {
    // All threads then: those that are ours have this very session set already.
    PyEval_SetTraceAllThreads(function, object);
    return 0;
  }
#endif
  return _PyEval_SetTrace(thread, function, object);
}

/// Puts the trace function in a thread, and remembers what stood there.
static int adopt(Session *session, PyThreadState *thread) {
  if (is_ours(thread, session)) return 0;
  if (thread->c_tracefunc != NULL) {
    Displaced *displaced = PyMem_Malloc(sizeof *displaced);
    if (displaced == NULL) return PyErr_NoMemory(), -1;
    *displaced = (Displaced){
        .next = session->displaced,
        .thread = thread->id,
        .function = thread->c_tracefunc,
        .object = Py_XNewRef(thread->c_traceobj),
    };
    session->displaced = displaced;
  }
  return set_trace(thread, on_event, (PyObject *)session);
}

/// Puts the trace function in every thread that is newer than those seen before.
static int adopt_threads(Session *session) {
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

/// Takes the trace function out of every thread that still has it, and puts back what stood there.
/// Returns whether all threads still had it.
static bool release_threads(Session *session) {
  bool all_ours = true;
  PyThreadState *first = PyInterpreterState_ThreadHead(session->interpreter);
  for (PyThreadState *thread = first; thread != NULL; thread = PyThreadState_Next(thread)) {
    bool was_ours = session->all_threads ? thread->id <= session->newest_thread
                                          : thread->id == session->starter;
    all_ours = all_ours && (!was_ours || is_ours(thread, session));
  }
  for (PyThreadState *thread = first; thread != NULL; thread = PyThreadState_Next(thread)) {
    if (!is_ours(thread, session)) continue;
    Displaced *displaced = session->displaced;
    while (displaced != NULL && displaced->thread != thread->id) displaced = displaced->next;
    Py_tracefunc function = displaced == NULL ? NULL : displaced->function;
    PyObject *object = displaced == NULL ? NULL : displaced->object;
    // Only an audit hook can refuse, and it has been asked before the start.
    if (set_trace(thread, function, object) < 0) PyErr_WriteUnraisable((PyObject *)session);
  }
  return all_ours;
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

static void end(Session *session) {
  session->is_over = true;
  release_threads(session);
}

static int finish(Session *session, CTraceHook_Outcome outcome) {
  if (outcome == CTraceHook_OutcomeProceed) return 0;
  if (outcome == CTraceHook_OutcomeRaise) {
    PyObject *exception = compat_takeException();
    end(session);
    compat_setException(exception);
    return -1;
  }
  end(session);
  return 0;
}

/// The trace function: CPython's event in, one call to the engine out.
static int on_event(PyObject *self, PyFrameObject *frame, int what, PyObject *arg) {
  Session *session = (Session *)self;
  if (session->is_over) return 0;
  if (session->all_threads
      && PyInterpreterState_ThreadHead(session->interpreter)->id != session->newest_thread) {
    if (adopt_threads(session) < 0) return -1;
  }
  const CTraceHook_Handlers *handlers = &session->handlers;
  CTraceHook_Event event = {.frame = frame, .value = arg, .line = CTraceHook_LINE_UNKNOWN};
  CTraceHook_Handler handler;
  const void *raised = threads_slot.raised;
  threads_slot.raised = what == PyTrace_EXCEPTION ? frame : NULL;
  PyCodeObject *code = compat_code(frame);
  switch (what) {
    case PyTrace_LINE:
      if (!session->wants_lines) return 0;
      event.kind = CTraceHook_KindLine;
      event.line = compat_eventLine(frame);
      event.value = NULL;
      handler = handlers->line;
      break;
    case PyTrace_CALL:
      event.kind = code_entryKind(code, frame);
      event.value = NULL;
      handler = handlers->call;
      break;
    case PyTrace_RETURN:
      event.kind = code_exitKind(code, frame, arg, raised == frame);
      handler = handlers->leave;
      break;
    case PyTrace_EXCEPTION:
      if (!session->wants_exceptions) return 0;
      event.kind = CTraceHook_KindException;
      handler = handlers->exception;
      break;
    default: return 0;
  }
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
  event.function = slot->function;
  return finish(session, handler(thread, &event));
}

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
  PyEval_SetTrace(on_event, self);
  for (int what = PyTrace_CALL; what <= PyTrace_RETURN; what++) {
    if (strcmp(event, events[what]) != 0) continue;
    if (on_event(self, (PyFrameObject *)frame, what, arg) < 0) return NULL;
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
    const CTraceHook_Handlers *handlers, bool all_threads, bool wants_lines,
    bool wants_exceptions) {
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
      .wants_lines = wants_lines,
      .wants_exceptions = wants_exceptions,
  };
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_before_fork);
  int adopted = all_threads ? adopt_threads(session) : adopt(session, PyThreadState_Get());
  if (adopted < 0) {
    PyObject *exception = compat_takeException();
    end(session);
    Py_DECREF(session);
    compat_setException(exception);
    return NULL;
  }
  running = session;
  return session;
}

bool CTraceHook_adoptThreads(void *object) {
  Session *session = object;
  return session->is_over || !session->all_threads || adopt_threads(session) == 0;
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
