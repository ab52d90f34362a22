#include "CTraceHook_frame.h"

#include "compat.h"

int32_t CTraceHook_line(const void *frame) {
  int line = PyFrame_GetLineNumber((PyFrameObject *)frame);
  return line < 0 ? 0 : line;
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
