#pragma once

#include "CTraceHook_session.h"
#include "compat.h"

#pragma GCC visibility push(hidden)

/// Requests the slot of code objects for the engine's records. False with a Python exception set.
bool code_prepare(void (*forget_handler)(void *function));

/// Properties of a code object. Borrowed from it.
CTraceHook_Code code_describe(PyCodeObject *code);

/// The interpreter's index of this extension's slot in every code object; -1 before it is known.
extern Py_ssize_t code_extraIndex;

/// Creates the engine's record for a code object, on its first event. NULL, without an exception,
/// if the interpreter has no memory for it.
CTraceHook_FunctionHeader *code_define(
    PyCodeObject *code, CTraceHook_FunctionHeader *(*make)(const CTraceHook_Code *));

/// The engine's record of a code object, or NULL before its first event.
void *code_knownFunction(PyCodeObject *code);

/// Like `code_knownFunction`, but creates the record on the first event. NULL like `code_define`.
static inline CTraceHook_FunctionHeader *code_function(
    PyCodeObject *code, CTraceHook_FunctionHeader *(*make)(const CTraceHook_Code *)) {
  CTraceHook_FunctionHeader *function = compat_codeExtra(code, code_extraIndex);
  return function != NULL ? function : code_define(code, make);
}

/// Whether frames of the code belong to a generator, a coroutine or an asynchronous generator.
static inline bool code_canSuspend(PyCodeObject *code) {
  return (code->co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
}

/// Returns the opcode at a byte offset, as it was compiled. -1 outside the code, or without memory.
int code_opcode(PyCodeObject *code, int offset);

/// Whether a generator's frame is at an instruction at which it was suspended.
bool code_isSuspended(PyCodeObject *code, const compat_Frame *frame);

CTraceHook_Kind code_entryKindSlowly(
    PyCodeObject *code, CTraceHook_FunctionHeader *function, const compat_Frame *frame);

/// Whether a call event starts or resumes the frame. `function` may be NULL.
static inline CTraceHook_Kind code_entryKind(
    PyCodeObject *code, CTraceHook_FunctionHeader *function, const compat_Frame *frame) {
  if (!code_canSuspend(code)) return CTraceHook_KindCall;
  if (function == NULL || function->start == 0) return code_entryKindSlowly(code, function, frame);
  return compat_instruction(frame) < function->start ? CTraceHook_KindCall : CTraceHook_KindResume;
}

/// Whether a frame that is being suspended yields a value or waits.
CTraceHook_Kind code_suspensionKind(PyCodeObject *code, const compat_Frame *frame);

CTraceHook_Kind code_exitKindSlowly(
    PyCodeObject *code, const compat_Frame *frame, bool may_unwind, bool has_raised);

/// Exit kind (return, yield or await) at the frame's current instruction, for suspendable
/// functions. Cached per instruction in a four-entry table.
static inline CTraceHook_Kind code_leaveKind(
    PyCodeObject *code, CTraceHook_FunctionHeader *function, const compat_Frame *frame) {
  int32_t instruction = compat_instruction(frame);
  int32_t *known = &function->leaves[instruction & 3];
  if (*known >> 4 != instruction + 1) {
    *known = (instruction + 1) << 4 | code_exitKindSlowly(code, frame, false, false);
  }
  return *known & 15;
}

/// Whether a return event ends the frame, suspends it, or is caused by an exception that leaves it.
///
/// `value` is the event's argument. `has_raised`: whether the thread's previous event was an
/// exception in this frame. `function` may be NULL.
static inline CTraceHook_Kind code_exitKind(
    PyCodeObject *code, CTraceHook_FunctionHeader *function, const compat_Frame *frame,
    PyObject *value, bool has_raised) {
  if (value == NULL) return CTraceHook_KindUnwind;
  bool may_unwind = compat_UNWIND_HAS_NONE && value == Py_None;
  if (!code_canSuspend(code) && !may_unwind) return CTraceHook_KindReturn;
  if (!may_unwind && function != NULL) return code_leaveKind(code, function, frame);
  return code_exitKindSlowly(code, frame, may_unwind, has_raised);
}

#pragma GCC visibility pop
