#include "module/guarded.h"

#include <structmember.h>

/// A function whose effect is complete or undone, even if a signal handler raises while it runs.
///
/// Python runs signal handlers between the instructions of Python code, even in a `finally` block
/// and in `__exit__`, but not during C code. So C code calls `undo` after an interruption.
typedef struct {
  PyObject_HEAD
  PyObject *function;
  PyObject *undo;
  PyObject *attributes;
} Guarded;

/// Maximum number of calls of `undo`. A handler raises once for each signal.
enum { ATTEMPTS = 1000 };

/// The steps of the thread's innermost guarded call so far: a list, or NULL. Borrowed.
static _Thread_local PyObject *current_steps = NULL;

static PyObject *steps(PyObject *module, PyObject *unused) {
  (void)module;
  (void)unused;
  return current_steps != NULL ? Py_NewRef(current_steps) : PyList_New(0);
}

/// Returns a new tuple of an object and the elements of another tuple.
static PyObject *prepended(PyObject *first, PyObject *rest) {
  const Py_ssize_t count = PyTuple_GET_SIZE(rest);
  PyObject *result = PyTuple_New(count + 1);
  if (result == NULL) return NULL;
  PyTuple_SET_ITEM(result, 0, Py_NewRef(first));
  for (Py_ssize_t index = 0; index < count; index++) {
    PyTuple_SET_ITEM(result, index + 1, Py_NewRef(PyTuple_GET_ITEM(rest, index)));
  }
  return result;
}

/// Calls `undo(steps, *arguments)` until it returns. Preserves a pending exception.
static void undo_all(Guarded *self, PyObject *undo_arguments, PyObject *named) {
  PyObject *exception = compat_takeException();
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    PyObject *result = PyObject_Call(self->undo, undo_arguments, named);
    Py_XDECREF(result);
    if (result != NULL) break;
    PyErr_Clear();
  }
  compat_setException(exception);
}

static PyObject *guarded_call(PyObject *object, PyObject *arguments, PyObject *named) {
  Guarded *self = (Guarded *)object;
  PyObject *mine = PyList_New(0);
  if (mine == NULL) return NULL;
  // Created in advance: undoing must not fail for lack of memory.
  PyObject *undo_arguments = prepended(mine, arguments);
  if (undo_arguments == NULL) {
    Py_DECREF(mine);
    return NULL;
  }
  PyObject *outer = current_steps;
  current_steps = mine;
  PyObject *result = PyObject_Call(self->function, arguments, named);
  current_steps = outer;
  if (result == NULL) undo_all(self, undo_arguments, named);
  Py_DECREF(undo_arguments);
  Py_DECREF(mine);
  return result;
}

static PyObject *guarded_get(PyObject *self, PyObject *object, PyObject *type) {
  (void)type;
  return object == NULL || object == Py_None ? Py_NewRef(self) : PyMethod_New(self, object);
}

static PyObject *guarded_new(PyTypeObject *type, PyObject *arguments, PyObject *named) {
  PyObject *function, *undo;
  if (named != NULL && PyDict_GET_SIZE(named) > 0) {
    PyErr_SetString(PyExc_TypeError, "Guarded() takes no keyword arguments");
    return NULL;
  }
  if (!PyArg_ParseTuple(arguments, "OO:Guarded", &function, &undo)) return NULL;
  Guarded *self = (Guarded *)type->tp_alloc(type, 0);
  if (self == NULL) return NULL;
  self->function = Py_NewRef(function);
  self->undo = Py_NewRef(undo);
  return (PyObject *)self;
}

static int guarded_traverse(PyObject *object, visitproc visit, void *arg) {
  Guarded *self = (Guarded *)object;
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->function);
  Py_VISIT(self->undo);
  Py_VISIT(self->attributes);
  return 0;
}

static int guarded_clear(PyObject *object) {
  Guarded *self = (Guarded *)object;
  Py_CLEAR(self->function);
  Py_CLEAR(self->undo);
  Py_CLEAR(self->attributes);
  return 0;
}

static void guarded_dealloc(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  guarded_clear(object);
  type->tp_free(object);
  Py_DECREF(type);
}

static PyMemberDef members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(Guarded, attributes), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef properties[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc,
     "Guarded(function, undo, /)\n--\n\n"
     "Calls a function. If that raises, calls undo(steps, *arguments) until it returns."},
    {Py_tp_new, guarded_new},
    {Py_tp_call, guarded_call},
    {Py_tp_descr_get, guarded_get},
    {Py_tp_traverse, guarded_traverse},
    {Py_tp_clear, guarded_clear},
    {Py_tp_dealloc, guarded_dealloc},
    {Py_tp_members, members},
    {Py_tp_getset, properties},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "_swifttrace.Guarded",
    .basicsize = sizeof(Guarded),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};

static PyMethodDef functions[] = {
    {"steps", steps, METH_NOARGS,
     "steps(/)\n--\n\nReturns the list of what the innermost Guarded has done so far."},
    {NULL, NULL, 0, NULL},
};

int guarded_addTo(PyObject *module) {
  PyObject *type = PyType_FromSpec(&spec);
  if (type == NULL) return -1;
  int result = PyModule_AddObjectRef(module, "Guarded", type);
  Py_DECREF(type);
  return result < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
