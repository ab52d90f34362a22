#include "compat.h"

#include "CTraceHook_value.h"

#include "inspect/lookup.h"
#include "inspect/text.h"

#include <string.h>

CTraceHook_ValueKind CTraceHook_valueKind(const void *object) {
  PyObject *value = (PyObject *)object;
  PyTypeObject *type = Py_TYPE(value);
  if (type == &PyLong_Type) return CTraceHook_ValueInt;
  if (type == &PyUnicode_Type) return CTraceHook_ValueString;
  if (value == Py_None) return CTraceHook_ValueNone;
  if (value == Py_True) return CTraceHook_ValueTrue;
  if (value == Py_False) return CTraceHook_ValueFalse;
  if (type == &PyTuple_Type) return CTraceHook_ValueTuple;
  if (type == &PyList_Type) return CTraceHook_ValueList;
  if (type == &PyDict_Type) return CTraceHook_ValueDict;
  if (type == &PyFloat_Type) return CTraceHook_ValueFloat;
  if (type == &PyBytes_Type) return CTraceHook_ValueBytes;
  if (type == &PySet_Type) return CTraceHook_ValueSet;
  if (type == &PyFrozenSet_Type) return CTraceHook_ValueFrozenSet;
  if (type == &PyFunction_Type) return CTraceHook_ValueFunction;
  if (type == &PyCFunction_Type || type == &PyCMethod_Type) return CTraceHook_ValueCFunction;
  if (type == &PyGen_Type || type == &PyCoro_Type || type == &PyAsyncGen_Type) {
    return CTraceHook_ValueGenerator;
  }
  if (type == &PyByteArray_Type) return CTraceHook_ValueByteArray;
  if (type == &PyComplex_Type) return CTraceHook_ValueComplex;
  if (type == &PyRange_Type) return CTraceHook_ValueRange;
  if (PyType_Check(value)) return CTraceHook_ValueType;
  if (value == Py_Ellipsis) return CTraceHook_ValueEllipsis;
  if (value == Py_NotImplemented) return CTraceHook_ValueNotImplemented;
  return CTraceHook_ValueOther;
}

bool CTraceHook_smallInt(const void *object, int64_t *result) {
  PyObject *value = (PyObject *)object;
  return PyLong_CheckExact(value) && compat_compactInt(value, result);
}

bool CTraceHook_int64(const void *integer, int64_t *result) {
  assert(PyLong_CheckExact((PyObject *)integer));
  int overflow;
  *result = PyLong_AsLongLongAndOverflow((PyObject *)integer, &overflow);
  if (overflow != 0) *result = overflow > 0 ? INT64_MAX : INT64_MIN;
  return overflow == 0;
}

int64_t CTraceHook_bitCount(const void *integer) {
  assert(PyLong_CheckExact((PyObject *)integer));
  PyObject *bits = PyObject_CallMethod((PyObject *)integer, "bit_length", NULL);
  int64_t count = bits == NULL ? -1 : PyLong_AsLongLong(bits);
  Py_XDECREF(bits);
  PyErr_Clear();
  return count;
}

void *CTraceHook_bigIntText(const void *integer) {
  assert(PyLong_CheckExact((PyObject *)integer));
  PyObject *text = PyLong_Type.tp_repr((PyObject *)integer);
  if (text == NULL) PyErr_Clear();
  return text;
}

double CTraceHook_double(const void *object) {
  assert(PyFloat_CheckExact((PyObject *)object));
  return PyFloat_AS_DOUBLE((PyObject *)object);
}

void CTraceHook_complex(const void *object, double *real, double *imaginary) {
  assert(PyComplex_CheckExact((PyObject *)object));
  *real = PyComplex_RealAsDouble((PyObject *)object);
  *imaginary = PyComplex_ImagAsDouble((PyObject *)object);
}

CTraceHook_Text CTraceHook_string(const void *string) {
  assert(PyUnicode_CheckExact((PyObject *)string));
  return text_of((PyObject *)string);
}

bool CTraceHook_escapesQuotes(void) { return compat_ESCAPES_QUOTES; }

CTraceHook_Text CTraceHook_bytes(const void *object) {
  PyObject *value = (PyObject *)object;
  if (PyBytes_CheckExact(value)) {
    return text_ofBytes(PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value));
  }
  assert(PyByteArray_CheckExact(value));
  return text_ofBytes(PyByteArray_AS_STRING(value), PyByteArray_GET_SIZE(value));
}

ptrdiff_t CTraceHook_count(const void *container) {
  PyObject *value = (PyObject *)container;
  if (PyList_CheckExact(value)) return PyList_GET_SIZE(value);
  if (PyTuple_CheckExact(value)) return PyTuple_GET_SIZE(value);
  if (PyDict_CheckExact(value)) return PyDict_GET_SIZE(value);
  assert(PyAnySet_CheckExact(value));
  return PySet_GET_SIZE(value);
}

