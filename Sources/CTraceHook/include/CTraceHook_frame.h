/// Reading a frame during its event. A frame is the interpreter's own structure, for which Python
/// need not have an object.
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

/// The namespace in which the code of a module or a class body runs; NULL for a function, whose
/// variables CTraceHook_local returns. Borrowed.
const void *_Nullable CTraceHook_namespace(const void *_Nonnull frame);

/// Number of local variables, including arguments and variables of enclosing functions.
int32_t CTraceHook_localCount(const void *_Nonnull frame);

/// `f_trace`, or NULL if it is None. Borrowed.
const void *_Nullable CTraceHook_traceFunction(const void *_Nonnull frame);
bool CTraceHook_tracesLines(const void *_Nonnull frame);    ///< `f_trace_lines`
bool CTraceHook_tracesOpcodes(const void *_Nonnull frame);  ///< `f_trace_opcodes`

/// The frame below if a generator owns it; else NULL. Borrowed.
const void *_Nullable CTraceHook_generatorBelow(const void *_Nonnull frame);

/// Whether a generator's frame is at an instruction at which it was suspended.
bool CTraceHook_isSuspended(const void *_Nonnull frame);

/// The engine's record of the frame's code object, or NULL before its first event.
void *_Nullable CTraceHook_knownFunction(const void *_Nonnull frame);

/// The generator or coroutine that owns the frame, or NULL. Borrowed.
const void *_Nullable CTraceHook_generator(const void *_Nonnull frame);

/// `f_lasti`: byte offset of the frame's current instruction; -1 before the first.
int32_t CTraceHook_lastInstruction(const void *_Nonnull frame);

/// Whether the frame is running, or waits for a frame that it called. False if it is suspended or
/// has ended.
bool CTraceHook_isExecuting(const void *_Nonnull frame);

/// Value of a global variable of the frame's module that is a str, such as `__name__` or
/// `__file__`. Empty if there is none. `name` is ASCII.
CTraceHook_Text CTraceHook_globalString(const void *_Nonnull frame, const char *_Nonnull name);

/// Whether the frame's globals are those of the module `__main__`.
bool CTraceHook_runsInMain(const void *_Nonnull frame);

/// A local variable, by its index in `co_varnames`; arguments come first. Read in place: no
/// `f_locals` is created, and nothing is written. NULL if the variable is not bound. Borrowed.
const void *_Nullable CTraceHook_local(const void *_Nonnull frame, int32_t index);
