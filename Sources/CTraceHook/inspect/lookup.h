/// Lookups in dictionaries that the program can fill. They run none of its code, whereas ordinary
/// lookups call `__eq__` of a key with an equal hash.
#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Value of a key that is exactly a str. Borrowed; NULL if there is none. Sets no exception.
PyObject *lookup_key(PyObject *dictionary, PyObject *key);

/// Like `lookup_key`, for a key given as ASCII.
PyObject *lookup_name(PyObject *dictionary, const char *name);

/// Like `lookup_key`, for an int. Compares all keys.
PyObject *lookup_number(PyObject *dictionary, unsigned long number);

#pragma GCC visibility pop
