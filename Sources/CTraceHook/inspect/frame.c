#include "compat.h"

#include "CTraceHook_frame.h"

#include "inspect/code.h"
#include "inspect/lookup.h"
#include "inspect/text.h"

int32_t CTraceHook_line(const void *frame) { return compat_line(frame); }

/// Returns a borrowed reference to an object that the frame owns.
static const void *kept_by_frame(PyObject *owned) {
  PyErr_Clear();
  Py_XDECREF(owned);
  return owned;
}

const void *CTraceHook_globals(const void *frame) {
  return ((const compat_Frame *)frame)->f_globals;
}

const void *CTraceHook_builtins(const void *frame) {
  return ((const compat_Frame *)frame)->f_builtins;
}

const void *CTraceHook_namespace(const void *frame) {
  if (compat_code(frame)->co_flags & CO_OPTIMIZED) return NULL;
  // A module or a class body runs directly in the namespace, so nothing is copied to it.
  return ((const compat_Frame *)frame)->f_locals;
}

CTraceHook_Text CTraceHook_globalString(const void *frame, const char *name) {
  PyObject *globals = (PyObject *)CTraceHook_globals(frame);
  PyObject *value = PyDict_CheckExact(globals) ? lookup_name(globals, name) : NULL;
  return value != NULL && PyUnicode_CheckExact(value) ? text_of(value) : text_of(NULL);
}

bool CTraceHook_runsInMain(const void *frame) {
  PyObject *modules = PyImport_GetModuleDict();
  PyObject *module = modules == NULL || !PyDict_CheckExact(modules)
      ? NULL
      : lookup_name(modules, "__main__");
  return module != NULL && PyModule_Check(module)
      && PyModule_GetDict(module) == CTraceHook_globals(frame);
}

const void *CTraceHook_local(const void *frame, int32_t index) {
  PyObject *value = compat_slot(frame, index);
  // MAKE_CELL has run by the time of a call event, so a captured argument is in a cell.
  if (value != NULL && compat_isCell(compat_code(frame), index) && PyCell_Check(value)) {
    return PyCell_GET(value);
  }
  return value;
}

CTraceHook_Code CTraceHook_frameCode(const void *frame) {
  return code_describe(compat_code(frame));
}

const void *CTraceHook_back(const void *frame) { return compat_back(frame); }

const void *CTraceHook_generatorBelow(const void *frame) { return compat_generatorBelow(frame); }

bool CTraceHook_isSuspended(const void *frame) {
  return code_isSuspended(compat_code(frame), frame);
}

void *CTraceHook_knownFunction(const void *frame) {
  return code_knownFunction(compat_code(frame));
}

int32_t CTraceHook_localCount(const void *frame) {
  return (int32_t)PyTuple_GET_SIZE(compat_code(frame)->co_localsplusnames);
}

/// Returns an attribute of Python's object for the frame, borrowed, or NULL without an object.
static const void *attribute(const void *frame, const char *name) {
  PyFrameObject *object = compat_frameObject(frame);
  return object == NULL ? NULL : kept_by_frame(PyObject_GetAttrString((PyObject *)object, name));
}

const void *CTraceHook_traceFunction(const void *frame) {
  const void *function = attribute(frame, "f_trace");
  return function == Py_None ? NULL : function;
}

bool CTraceHook_tracesLines(const void *frame) {
  return attribute(frame, "f_trace_lines") == Py_True;
}

bool CTraceHook_tracesOpcodes(const void *frame) {
  return attribute(frame, "f_trace_opcodes") == Py_True;
}

const void *CTraceHook_generator(const void *frame) {
  PyFrameObject *object = compat_frameObject(frame);
  if (object == NULL) return NULL;
  // Without a generator, the result is NULL; from 3.15 on, None.
  const void *generator = kept_by_frame(PyFrame_GetGenerator(object));
  return generator == Py_None ? NULL : generator;
}

int32_t CTraceHook_lastInstruction(const void *frame) {
  int instruction = compat_instruction(frame);
  return instruction < 0 ? -1 : instruction * (int32_t)sizeof(_Py_CODEUNIT);
}

bool CTraceHook_isExecuting(const void *frame) {
  // A generator knows the state of its frame. Any other frame is executing if it is on the calling
  // thread's stack.
  const void *generator = CTraceHook_generator(frame);
  if (generator != NULL) return compat_isRunning((PyObject *)generator);
  const void *running = compat_running(PyThreadState_Get());
  for (; running != NULL; running = CTraceHook_back(running)) {
    if (running == frame) return true;
  }
  return false;
}
