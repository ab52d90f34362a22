#include "compat.h"

#include "CTraceHook_object.h"


void CTraceHook_retain(const void *object) { Py_INCREF((PyObject *)object); }

void CTraceHook_release(const void *object) { Py_DECREF((PyObject *)object); }

void CTraceHook_releaseAnywhere(const void *object) {
  if (!Py_IsInitialized()) return;
  PyGILState_STATE state = PyGILState_Ensure();
  Py_DECREF((PyObject *)object);
  PyGILState_Release(state);
}

void *CTraceHook_makeNone(void) { return Py_NewRef(Py_None); }

void *CTraceHook_makeBool(bool value) { return PyBool_FromLong(value); }

void *CTraceHook_makeInt(int64_t value) { return PyLong_FromLongLong(value); }

void CTraceHook_raise(
    CTraceHook_ErrorKind kind, int32_t code, const char *message, ptrdiff_t count) {
  PyObject *text = PyUnicode_DecodeUTF8(message, count, "surrogateescape");
  if (text == NULL) return;
  switch (kind) {
    case CTraceHook_ErrorRuntime: PyErr_SetObject(PyExc_RuntimeError, text); break;
    case CTraceHook_ErrorType: PyErr_SetObject(PyExc_TypeError, text); break;
    case CTraceHook_ErrorValue: PyErr_SetObject(PyExc_ValueError, text); break;
    case CTraceHook_ErrorOS:
      errno = code;
      PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, text);
      break;
  }
  Py_DECREF(text);
}

void *CTraceHook_takeException(void) { return compat_takeException(); }

void CTraceHook_raiseObject(void *exception) { compat_setException(exception); }

bool CTraceHook_isOrdinary(const void *exception) {
  return PyObject_TypeCheck((PyObject *)exception, (PyTypeObject *)PyExc_Exception);
}

const void *CTraceHook_exceptionArguments(const void *exception) {
  if (!PyExceptionInstance_Check((PyObject *)exception)) return NULL;
  return ((PyBaseExceptionObject *)exception)->args;
}

void *CTraceHook_write(const void *file, const char *text, ptrdiff_t count) {
  static PyObject *write = NULL;
  PyObject *pending = compat_takeException();
  if (write == NULL) write = PyUnicode_InternFromString("write");
  PyObject *string = write == NULL ? NULL : PyUnicode_DecodeUTF8(text, count, "strict");
  PyObject *result =
      string == NULL ? NULL : PyObject_CallMethodOneArg((PyObject *)file, write, string);
  PyObject *failure = result == NULL ? compat_takeException() : NULL;
  Py_XDECREF(string);
  Py_XDECREF(result);
  compat_setException(pending);
  return failure;
}

void *CTraceHook_flush(const void *file) {
  PyObject *pending = compat_takeException();
  PyObject *failure = NULL;
  // A file object need not have it.
  if (PyObject_HasAttrString((PyObject *)file, "flush")) {
    PyObject *result = PyObject_CallMethod((PyObject *)file, "flush", NULL);
    failure = result == NULL ? compat_takeException() : NULL;
    Py_XDECREF(result);
  }
  compat_setException(pending);
  return failure;
}

void *CTraceHook_reportFrame(const void *function, const void *frame) {
  PyObject *pending = compat_takeException();
  const compat_Frame *caller = compat_back(frame);
  PyObject *result = PyObject_CallFunctionObjArgs(
      (PyObject *)function, compat_code(frame),
      caller == NULL ? Py_None : (PyObject *)compat_code(caller), NULL);
  PyObject *failure = result == NULL ? compat_takeException() : NULL;
  Py_XDECREF(result);
  compat_setException(pending);
  return failure;
}

void *CTraceHook_releaseGIL(void) { return PyEval_SaveThread(); }

void CTraceHook_takeGIL(void *token) { PyEval_RestoreThread(token); }

void *CTraceHook_makeString(const char *text, ptrdiff_t count) {
  return PyUnicode_DecodeUTF8(text, count, "replace");
}

bool CTraceHook_decode(
    const void *bytes, ptrdiff_t count, const char *encoding, void *context,
    void (*take)(void *context, const char *text, ptrdiff_t count)) {
  PyObject *text = PyUnicode_Decode(bytes, count, encoding, "strict");
  Py_ssize_t size = 0;
  const char *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &size);
  if (utf8 != NULL) take(context, utf8, size);
  Py_XDECREF(text);
  PyErr_Clear();
  return utf8 != NULL;
}

void *CTraceHook_makeBytes(const void *bytes, ptrdiff_t count) {
  return PyBytes_FromStringAndSize(bytes, count);
}

void *CTraceHook_makeTuple(ptrdiff_t count) { return PyTuple_New(count); }

void CTraceHook_setItem(void *tuple, ptrdiff_t index, void *item) {
  assert(PyTuple_CheckExact((PyObject *)tuple));
  PyTuple_SET_ITEM((PyObject *)tuple, index, (PyObject *)item);
}

static const char handle_name[] = "swifttrace";

static void release_handle(PyObject *capsule) {
  void (*release)(void *) = (void (*)(void *))PyCapsule_GetContext(capsule);
  release(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
}

static PyObject *make_capsule(void *pointer, const char *name, void (*release)(void *)) {
  PyObject *capsule = PyCapsule_New(pointer, name, release_handle);
  if (capsule == NULL) {
    release(pointer);
  } else {
    PyCapsule_SetContext(capsule, (void *)release);
  }
  return capsule;
}

void *CTraceHook_makeHandle(void *pointer, void (*release)(void *)) {
  return make_capsule(pointer, handle_name, release);
}

static const char *name_of(CTraceHook_CapsuleKind kind) {
  return kind == CTraceHook_CapsuleArrowSchema ? "arrow_schema" : "arrow_array_stream";
}

void *CTraceHook_makeCapsule(
    CTraceHook_CapsuleKind kind, void *pointer, void (*release)(void *)) {
  return make_capsule(pointer, name_of(kind), release);
}

bool CTraceHook_isCapsule(CTraceHook_CapsuleKind kind, const void *object) {
  return PyCapsule_IsValid((PyObject *)object, name_of(kind));
}

void *CTraceHook_handle(const void *object) {
  PyObject *capsule = (PyObject *)object;
  if (!PyCapsule_IsValid(capsule, handle_name)) return NULL;
  return PyCapsule_GetPointer(capsule, handle_name);
}

bool CTraceHook_checkSignals(void) { return PyErr_CheckSignals() == 0; }
