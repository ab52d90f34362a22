#include "CTraceHook_frame.h"

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
