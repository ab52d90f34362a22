/// Lookups in dictionaries that the program can fill, which run none of its code: a usual lookup
/// calls `__eq__` of a key whose hash is equal.
#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// The value of a key that is exactly a str. Borrowed; NULL if there is none. Leaves no exception.
PyObject *lookup_key(PyObject *dictionary, PyObject *key);

/// Like `lookup_key`, for a key given as ASCII.
PyObject *lookup_name(PyObject *dictionary, const char *name);

/// Like `lookup_key`, for an int. Compares all keys.
PyObject *lookup_number(PyObject *dictionary, unsigned long number);

#pragma GCC visibility pop
