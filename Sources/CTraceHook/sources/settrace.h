/// The source `settrace`: PyEval_SetTrace, and PyEval_SetProfile for C calls.
#pragma once

#include "session/source.h"

#pragma GCC visibility push(hidden)

extern const Source settrace_source;

#pragma GCC visibility pop
