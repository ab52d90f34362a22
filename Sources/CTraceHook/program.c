#include "program.h"

#include <signal.h>
#include <unistd.h>

PyObject *program_run(PyObject *code, PyObject *globals) {
  PyThreadState *thread = PyThreadState_Get();
  struct _PyInterpreterFrame *frame = *compat_currentFrame(thread);
  int used = thread->compat_recursionLimit - thread->compat_recursionRemaining;
  *compat_currentFrame(thread) = NULL;
  thread->compat_recursionRemaining += used;
  PyObject *result = PyEval_EvalCode(code, globals, globals);
  thread->compat_recursionRemaining -= used;
  *compat_currentFrame(thread) = frame;
  return result;
}

void program_finish(PyObject *exception) {
  bool is_interrupt = PyErr_GivenExceptionMatches(exception, PyExc_KeyboardInterrupt);
  compat_setException(Py_NewRef(exception));
  PyErr_PrintEx(1);  // Does not return for SystemExit.
  if (!is_interrupt) Py_Exit(1);
  // The parent is to see that the process was interrupted, and not that it returned a number.
  Py_FinalizeEx();
  PyOS_setsig(SIGINT, SIG_DFL);
  kill(getpid(), SIGINT);
  _exit(128 + SIGINT);
}
