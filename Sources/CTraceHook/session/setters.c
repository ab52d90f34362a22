#include "compat.h"

#include "session/setters.h"

static const SettersSession *sessions;

enum { SETTRACE, SETPROFILE, COUNT };

static const char *const names[COUNT] = {"settrace", "setprofile"};
static PyMethodDef *methods[COUNT];
static PyCFunction originals[COUNT];

static PyObject *set(int index, PyObject *module, PyObject *function) {
  bool profile = index == SETPROFILE;
  if (!sessions->is_running(function, profile)) return originals[index](module, function);
  if (sessions->put_back(function, profile) < 0) return NULL;
  Py_RETURN_NONE;
}

static PyObject *set_trace(PyObject *module, PyObject *function) {
  return set(SETTRACE, module, function);
}

static PyObject *set_profile(PyObject *module, PyObject *function) {
  return set(SETPROFILE, module, function);
}

static const PyCFunction replacements[COUNT] = {set_trace, set_profile};

/// Finds the definition of the interpreter's own function, which all its function objects share;
/// NULL if there is another function in its place.
static PyMethodDef *find(int index) {
  PyObject *function = PySys_GetObject(names[index]);
  if (function == NULL || !PyCFunction_CheckExact(function)) return NULL;
  PyMethodDef *method = ((PyCFunctionObject *)function)->m_ml;
  return method->ml_flags == METH_O ? method : NULL;
}

void setters_watch(const SettersSession *session) {
  sessions = session;
  for (int index = 0; index < COUNT; index++) {
    if (methods[index] != NULL) continue;
    PyMethodDef *method = find(index);
    if (method == NULL) continue;
    methods[index] = method;
    originals[index] = method->ml_meth;
    method->ml_meth = replacements[index];
  }
}
