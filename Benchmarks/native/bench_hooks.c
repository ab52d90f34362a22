// Empty functions that CPython calls for each event: the minimum cost of a tracer.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

/// Numbers of events that the counting function has received: call, exception, line, return.
static unsigned long long counts[4];

static int do_nothing(PyObject *object, PyFrameObject *frame, int what, PyObject *argument) {
  (void)object, (void)frame, (void)what, (void)argument;
  return 0;
}

static int count(PyObject *object, PyFrameObject *frame, int what, PyObject *argument) {
  (void)object, (void)frame, (void)argument;
  if (what >= 0 && what < 4) counts[what] += 1;
  return 0;
}

/// Empty callback for sys.monitoring. Creates no tuple and no int.
static PyObject *ignore(PyObject *module, PyObject *const *arguments, Py_ssize_t number) {
  (void)module, (void)arguments, (void)number;
  Py_RETURN_NONE;
}

static PyObject *set_trace(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  PyEval_SetTrace(do_nothing, NULL);
  Py_RETURN_NONE;
}

static PyObject *set_profile(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  PyEval_SetProfile(do_nothing, NULL);
  Py_RETURN_NONE;
}

static PyObject *set_count(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  for (int i = 0; i < 4; i++) counts[i] = 0;
  PyEval_SetTrace(count, NULL);
  Py_RETURN_NONE;
}

static PyObject *stop(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  PyEval_SetTrace(NULL, NULL);
  PyEval_SetProfile(NULL, NULL);
  Py_RETURN_NONE;
}

static PyObject *counted(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  return Py_BuildValue("{s:K,s:K,s:K,s:K}", "call", counts[PyTrace_CALL], "line",
                       counts[PyTrace_LINE], "return", counts[PyTrace_RETURN], "exception",
                       counts[PyTrace_EXCEPTION]);
}

/// Ends a part: callgrind, run with `--dump-before=bench_mark`, writes its counts before each call.
__attribute__((noinline, visibility("default"))) PyObject *bench_mark(PyObject *module,
                                                                      PyObject *unused) {
  (void)module, (void)unused;
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"ignore", (PyCFunction)(void (*)(void))ignore, METH_FASTCALL, "Do nothing with an event."},
    {"set_trace", set_trace, METH_NOARGS, "Set an empty trace function."},
    {"set_profile", set_profile, METH_NOARGS, "Set an empty profile function."},
    {"set_count", set_count, METH_NOARGS, "Set a trace function that counts."},
    {"stop", stop, METH_NOARGS, "Take all functions away."},
    {"counted", counted, METH_NOARGS, "The events of each kind since set_count."},
    {"mark", bench_mark, METH_NOARGS, "Divide what callgrind counts."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "bench_hooks", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC PyInit_bench_hooks(void) { return PyModule_Create(&definition); }
