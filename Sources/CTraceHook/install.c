#include "install.h"

/// The head of the list of threads. A thread that comes from C is put there without the GIL, and is
/// filled in under a lock: asking for what follows it waits until that is done.
static PyThreadState *first_thread(Session *session) {
  PyThreadState *thread = PyInterpreterState_ThreadHead(session->interpreter);
  PyThreadState_Next(thread);
  return thread;
}

static inline bool is_ours(PyThreadState *thread, Session *session, bool profile) {
  Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
  PyObject *object = profile ? thread->c_profileobj : thread->c_traceobj;
  return function == (profile ? trace_onProfile : trace_onEvent) && object == (PyObject *)session;
}

/// Whether any thread has a function that is not the session's: the program's, or another tool's.
static bool is_any_taken(Session *session, bool profile) {
  PyThreadState *thread = first_thread(session);
  for (; thread != NULL; thread = PyThreadState_Next(thread)) {
    Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
    if (function != NULL && !is_ours(thread, session, profile)) return true;
  }
  return false;
}

/// Sets a thread's function. The GIL is held, so the thread is at rest or the calling one.
///
/// Where only all threads can be set at once, another tool's function is left alone, and so is every
/// thread but the calling one: a function of ours that stays does nothing once the session is over.
static int set_function(
    Session *session, PyThreadState *thread, bool profile, Py_tracefunc function,
    PyObject *object) {
  bool is_current = thread == PyThreadState_Get();
  if (compat_canSetThread(is_current)) return compat_setThread(thread, profile, function, object);
  if (!is_any_taken(session, profile)) compat_setAllThreads(profile, function, object);
  return 0;
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
      session, thread, profile, profile ? trace_onProfile : trace_onEvent, (PyObject *)session);
}

int install_inThread(Session *session, PyThreadState *thread) {
  if (adopt_for(session, thread, false) < 0) return -1;
  return session->wanted & CTraceHook_WantedBuiltins ? adopt_for(session, thread, true) : 0;
}

int install_inNewThreads(Session *session) {
  threads_sweep(&session->handlers, &session->threads);
  // New threads are put at the head of the interpreter's list, and their ids grow from 1.
  PyThreadState *newest = first_thread(session);
  uint64_t seen = session->newest_thread;
  session->newest_thread = newest->id;
  // The calling thread first: once it is ours, all threads may be set at once.
  PyThreadState *calling = PyThreadState_Get();
  if (calling->id > seen && install_inThread(session, calling) < 0) return -1;
  for (PyThreadState *thread = newest; thread != NULL && thread->id > seen;
       thread = PyThreadState_Next(thread)) {
    if (install_inThread(session, thread) < 0) return -1;
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
  if (set_function(session, thread, profile, function, object) < 0) {
    PyErr_WriteUnraisable((PyObject *)session);
  }
}

static void release_both(Session *session, PyThreadState *thread) {
  release(session, thread, false);
  release(session, thread, true);
}

bool install_releaseAll(Session *session) {
  bool all_ours = true;
  PyThreadState *first = first_thread(session);
  for (PyThreadState *thread = first; thread != NULL; thread = PyThreadState_Next(thread)) {
    bool was_ours = session->all_threads ? thread->id <= session->newest_thread
                                          : thread->id == session->starter;
    all_ours = all_ours && (!was_ours || is_ours(thread, session, false));
  }
  // The calling thread comes last: what it gets back is another tool's, and is then in the way of
  // setting all threads at once.
  for (PyThreadState *thread = first; thread != NULL; thread = PyThreadState_Next(thread)) {
    if (thread != PyThreadState_Get()) release_both(session, thread);
  }
  release_both(session, PyThreadState_Get());
  return all_ours;
}
