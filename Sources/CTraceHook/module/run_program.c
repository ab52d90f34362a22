#include "compat.h"

#include "module/run_program.h"

#include <signal.h>
#include <unistd.h>

/// The callers of the traced program, detached while it runs.
typedef struct Below {
  struct _PyInterpreterFrame *frame;
  int calls;
  int calls_in_c;
} Below;

static Below hide_below(PyThreadState *thread) {
  Below below = {
      .frame = *compat_currentFrame(thread),
      .calls = thread->compat_recursionLimit - thread->compat_recursionRemaining,
  };
  *compat_currentFrame(thread) = compat_lowestFrame(thread);
  thread->compat_recursionRemaining += below.calls;
  below.calls_in_c = compat_takeCalls(thread);
  return below;
}

static void show_below(PyThreadState *thread, Below below) {
  thread->compat_recursionRemaining -= below.calls;
  compat_giveCalls(thread, below.calls_in_c);
  *compat_currentFrame(thread) = below.frame;
}

PyObject *program_call(PyObject *function, PyObject *arguments) {
  PyThreadState *thread = PyThreadState_Get();
  Below below = hide_below(thread);
  PyObject *result = PyObject_CallObject(function, arguments);
  show_below(thread, below);
  return result;
}

PyObject *program_run(PyObject *code, PyObject *globals) {
  PyThreadState *thread = PyThreadState_Get();
  Below below = hide_below(thread);
  PyObject *result = PyEval_EvalCode(code, globals, globals);
  show_below(thread, below);
  return result;
}

PyObject *program_runFile(PyObject *path, PyObject *globals) {
  PyObject *name = PyUnicode_EncodeFSDefault(path);
  if (name == NULL) return NULL;
  FILE *file = fopen(PyBytes_AS_STRING(name), "rb");
  PyObject *result = NULL;
  if (file == NULL) {
    PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
  } else {
    PyThreadState *thread = PyThreadState_Get();
    Below below = hide_below(thread);
    const int close_file = 1;
    result = PyRun_FileExFlags(
        file, PyBytes_AS_STRING(name), Py_file_input, globals, globals, close_file, NULL);
    show_below(thread, below);
  }
  Py_DECREF(name);
  return result;
}

void program_shutDownThreads(void) {
  PyObject *name = PyUnicode_FromString("threading");
  PyObject *threading = name != NULL ? PyImport_GetModule(name) : NULL;
  Py_XDECREF(name);
  if (threading == NULL) {
    PyErr_Clear();  // It was never imported.
    return;
  }
  PyThreadState *thread = PyThreadState_Get();
  PyThreadState_EnterTracing(thread);
  PyObject *result = PyObject_CallMethod(threading, "_shutdown", NULL);
  if (result == NULL) PyErr_WriteUnraisable(threading);
  Py_XDECREF(result);
  PyThreadState_LeaveTracing(thread);
  Py_DECREF(threading);
}

/// Removes the names from `__main__` that the interpreter removes when a script has ended.
static void forget_script(PyObject *script) {
  // The program may have removed them itself.
  if (PyDict_DelItemString(script, "__file__") < 0) PyErr_Clear();
  if (PyDict_DelItemString(script, "__cached__") < 0) PyErr_Clear();
}

void program_finish(PyObject *exception, PyObject *script) {
  bool is_interrupt = PyErr_GivenExceptionMatches(exception, PyExc_KeyboardInterrupt);
  compat_setException(Py_NewRef(exception));
  PyErr_PrintEx(1);  // Does not return for SystemExit.
  if (script != NULL) forget_script(script);
  if (!is_interrupt) Py_Exit(1);
  // The parent must see that the process was interrupted, and not an exit status.
  Py_FinalizeEx();
  PyOS_setsig(SIGINT, SIG_DFL);
  kill(getpid(), SIGINT);
  _exit(128 + SIGINT);
}
