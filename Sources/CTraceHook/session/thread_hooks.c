#include "compat.h"

#include "session/thread_hooks.h"

/// Returns the head of the list of threads. A thread that C code starts enters the list without the
/// GIL, and CPython 3.11 initializes its state only afterwards; both happen under the list's lock.
static PyThreadState *first_thread(Session *session) {
  PyThreadState *thread = PyInterpreterState_ThreadHead(session->interpreter);
  compat_awaitThreadList();
  return thread;
}

static inline bool is_ours(PyThreadState *thread, Session *session, bool profile) {
  Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
  PyObject *object = profile ? thread->c_profileobj : thread->c_traceobj;
  return function == (profile ? session->on_profile : session->on_event)
      && object == (PyObject *)session;
}

/// Returns the function that the session displaced in a thread, or NULL.
static Displaced *find_displaced(Session *session, PyThreadState *thread, bool profile) {
  Displaced *displaced = session->displaced;
  while (displaced != NULL
         && (displaced->thread != thread->id || displaced->is_profile != profile)) {
    displaced = displaced->next;
  }
  return displaced;
}

/// Whether a thread still has the hook of an ended session and no earlier function to restore. The
/// hook removes itself at the next event.
static bool is_left_over(PyThreadState *thread, bool profile) {
  Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
  PyObject *object = profile ? thread->c_profileobj : thread->c_traceobj;
  if (object == NULL || !session_is(object)) return false;
  Session *session = (Session *)object;
  if (function != (profile ? session->on_profile : session->on_event)) return false;
  return session->is_over && find_displaced(session, thread, profile) == NULL;
}

bool threadHooks_isAnyTaken(Session *session, bool profile) {
  PyThreadState *thread = first_thread(session);
  for (; thread != NULL; thread = PyThreadState_Next(thread)) {
    Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
    if (function == NULL || is_ours(thread, session, profile)) continue;
    if (!is_left_over(thread, profile)) return true;
  }
  return false;
}

/// Sets a thread's function. The GIL is held, so the thread is at rest or the calling one.
///
/// If only all threads can be set at once, another tool's function is left alone, and so is every
/// thread but the calling one: a hook that stays removes itself at its thread's next event.
static int set_function(
    Session *session, PyThreadState *thread, bool profile, Py_tracefunc function,
    PyObject *object) {
  bool is_current = thread == PyThreadState_Get();
  if (compat_canSetThread(is_current)) return compat_setThread(thread, profile, function, object);
  if (!threadHooks_isAnyTaken(session, profile)) compat_setAllThreads(profile, function, object);
  return 0;
}

/// Installs one of the session's functions in a thread, and remembers the displaced one.
static int adopt_for(Session *session, PyThreadState *thread, bool profile) {
  if (is_ours(thread, session, profile)) return 0;
  Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
  // A function that cannot be replaced alone is left.
  if (function != NULL && compat_canSetThread(thread == PyThreadState_Get())) {
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
      session, thread, profile, profile ? session->on_profile : session->on_event,
      (PyObject *)session);
}

int threadHooks_inThread(Session *session, PyThreadState *thread) {
  if (adopt_for(session, thread, false) < 0) return -1;
  if (!CTraceHook_hasKind(session->requested, CTraceHook_KindCCall)) return 0;
  return adopt_for(session, thread, true);
}

int threadHooks_inNewThreads(Session *session) {
  threadState_sweep(&session->handlers, &session->threads);
  // New threads are put at the head of the interpreter's list, and their ids grow from 1.
  PyThreadState *newest = first_thread(session);
  uint64_t seen = session->newest_thread;
  session->newest_thread = newest->id;
  // The calling thread first: once it has the session's function, all threads can be set at once.
  PyThreadState *calling = PyThreadState_Get();
  if (calling->id > seen && threadHooks_inThread(session, calling) < 0) return -1;
  for (PyThreadState *thread = newest; thread != NULL && thread->id > seen;
       thread = PyThreadState_Next(thread)) {
    if (threadHooks_inThread(session, thread) < 0) return -1;
  }
  return 0;
}

void threadHooks_coverNewThreads(Session *session) {
  if (threadHooks_inNewThreads(session) < 0) PyErr_WriteUnraisable((PyObject *)session);
}

/// Removes the session's function from a thread, and restores the displaced one.
static void put_back(Session *session, PyThreadState *thread, bool profile) {
  Displaced *displaced = find_displaced(session, thread, profile);
  Py_tracefunc function = displaced == NULL ? NULL : displaced->function;
  PyObject *object = displaced == NULL ? NULL : displaced->object;
  // Only an audit hook can refuse, and it was called before the start.
  if (set_function(session, thread, profile, function, object) < 0) {
    PyErr_WriteUnraisable((PyObject *)session);
  }
}

/// Whether the session's function may be removed from other threads now. It may not if this removes
/// it from all threads, including one whose displaced function is to be restored.
static bool may_release(Session *session, bool profile) {
  if (compat_canSetThread(false)) return true;
  PyThreadState *thread = first_thread(session);
  for (; thread != NULL; thread = PyThreadState_Next(thread)) {
    if (thread == PyThreadState_Get() || !is_ours(thread, session, profile)) continue;
    if (find_displaced(session, thread, profile) != NULL) return false;
  }
  return true;
}

static void release_all(Session *session, bool profile) {
  // The calling thread comes last: its restored function is another tool's, which prevents setting
  // all threads at once.
  bool calling_is_ours = is_ours(PyThreadState_Get(), session, profile);
  if (may_release(session, profile)) {
    PyThreadState *thread = first_thread(session);
    for (; thread != NULL; thread = PyThreadState_Next(thread)) {
      if (thread == PyThreadState_Get() || !is_ours(thread, session, profile)) continue;
      put_back(session, thread, profile);
    }
  }
  if (calling_is_ours) put_back(session, PyThreadState_Get(), profile);
}

bool threadHooks_releaseAll(Session *session) {
  bool all_ours = true;
  PyThreadState *first = first_thread(session);
  for (PyThreadState *thread = first; thread != NULL; thread = PyThreadState_Next(thread)) {
    bool was_ours = session->all_threads && !session->only_starter_thread
        ? thread->id <= session->newest_thread
        : thread->id == session->starter;
    all_ours = all_ours && (!was_ours || is_ours(thread, session, false));
  }
  release_all(session, false);
  release_all(session, true);
  return all_ours;
}

int threadHooks_passOn(
    Session *session, bool profile, PyFrameObject *frame, int what, PyObject *arg) {
  PyThreadState *thread = PyThreadState_Get();
  if (!is_ours(thread, session, profile)) return 0;
  Py_INCREF(session);  // The thread may have the last reference.
  put_back(session, thread, profile);
  Py_DECREF(session);
  Py_tracefunc function = profile ? thread->c_profilefunc : thread->c_tracefunc;
  PyObject *object = profile ? thread->c_profileobj : thread->c_traceobj;
  return function == NULL ? 0 : function(object, frame, what, arg);
}
