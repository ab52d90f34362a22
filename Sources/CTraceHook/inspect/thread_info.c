#include "compat.h"

#include <unistd.h>

#include "CPlatform.h"
#include "CTraceHook_frame.h"
#include "CTraceHook_thread.h"
#include "inspect/lookup.h"
#include "inspect/text.h"

/// Value of an attribute that is a str, in an object's own dictionary. Borrowed.
static CTraceHook_Text own_string(PyObject *object, const char *name) {
  PyObject *dictionary = PyObject_GenericGetDict(object, NULL);
  PyObject *value = dictionary == NULL ? NULL : lookup_name(dictionary, name);
  PyErr_Clear();
  Py_XDECREF(dictionary);  // The object keeps it.
  return value != NULL && PyUnicode_CheckExact(value) ? text_of(value) : text_of(NULL);
}

/// The calling thread's object in `threading`, found in a dictionary whose keys are ints. NULL if
/// that module is not loaded, or did not start the thread. Borrowed.
static PyObject *registered_thread(unsigned long identifier) {
  PyObject *modules = PyImport_GetModuleDict();
  if (modules == NULL || !PyDict_Check(modules)) return NULL;
  PyObject *module = lookup_name(modules, "threading");
  if (module == NULL || !PyModule_CheckExact(module)) return NULL;
  PyObject *active = lookup_name(PyModule_GetDict(module), "_active");
  if (active == NULL || !PyDict_CheckExact(active)) return NULL;
  return lookup_number(active, identifier);
}

uint64_t CTraceHook_threadNumber(void) { return PyThreadState_Get()->id; }

CTraceHook_Thread CTraceHook_currentThread(const void *frame) {
  CTraceHook_Thread result = {
      .native_id = CPlatform_threadID(),
      .identifier = PyThread_get_thread_ident(),
      .name = text_of(NULL),
  };
  PyObject *pending = compat_takeException();
  PyObject *thread = registered_thread((unsigned long)result.identifier);
  if (thread == NULL) {
    // The thread's first event, that of `Thread._bootstrap(self)`, occurs before it is registered.
    PyCodeObject *code = compat_code(frame);
    if (PyUnicode_CompareWithASCIIString(code->co_qualname, "Thread._bootstrap") == 0) {
      thread = (PyObject *)CTraceHook_local(frame, 0);
    }
  }
  PyErr_Clear();
  if (thread != NULL) {
    result.name = own_string(thread, "_name");
  } else if (result.native_id == (uint64_t)getpid()) {
    // `threading` uses this name for the main thread when it is loaded.
    static const char name[] = "MainThread";
    result.name = text_ofBytes(name, sizeof name - 1);
  }
  compat_setException(pending);
  return result;
}
