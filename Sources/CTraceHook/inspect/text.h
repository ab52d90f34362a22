#pragma once

#include "CTraceHook_text.h"
#include "compat.h"

#pragma GCC visibility push(hidden)

/// The characters of a str, in place. Empty for NULL and for any other object.
CTraceHook_Text text_of(PyObject *string);

/// Bytes, as units of width 1.
CTraceHook_Text text_ofBytes(const char *bytes, Py_ssize_t count);

#pragma GCC visibility pop
