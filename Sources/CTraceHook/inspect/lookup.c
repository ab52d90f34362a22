#include "compat.h"

#include "inspect/lookup.h"

static bool is_equal(PyObject *entry, PyObject *key) {
  if (entry == key) return true;
  return PyUnicode_CheckExact(entry) && compat_isReady(entry)
      && PyUnicode_GET_LENGTH(entry) == PyUnicode_GET_LENGTH(key)
      && PyUnicode_Compare(entry, key) == 0;
}

PyObject *lookup_key(PyObject *dictionary, PyObject *key) {
  assert(PyDict_Check(dictionary) && PyUnicode_CheckExact(key));
  if (compat_hasPlainKeys(dictionary)) {
    PyObject *found = PyDict_GetItemWithError(dictionary, key);
    if (found == NULL) PyErr_Clear();
    return found;
  }
  Py_ssize_t position = 0;
  PyObject *entry, *value;
  while (PyDict_Next(dictionary, &position, &entry, &value)) {
    if (is_equal(entry, key)) return value;
  }
  return NULL;
}

PyObject *lookup_name(PyObject *dictionary, const char *name) {
  PyObject *key = PyUnicode_InternFromString(name);
  if (key == NULL) {
    PyErr_Clear();
    return NULL;
  }
  PyObject *found = lookup_key(dictionary, key);
  Py_DECREF(key);
  return found;
}

PyObject *lookup_number(PyObject *dictionary, unsigned long number) {
  assert(PyDict_Check(dictionary));
  Py_ssize_t position = 0;
  PyObject *key, *value;
  while (PyDict_Next(dictionary, &position, &key, &value)) {
    if (!PyLong_CheckExact(key)) continue;
    int overflow;
    long long known = PyLong_AsLongLongAndOverflow(key, &overflow);
    if (overflow == 0 && known >= 0 && (unsigned long long)known == number) return value;
  }
  return NULL;
}
