#include "compat.h"

#include "inspect/code.h"

#include "inspect/text.h"

Py_ssize_t code_extraIndex = -1;

static void (*forget_function)(void *function);

/// Called by the interpreter for each freed code object that has slots of any tool, even if ours is
/// empty.
static void forget(void *function) {
  if (function == NULL) return;
  forget_function(function);
}

bool code_prepare(void (*forget_handler)(void *function)) {
  if (code_extraIndex >= 0) return true;
  forget_function = forget_handler;
  code_extraIndex = compat_RequestCodeExtraIndex(forget);
  if (code_extraIndex >= 0) return true;
  PyErr_SetString(PyExc_RuntimeError, "the interpreter has no slot for code objects left");
  return false;
}

CTraceHook_Code code_describe(PyCodeObject *code) {
  return (CTraceHook_Code){
      .object = code,
      .name = text_of(code->co_name),
      .qualified_name = text_of(code->co_qualname),
      .file = text_of(code->co_filename),
      .first_line = code->co_firstlineno,
      .flags = code->co_flags,
      .positional_count = code->co_argcount,
      .keyword_only_count = code->co_kwonlyargcount,
      .instruction_count = (int32_t)Py_SIZE(code),
  };
}

CTraceHook_FunctionHeader *code_define(
    PyCodeObject *code, CTraceHook_FunctionHeader *(*make)(const CTraceHook_Code *)) {
  CTraceHook_Code description = code_describe(code);
  CTraceHook_FunctionHeader *function = make(&description);
  if (compat_SetCodeExtra((PyObject *)code, code_extraIndex, function) == 0) return function;
  PyErr_Clear();
  forget_function(function);
  return NULL;
}

void *code_knownFunction(PyCodeObject *code) { return compat_codeExtra(code, code_extraIndex); }

/// Reads the frame's current instruction, and the argument of the next one.
///
/// `PyCode_GetCode` undoes specialisation and instrumentation. The interpreter caches its result.
static int instruction(PyCodeObject *code, const compat_Frame *frame, int *argument, int *next) {
  int offset = compat_instruction(frame) * (int)sizeof(_Py_CODEUNIT);
  PyObject *bytes = offset < 0 ? NULL : PyCode_GetCode(code);
  if (bytes == NULL) {
    PyErr_Clear();
    return -1;
  }
  const unsigned char *units = (const unsigned char *)PyBytes_AS_STRING(bytes) + offset;
  int opcode = units[0];
  *argument = units[1];
  *next = offset + 3 < PyBytes_GET_SIZE(bytes) ? units[3] : 0;
  Py_DECREF(bytes);
  return opcode;
}

int code_opcode(PyCodeObject *code, int offset) {
  PyObject *bytes = offset < 0 ? NULL : PyCode_GetCode(code);
  if (bytes == NULL) {
    PyErr_Clear();
    return -1;
  }
  int opcode = offset < PyBytes_GET_SIZE(bytes)
      ? (unsigned char)PyBytes_AS_STRING(bytes)[offset]
      : -1;
  Py_DECREF(bytes);
  return opcode;
}

// The low two bits of RESUME's argument identify what precedes it: 0 the start of a function, 1 a
// yield, 2 a `yield from`, 3 an await.
enum { AFTER_YIELD = 1, AFTER_AWAIT = 3, RESUME_PLACE = 3 };

CTraceHook_Kind code_entryKindSlowly(
    PyCodeObject *code, CTraceHook_FunctionHeader *function, const compat_Frame *frame) {
  int argument, next;
  switch (instruction(code, frame, &argument, &next)) {
    case RESUME:
      if ((argument & RESUME_PLACE) != 0) return CTraceHook_KindResume;
      if (function != NULL) function->start = compat_instruction(frame) + 1;
      return CTraceHook_KindCall;
    // Before the first RESUME.
    case -1: case COPY_FREE_VARS: case MAKE_CELL: case RETURN_GENERATOR: return CTraceHook_KindCall;
    // An exception was thrown into the frame, or left the generator that it delegates to.
    default: return CTraceHook_KindResume;
  }
}

/// Exit kind of a frame at an instruction: KindReturn if it is not suspended there.
///
/// Up to 3.12, a suspended frame is at the YIELD_VALUE; from 3.13 on, at the RESUME after it.
static CTraceHook_Kind suspension(int opcode, int argument, int next) {
  int place;
  if (opcode == YIELD_VALUE) {
    place = next & RESUME_PLACE;
  } else if (opcode == RESUME) {
    place = argument & RESUME_PLACE;
  } else {
    return CTraceHook_KindReturn;
  }
  if (place == 0) return CTraceHook_KindReturn;
  return place == AFTER_AWAIT ? CTraceHook_KindAwait : CTraceHook_KindYield;
}

bool code_isSuspended(PyCodeObject *code, const compat_Frame *frame) {
  int argument = 0, next = 0;
  int opcode = instruction(code, frame, &argument, &next);
  return suspension(opcode, argument, next) != CTraceHook_KindReturn;
}

CTraceHook_Kind code_suspensionKind(PyCodeObject *code, const compat_Frame *frame) {
  if (code->co_flags & CO_GENERATOR) return CTraceHook_KindYield;
  if (code->co_flags & CO_COROUTINE) return CTraceHook_KindAwait;
  int argument = 0, next = 0;
  int opcode = instruction(code, frame, &argument, &next);
  return suspension(opcode, argument, next) == CTraceHook_KindAwait ? CTraceHook_KindAwait
                                                                   : CTraceHook_KindYield;
}

CTraceHook_Kind code_exitKindSlowly(
    PyCodeObject *code, const compat_Frame *frame, bool may_unwind, bool has_raised) {
  int argument = 0, next = 0;
  int opcode = instruction(code, frame, &argument, &next);
  CTraceHook_Kind kind = suspension(opcode, argument, next);
  if (!may_unwind) return kind;
  if (kind != CTraceHook_KindReturn) return has_raised ? CTraceHook_KindUnwind : kind;
  return compat_isReturn(opcode) ? CTraceHook_KindReturn : CTraceHook_KindUnwind;
}

// The compiler's own limit is lower. Deeper nesting is made by hand, and not by a program.
enum { DEEPEST_NESTING = 200 };

typedef struct Nested {
  CTraceHook_FunctionHeader *(*make)(const CTraceHook_Code *);
  bool (*body)(CTraceHook_FunctionHeader *function, void *context);
  void *context;
} Nested;

static void for_each_nested(PyCodeObject *code, const Nested *nested, int depth) {
  PyObject *constants = code->co_consts;
  if (depth == 0 || !PyTuple_CheckExact(constants)) return;
  for (Py_ssize_t index = 0; index < PyTuple_GET_SIZE(constants); index++) {
    PyObject *constant = PyTuple_GET_ITEM(constants, index);
    if (!PyCode_Check(constant)) continue;
    CTraceHook_FunctionHeader *function = code_function((PyCodeObject *)constant, nested->make);
    if (function == NULL) return;
    if (nested->body(function, nested->context)) {
      for_each_nested((PyCodeObject *)constant, nested, depth - 1);
    }
  }
}

void CTraceHook_forEachNested(
    const void *frame, CTraceHook_FunctionHeader *(*make)(const CTraceHook_Code *),
    bool (*body)(CTraceHook_FunctionHeader *function, void *context), void *context) {
  Nested nested = {make, body, context};
  for_each_nested(compat_code(frame), &nested, DEEPEST_NESTING);
}