const void *CTraceHook_item(const void *sequence, ptrdiff_t index) {
  PyObject *value = (PyObject *)sequence;
  // `PyList_GET_ITEM` and `PyTuple_GET_ITEM` assert the type, and that the index is below the size.
  return PyList_CheckExact(value) ? PyList_GET_ITEM(value, index) : PyTuple_GET_ITEM(value, index);
}

bool CTraceHook_nextEntry(
    const void *container, ptrdiff_t *cursor, const void **key, const void **value) {
  PyObject *object = (PyObject *)container;
  assert(PyDict_CheckExact(object) || PyAnySet_CheckExact(object));
  Py_ssize_t position = *cursor;
  PyObject *entry = NULL, *content = NULL;
  Py_hash_t hash;
  bool found = PyDict_CheckExact(object)
      ? PyDict_Next(object, &position, &entry, &content) != 0
      : _PySet_NextEntry(object, &position, &entry, &hash) != 0;
  *cursor = position;
  *key = entry;
  *value = content;
  return found;
}

void CTraceHook_range(const void *range, const void **bounds) {
  assert(Py_IS_TYPE((PyObject *)range, &PyRange_Type));
  // A range stores its three bounds as ints. Reading them runs no code of the program.
  static const char *const names[] = {"start", "stop", "step"};
  for (int i = 0; i < 3; i++) {
    PyObject *bound = PyObject_GetAttrString((PyObject *)range, names[i]);
    Py_XDECREF(bound);  // The range keeps it.
    bounds[i] = bound != NULL ? bound : Py_None;
  }
  PyErr_Clear();  // There may be no memory for a name.
}

const void *CTraceHook_typeOf(const void *object) { return Py_TYPE((PyObject *)object); }

bool CTraceHook_isStatic(const void *type) {
  assert(PyType_Check((PyObject *)type));
  return !(((PyTypeObject *)type)->tp_flags & Py_TPFLAGS_HEAPTYPE);
}

void CTraceHook_typeName(const void *type, CTraceHook_Text *module, CTraceHook_Text *name) {
  assert(PyType_Check((PyObject *)type));
  PyTypeObject *class = (PyTypeObject *)type;
  if (class->tp_flags & Py_TPFLAGS_HEAPTYPE) {
    static PyObject *key = NULL;
    if (key == NULL) key = PyUnicode_InternFromString("__module__");
    // A class that is being created, or that the garbage collector has cleared, has no dictionary.
    PyObject *found = key == NULL || class->tp_dict == NULL
        ? NULL
        : lookup_key(class->tp_dict, key);
    PyErr_Clear();  // There may be no memory for the key.
    *module = text_of(found);
    *name = text_of(((PyHeapTypeObject *)class)->ht_qualname);
    return;
  }
  const char *full = class->tp_name;
  const char *point = strrchr(full, '.');
  *module = point == NULL ? text_ofBytes(NULL, 0) : text_ofBytes(full, point - full);
  const char *last = point == NULL ? full : point + 1;
  *name = text_ofBytes(last, (Py_ssize_t)strlen(last));
}

CTraceHook_Text CTraceHook_typeLabel(const void *type) {
  assert(PyType_Check((PyObject *)type));
  PyTypeObject *class = (PyTypeObject *)type;
  const char *label = class->tp_name;
  if (class->tp_flags & Py_TPFLAGS_HEAPTYPE) {
    // A class made in Python stores its name as a str, which owns the UTF-8 that `tp_name` points
    // to.
    PyObject *name = ((PyHeapTypeObject *)class)->ht_name;
    if (name != NULL && PyUnicode_AsUTF8(name) == label) return text_of(name);
    PyErr_Clear();
  }
  return text_ofBytes(label, (Py_ssize_t)strlen(label));
}

CTraceHook_Text CTraceHook_functionName(const void *function) {
  assert(PyFunction_Check((PyObject *)function));
  return text_of(((PyFunctionObject *)function)->func_qualname);
}

CTraceHook_Text CTraceHook_generatorName(const void *generator) {
  assert(
      PyGen_CheckExact((PyObject *)generator) || PyCoro_CheckExact((PyObject *)generator)
      || PyAsyncGen_CheckExact((PyObject *)generator));
  return text_of(compat_generatorName((PyObject *)generator));
}

CTraceHook_Text CTraceHook_cFunctionModule(const void *function) {
  assert(PyCFunction_Check((PyObject *)function));
  PyObject *module = ((PyCFunctionObject *)function)->m_module;
  return text_of(module);
}

CTraceHook_Text CTraceHook_cFunctionName(const void *function, const void **bound) {
  assert(PyCFunction_Check((PyObject *)function));
  PyCFunctionObject *object = (PyCFunctionObject *)function;
  PyObject *owner = object->m_self;
  *bound = owner == NULL || PyModule_Check(owner) ? NULL : owner;
  const char *name = object->m_ml->ml_name;
  return text_ofBytes(name, (Py_ssize_t)strlen(name));
}
