/// Reading a frame during its event.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTraceHook_text.h"

/// The line that the frame is at, 1-based, or 0 where it has none.
int32_t CTraceHook_line(const void *_Nonnull frame);

/// A global variable of the frame's module that is a str: `__name__`, `__file__`. Empty where there
/// is none. `name` is the same string literal at each call.
CTraceHook_Text CTraceHook_globalString(const void *_Nonnull frame, const char *_Nonnull name);

/// A local variable, by its place in `co_varnames`; arguments come first. Read where it stands: no
/// `f_locals` is made and nothing is written. NULL when the variable is not bound. Borrowed.
const void *_Nullable CTraceHook_local(const void *_Nonnull frame, int32_t index);
