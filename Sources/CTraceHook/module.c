#include "CTraceHook_module.h"

#include "compat.h"

static CTraceHook_Bodies bodies;

static PyObject *start(PyObject *module, PyObject *arguments) {
  (void)module;
  return bodies.start(arguments);
}

static PyObject *stop(PyObject *module, PyObject *arguments) {
  (void)module;
  return bodies.stop(arguments);
}

static PyObject *is_tracing(PyObject *module, PyObject *arguments) {
  (void)module;
  return bodies.isTracing(arguments);
}

static PyMethodDef methods[] = {
    {"start", start, METH_VARARGS,
     "start(strategies, filters, /)\n--\n\nStarts tracing in every thread."},
    {"stop", stop, METH_VARARGS, "stop(/)\n--\n\nEnds tracing and writes out what is left."},
    {"is_tracing", is_tracing, METH_VARARGS,
     "is_tracing(/)\n--\n\nWhether a session is running."},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module) {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_SetString(
        PyExc_ImportError, "swifttrace runs in the main interpreter only, not in a sub-interpreter");
    return -1;
  }
  return PyModule_AddStringConstant(module, "compiled_for", PY_VERSION);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    compat_MODULE_SLOTS
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_swifttrace",
    .m_doc = "The engine of swifttrace. Use the package `swifttrace`.",
    .m_methods = methods,
    .m_slots = slots,
};

void *CTraceHook_makeModule(CTraceHook_Bodies given) {
  bodies = given;
  return PyModuleDef_Init(&definition);
}
