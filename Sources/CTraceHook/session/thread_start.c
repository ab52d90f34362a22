#include "compat.h"

#include "session/thread_start.h"

static void (*on_start)(void) = NULL;

static void report_start(PyObject *result) {
  if (result != NULL && on_start != NULL) on_start();
}

/// The functions of `_thread` that start threads. `start_new` is an old name of the first.
enum { START_NEW_THREAD, START_NEW, START_JOINABLE_THREAD, COUNT };

static PyMethodDef *methods[COUNT];
static PyCFunction originals[COUNT];

static PyObject *start_new_thread(PyObject *module, PyObject *arguments) {
  PyObject *result = originals[START_NEW_THREAD](module, arguments);
  report_start(result);
  return result;
}

static PyObject *start_new(PyObject *module, PyObject *arguments) {
  PyObject *result = originals[START_NEW](module, arguments);
  report_start(result);
  return result;
}

static PyObject *start_joinable_thread(PyObject *module, PyObject *arguments, PyObject *keywords) {
  PyCFunctionWithKeywords original =
      (PyCFunctionWithKeywords)(void (*)(void))originals[START_JOINABLE_THREAD];
  PyObject *result = original(module, arguments, keywords);
  report_start(result);
  return result;
}

static const struct {
  const char *name;
  int flags;
  PyCFunction replacement;
} watched[COUNT] = {
    {"start_new_thread", METH_VARARGS, start_new_thread},
    {"start_new", METH_VARARGS, start_new},
    {"start_joinable_thread", METH_VARARGS | METH_KEYWORDS,
     (PyCFunction)(void (*)(void))start_joinable_thread},
};

/// Finds a function's definition, which all its function objects share. NULL if this Python has no
/// such function, or another kind of it.
static PyMethodDef *find(PyObject *module, int index) {
  PyObject *function = PyObject_GetAttrString(module, watched[index].name);
  PyErr_Clear();
  PyMethodDef *method = NULL;
  if (function != NULL && PyCFunction_CheckExact(function)) {
    method = ((PyCFunctionObject *)function)->m_ml;
    if (method->ml_flags != watched[index].flags) method = NULL;
  }
  Py_XDECREF(function);  // The module keeps its definitions.
  return method;
}

static void take_in_between(int index) {
  if (methods[index] == NULL || methods[index]->ml_meth == watched[index].replacement) return;
  originals[index] = methods[index]->ml_meth;
  methods[index]->ml_meth = watched[index].replacement;
}

static void let_go(int index) {
  // Code that intercepted after us still calls us: then we stay, and pass calls on.
  if (methods[index] == NULL || methods[index]->ml_meth != watched[index].replacement) return;
  methods[index]->ml_meth = originals[index];
}

int threadStart_watch(void (*started)(void)) {
  on_start = started;
  if (started == NULL) {
    for (int index = 0; index < COUNT; index++) let_go(index);
    return 0;
  }
  PyObject *module = PyImport_ImportModule("_thread");
  if (module == NULL) return -1;
  for (int index = 0; index < COUNT; index++) {
    methods[index] = find(module, index);
    take_in_between(index);
  }
  Py_DECREF(module);
  return 0;
}
