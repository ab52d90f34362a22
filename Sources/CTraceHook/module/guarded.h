#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Adds the class `Guarded` and the function `steps` to the module. Returns 0, or -1 with an
/// exception set.
int guarded_addTo(PyObject *module);

#pragma GCC visibility pop
