#include "compat.h"

#include "CTraceHook_text.h"

#include "CTraceHook_event.h"
#include "inspect/text.h"

CTraceHook_Text text_of(PyObject *string) {
  if (string == NULL || !PyUnicode_Check(string) || !compat_isReady(string)) {
    return (CTraceHook_Text){.width = 1};
  }
  return (CTraceHook_Text){
      .data = PyUnicode_DATA(string),
      .count = PyUnicode_GET_LENGTH(string),
      .width = (uint8_t)PyUnicode_KIND(string),
      .is_ascii = PyUnicode_IS_ASCII(string),
  };
}

CTraceHook_Text text_ofBytes(const char *bytes, Py_ssize_t count) {
  return (CTraceHook_Text){.data = bytes, .count = count, .width = 1};
}

bool CTraceHook_isPrintable(uint32_t code_point) { return Py_UNICODE_ISPRINTABLE(code_point); }

CTraceHook_Text CTraceHook_localName(const void *code, int32_t index) {
  return text_of(compat_localName((PyCodeObject *)code, index));
}
