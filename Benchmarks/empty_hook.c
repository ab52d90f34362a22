// The least that a tracer under PyEval_SetTrace can cost: a trace function that does nothing.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static int hook(PyObject *object, PyFrameObject *frame, int what, PyObject *argument) {
  (void)object, (void)frame, (void)what, (void)argument;
  return 0;
}

static PyObject *start(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  PyEval_SetTrace(hook, NULL);
  Py_RETURN_NONE;
}

static PyObject *stop(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  PyEval_SetTrace(NULL, NULL);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"start", start, METH_NOARGS, NULL},
    {"stop", stop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "empty_hook", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC PyInit_empty_hook(void) { return PyModule_Create(&definition); }
