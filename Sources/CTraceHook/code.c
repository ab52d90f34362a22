#include "code.h"

#include "text.h"

/// The interpreter's index of this extension's slot in every code object; -1 before it is known.
static Py_ssize_t extra_index = -1;

uint64_t code_deaths = 0;

static void (*forget_function)(void *function);

/// The interpreter calls this for each code object that dies with any tool's slots, ours set or not.
static void forget(void *function) {
  if (function == NULL) return;
  code_deaths++;
  forget_function(function);
}

bool code_prepare(void (*forget_handler)(void *function)) {
  if (extra_index >= 0) return true;
  forget_function = forget_handler;
  extra_index = compat_RequestCodeExtraIndex(forget);
  if (extra_index >= 0) return true;
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

static void *define(PyCodeObject *code, void *(*make)(const CTraceHook_Code *)) {
  CTraceHook_Code description = code_describe(code);
  void *function = make(&description);
  if (compat_SetCodeExtra((PyObject *)code, extra_index, function) < 0) return NULL;
  return function;
}

void *code_knownFunction(PyCodeObject *code) {
  void *function = NULL;
  compat_GetCodeExtra((PyObject *)code, extra_index, &function);
  return function;
}

void *code_function(PyCodeObject *code, void *(*make)(const CTraceHook_Code *)) {
  void *function = code_knownFunction(code);
  return function != NULL ? function : define(code, make);
}

/// Reads the instruction that the frame is at, and the argument of the one after it.
///
/// `PyCode_GetCode` undoes specialisation and instrumentation, and the interpreter keeps its result.
static int instruction(PyCodeObject *code, PyFrameObject *frame, int *argument, int *next) {
  int offset = PyFrame_GetLasti(frame);
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

// The low two bits of RESUME's argument say what stands before it: 0 the start of a function,
// 1 a yield, 2 a `yield from`, 3 an await.
enum { AFTER_YIELD = 1, AFTER_AWAIT = 3, RESUME_PLACE = 3 };

CTraceHook_Kind code_entryKind(PyCodeObject *code, PyFrameObject *frame) {
  if (!code_canSuspend(code)) return CTraceHook_KindCall;
  int argument, next;
  switch (instruction(code, frame, &argument, &next)) {
    case RESUME: return (argument & RESUME_PLACE) == 0 ? CTraceHook_KindCall : CTraceHook_KindResume;
    // Before the first RESUME.
    case -1: case COPY_FREE_VARS: case MAKE_CELL: case RETURN_GENERATOR: return CTraceHook_KindCall;
    // An exception is thrown into it, or came out of the generator that it delegates to.
    default: return CTraceHook_KindResume;
  }
}

/// How a frame that stands at the instruction is suspended; KindReturn if it is not.
///
/// Up to 3.12 it stands at the YIELD_VALUE, from 3.13 at the RESUME behind it.
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

bool code_isSuspended(PyCodeObject *code, PyFrameObject *frame) {
  int argument = 0, next = 0;
  int opcode = instruction(code, frame, &argument, &next);
  return suspension(opcode, argument, next) != CTraceHook_KindReturn;
}

CTraceHook_Kind code_exitKind(
    PyCodeObject *code, PyFrameObject *frame, PyObject *value, bool has_raised) {
  if (value == NULL) return CTraceHook_KindUnwind;
  bool may_unwind = compat_UNWIND_HAS_NONE && value == Py_None;
  if (!code_canSuspend(code) && !may_unwind) return CTraceHook_KindReturn;
  int argument = 0, next = 0;
  int opcode = instruction(code, frame, &argument, &next);
  CTraceHook_Kind kind = suspension(opcode, argument, next);
  if (!may_unwind) return kind;
  if (kind != CTraceHook_KindReturn) return has_raised ? CTraceHook_KindUnwind : kind;
  return compat_isReturn(opcode) ? CTraceHook_KindReturn : CTraceHook_KindUnwind;
}
