#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Adds `settrace` and its relatives to the module. Returns -1 with an exception set on failure.
int pythonCallbacks_addTo(PyObject *module);

#pragma GCC visibility pop
