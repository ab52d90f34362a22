/// Reading a frame during its event. A frame is the interpreter's own, which need not have an
/// object in Python.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTraceHook_event.h"
#include "CTraceHook_text.h"

/// The line that the frame is at, 1-based, or 0 if it has none.
int32_t CTraceHook_line(const void *_Nonnull frame);

/// Describes the frame's code object. Borrowed.
CTraceHook_Code CTraceHook_frameCode(const void *_Nonnull frame);

/// The frame that called this one, or NULL: `f_back`. Borrowed.
const void *_Nullable CTraceHook_back(const void *_Nonnull frame);

/// `f_globals` and `f_builtins`, dicts. Borrowed.
const void *_Nonnull CTraceHook_globals(const void *_Nonnull frame);
const void *_Nonnull CTraceHook_builtins(const void *_Nonnull frame);

/// The namespace that the code of a module or a class body runs in; NULL for a function, whose
/// variables CTraceHook_local gives. Borrowed.
const void *_Nullable CTraceHook_namespace(const void *_Nonnull frame);

/// Number of local variables, arguments included, and of those of enclosing functions.
int32_t CTraceHook_localCount(const void *_Nonnull frame);

/// `f_trace`, or NULL if it is None. Borrowed.
const void *_Nullable CTraceHook_traceFunction(const void *_Nonnull frame);
bool CTraceHook_tracesLines(const void *_Nonnull frame);    ///< `f_trace_lines`
bool CTraceHook_tracesOpcodes(const void *_Nonnull frame);  ///< `f_trace_opcodes`

/// The frame below, where a generator owns that; else NULL. Borrowed.
const void *_Nullable CTraceHook_generatorBelow(const void *_Nonnull frame);

/// Whether a generator's frame stands where it was suspended.
bool CTraceHook_isSuspended(const void *_Nonnull frame);

/// The result of `define` for the frame's code object, or NULL before its first event.
void *_Nullable CTraceHook_knownFunction(const void *_Nonnull frame);

/// The generator or coroutine that owns the frame, or NULL. Borrowed.
const void *_Nullable CTraceHook_generator(const void *_Nonnull frame);

/// `f_lasti`: the offset in bytes of the instruction that the frame is at; -1 before the first.
int32_t CTraceHook_lastInstruction(const void *_Nonnull frame);

/// Whether the frame is running, or waits for one that it called; false once it is suspended or
/// over.
bool CTraceHook_isExecuting(const void *_Nonnull frame);

/// A global variable of the frame's module that is a str: `__name__`, `__file__`. Empty if there
/// is none. `name` is the same string literal at each call.
CTraceHook_Text CTraceHook_globalString(const void *_Nonnull frame, const char *_Nonnull name);

/// Whether the frame's globals are the names of the module `__main__`.
bool CTraceHook_runsInMain(const void *_Nonnull frame);

/// A local variable, by its place in `co_varnames`; arguments come first. Read where it stands: no
/// `f_locals` is made and nothing is written. NULL when the variable is not bound. Borrowed.
const void *_Nullable CTraceHook_local(const void *_Nonnull frame, int32_t index);
