#include "compat.h"

#include "sources/python_callbacks.h"

/// Names of the events, in the order of their PyTrace numbers. Made once, never released.
static PyObject *event_names[8];

/// Calls a Python trace or profile function. Returns its result, owned, or NULL with the exception
/// that it raised.
static PyObject *call(PyObject *callback, PyFrameObject *frame, int what, PyObject *arg) {
  if (compat_refreshLocals(frame) < 0) return NULL;
  PyObject *arguments[] = {(PyObject *)frame, event_names[what], arg == NULL ? Py_None : arg};
  PyObject *result = PyObject_Vectorcall(callback, arguments, 3, NULL);
  compat_storeLocals(frame);
  return result;
}

/// Calls the thread's function for a call event, and the frame's function for any other. A result
/// other than None becomes the frame's function. An error ends tracing in the thread.
static int on_trace_event(PyObject *self, PyFrameObject *frame, int what, PyObject *arg) {
  // Held, because it may unset itself.
  PyObject *callback = what == PyTrace_CALL ? Py_NewRef(self) : compat_frameTrace(frame);
  if (callback == NULL) return 0;
  PyObject *result = call(callback, frame, what, arg);
  Py_DECREF(callback);
  if (result == NULL) {
    compat_setThread(PyThreadState_Get(), false, NULL, NULL);
    compat_setFrameTrace(frame, NULL);
    return -1;
  }
  if (result == Py_None) {
    Py_DECREF(result);
  } else {
    compat_setFrameTrace(frame, result);
  }
  return 0;
}

/// Passes every event to the thread's function. Its result is ignored.
static int on_profile_event(PyObject *self, PyFrameObject *frame, int what, PyObject *arg) {
  PyObject *callback = Py_NewRef(self);
  PyObject *result = call(callback, frame, what, arg);
  Py_DECREF(callback);
  if (result == NULL) {
    compat_setThread(PyThreadState_Get(), true, NULL, NULL);
    return -1;
  }
  Py_DECREF(result);
  return 0;
}

/// Sets the calling thread's function, or those of all threads; None unsets. Returns None.
static PyObject *set(bool profile, PyObject *function, bool in_all_threads) {
  Py_tracefunc handler = profile ? on_profile_event : on_trace_event;
  if (function == Py_None) function = NULL, handler = NULL;
  if (in_all_threads) {
    compat_setAllThreads(profile, handler, function);
  } else if (compat_setThread(PyThreadState_Get(), profile, handler, function) < 0) {
    return NULL;
  }
  Py_RETURN_NONE;
}

static PyObject *set_trace(PyObject *module, PyObject *function) {
  (void)module;
  return set(false, function, false);
}

static PyObject *set_profile(PyObject *module, PyObject *function) {
  (void)module;
  return set(true, function, false);
}

static PyObject *set_trace_of_all(PyObject *module, PyObject *function) {
  (void)module;
  return set(false, function, true);
}

static PyObject *set_profile_of_all(PyObject *module, PyObject *function) {
  (void)module;
  return set(true, function, true);
}

static PyObject *get_trace(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  PyObject *function = PyThreadState_Get()->c_traceobj;
  return Py_NewRef(function == NULL ? Py_None : function);
}

static PyObject *get_profile(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  PyObject *function = PyThreadState_Get()->c_profileobj;
  return Py_NewRef(function == NULL ? Py_None : function);
}

static PyMethodDef methods[] = {
    {"settrace", set_trace, METH_O,
     "settrace(function, /)\n--\n\n"
     "Set this thread's trace function, as `sys.settrace` does; None unsets it.\n\n"
     "The engine calls `function(frame, event, arg)` for each call of a Python function, and what\n"
     "that returns for the other events of the call. `sys.gettrace()` shows it too."},
    {"gettrace", get_trace, METH_NOARGS,
     "gettrace(/)\n--\n\n"
     "Return this thread's trace function, or None, as `sys.gettrace` does."},
    {"setprofile", set_profile, METH_O,
     "setprofile(function, /)\n--\n\n"
     "Set this thread's profile function, as `sys.setprofile` does; None unsets it.\n\n"
     "The engine calls `function(frame, event, arg)` for each call and return of a function,\n"
     "written in Python or in C. `sys.getprofile()` shows it too."},
    {"getprofile", get_profile, METH_NOARGS,
     "getprofile(/)\n--\n\n"
     "Return this thread's profile function, or None, as `sys.getprofile` does."},
    {"settrace_running_threads", set_trace_of_all, METH_O,
     "settrace_running_threads(function, /)\n--\n\n"
     "Set the trace function of every thread that exists."},
    {"setprofile_running_threads", set_profile_of_all, METH_O,
     "setprofile_running_threads(function, /)\n--\n\n"
     "Set the profile function of every thread that exists."},
    {NULL, NULL, 0, NULL},
};

int pythonCallbacks_addTo(PyObject *module) {
  static const char *const names[] = {
      [PyTrace_CALL] = "call",     [PyTrace_EXCEPTION] = "exception",
      [PyTrace_LINE] = "line",     [PyTrace_RETURN] = "return",
      [PyTrace_C_CALL] = "c_call", [PyTrace_C_EXCEPTION] = "c_exception",
      [PyTrace_C_RETURN] = "c_return", [PyTrace_OPCODE] = "opcode",
  };
  for (int what = PyTrace_CALL; what <= PyTrace_OPCODE; what++) {
    if (event_names[what] != NULL) continue;
    event_names[what] = PyUnicode_InternFromString(names[what]);
    if (event_names[what] == NULL) return -1;
  }
  return PyModule_AddFunctions(module, methods);
}
