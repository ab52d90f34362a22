#include "CTraceHook_frame.h"

#include "code.h"
#include "compat.h"
#include "text.h"

int32_t CTraceHook_line(const void *frame) {
  int line = PyFrame_GetLineNumber((PyFrameObject *)frame);
  return line < 0 ? 0 : line;
}

CTraceHook_Text CTraceHook_globalString(const void *frame, const char *name) {
  PyObject *globals = PyFrame_GetGlobals((PyFrameObject *)frame);
  PyObject *key = PyUnicode_InternFromString(name);
  PyObject *value = key == NULL || !PyDict_CheckExact(globals)
      ? NULL
      : PyDict_GetItemWithError(globals, key);
  PyErr_Clear();
  Py_XDECREF(key);
  Py_DECREF(globals);  // The frame keeps them.
  return value != NULL && PyUnicode_CheckExact(value) ? text_of(value) : text_of(NULL);
}

const void *CTraceHook_local(const void *frame, int32_t index) {
  PyFrameObject *object = (PyFrameObject *)frame;
  PyObject *value = compat_slot(object, index);
  // MAKE_CELL has run by the time of a call event, so a captured argument stands in a cell.
  if (value != NULL && compat_isCell(compat_code(object), index) && PyCell_Check(value)) {
    return PyCell_GET(value);
  }
  return value;
}

/// Borrows an object that the frame keeps.
static const void *kept_by_frame(PyObject *owned) {
  PyErr_Clear();
  Py_XDECREF(owned);
  return owned;
}

CTraceHook_Code CTraceHook_frameCode(const void *frame) {
  return code_describe(compat_code((PyFrameObject *)frame));
}

const void *CTraceHook_back(const void *frame) {
  return kept_by_frame((PyObject *)PyFrame_GetBack((PyFrameObject *)frame));
}

const void *CTraceHook_generatorBelow(const void *frame) {
  return compat_generatorBelow((PyFrameObject *)frame);
}

bool CTraceHook_isSuspended(const void *frame) {
  PyFrameObject *object = (PyFrameObject *)frame;
  return code_isSuspended(compat_code(object), object);
}

void *CTraceHook_knownFunction(const void *frame) {
  return code_knownFunction(compat_code((PyFrameObject *)frame));
}

const void *CTraceHook_globals(const void *frame) {
  return kept_by_frame(PyFrame_GetGlobals((PyFrameObject *)frame));
}

const void *CTraceHook_builtins(const void *frame) {
  return kept_by_frame(PyFrame_GetBuiltins((PyFrameObject *)frame));
}

const void *CTraceHook_namespace(const void *frame) {
  PyFrameObject *object = (PyFrameObject *)frame;
  if (compat_code(object)->co_flags & CO_OPTIMIZED) return NULL;
  // What a module or a class body runs in is the namespace itself: nothing is copied to it.
  return kept_by_frame(PyFrame_GetLocals(object));
}

int32_t CTraceHook_localCount(const void *frame) {
  return (int32_t)PyTuple_GET_SIZE(compat_code((PyFrameObject *)frame)->co_localsplusnames);
}

const void *CTraceHook_traceFunction(const void *frame) {
  const void *function = kept_by_frame(PyObject_GetAttrString((PyObject *)frame, "f_trace"));
  return function == Py_None ? NULL : function;
}

static bool flag(const void *frame, const char *name) {
  return kept_by_frame(PyObject_GetAttrString((PyObject *)frame, name)) == Py_True;
}

bool CTraceHook_tracesLines(const void *frame) { return flag(frame, "f_trace_lines"); }

bool CTraceHook_tracesOpcodes(const void *frame) { return flag(frame, "f_trace_opcodes"); }

const void *CTraceHook_generator(const void *frame) {
  return kept_by_frame(PyFrame_GetGenerator((PyFrameObject *)frame));
}

int32_t CTraceHook_lastInstruction(const void *frame) {
  return PyFrame_GetLasti((PyFrameObject *)frame);
}

bool CTraceHook_isExecuting(const void *frame) {
  // A frame that a generator owns is as its generator says; one that is over, or that belongs to no
  // stack, has no caller and is not the innermost.
  const void *generator = CTraceHook_generator(frame);
  if (generator != NULL) return compat_isRunning((PyObject *)generator);
  PyFrameObject *running = PyEval_GetFrame();
  for (; running != NULL; running = (PyFrameObject *)CTraceHook_back(running)) {
    if (running == frame) return true;
  }
  return false;
}
