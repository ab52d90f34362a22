#include "compat.h"

#include "inspect/lookup.h"
#include "sources/monitoring_tool_ids.h"

#if compat_HAS_MONITORING

static const char tool_name[] = "swifttrace";

/// Calls a function of `sys.monitoring`. NULL with an exception set.
#define ASK(name, ...) PyObject_CallFunction(function(name), __VA_ARGS__)

/// `sys.monitoring`, or None if it is gone. Cached, because events need it too, and the program can
/// change the contents of `sys`.
static PyObject *monitoring(void) {
  static PyObject *module = NULL;
  if (module == NULL) module = Py_XNewRef(PySys_GetObject("monitoring"));
  return module == NULL ? Py_None : module;
}

/// A function of `sys.monitoring`. Borrowed; NULL with an exception set.
static PyObject *function(const char *name) {
  PyObject *module = monitoring();
  PyObject *found = PyModule_Check(module) ? lookup_name(PyModule_GetDict(module), name) : NULL;
  if (found == NULL) PyErr_Format(PyExc_RuntimeError, "sys.monitoring has no function %s", name);
  return found;
}

/// Discards a result; false if the call raised.
static bool done(PyObject *result) {
  Py_XDECREF(result);
  return result != NULL;
}

/// Whether a tool ID is free: 1 or 0, or -1 with an exception set.
static int is_free(int number) {
  PyObject *owner = ASK("get_tool", "i", number);
  if (owner == NULL) return -1;
  Py_DECREF(owner);
  return owner == Py_None;
}

int toolIDs_take(Tool *tools, int count) {
  static const int numbers[] = {4, 5, 3};
  int found = 0;
  for (size_t index = 0; index < sizeof numbers / sizeof *numbers && found < count; index++) {
    int is = is_free(numbers[index]);
    if (is < 0) return -1;
    if (is) tools[found++].number = numbers[index];
  }
  if (found < count) return 1;
  for (int index = 0; index < count; index++) {
    if (!done(ASK("use_tool_id", "is", tools[index].number, tool_name))) return -1;
  }
  return 0;
}

long toolIDs_eventBit(const char *name) {
  PyObject *names = PyObject_GetAttrString(monitoring(), "events");
  PyObject *number = names == NULL ? NULL : PyObject_GetAttrString(names, name);
  long bit = number == NULL ? -1 : PyLong_AsLong(number);
  Py_XDECREF(number);
  Py_XDECREF(names);
  return bit;
}

PyObject *toolIDs_disable(void) { return PyObject_GetAttrString(monitoring(), "DISABLE"); }

bool toolIDs_register(const Tool *tool, long bit, PyObject *callback) {
  return done(ASK("register_callback", "ilO", tool->number, bit, callback));
}

bool toolIDs_ask(const Tool *tool) {
  return done(ASK("set_events", "il", tool->number, tool->events));
}

static bool is_ours(const Tool *tool) {
  if (tool->number == 0) return false;
  PyObject *owner = ASK("get_tool", "i", tool->number);
  bool ours = owner != NULL && PyUnicode_Check(owner)
      && PyUnicode_CompareWithASCIIString(owner, tool_name) == 0;
  Py_XDECREF(owner);
  PyErr_Clear();
  return ours;
}

void toolIDs_end(const Tool *tool) {
  if (is_ours(tool)) done(ASK("set_events", "ii", tool->number, 0));
  PyErr_Clear();
}

bool toolIDs_isIntact(const Tool *tool, bool is_over) {
  if (!is_ours(tool)) return false;
  PyObject *asked = ASK("get_events", "i", tool->number);
  bool intact = asked != NULL && (is_over || PyLong_AsLong(asked) == tool->events);
  Py_XDECREF(asked);
  PyErr_Clear();
  return intact;
}

void toolIDs_free(const Tool *tool) {
  if (!is_ours(tool)) return;
  for (long bit = 1; bit != 0 && bit <= tool->events; bit <<= 1) {
    if (tool->events & bit) done(ASK("register_callback", "ilO", tool->number, bit, Py_None));
    PyErr_Clear();
  }
  done(ASK("free_tool_id", "i", tool->number));
  PyErr_Clear();
}

bool toolIDs_restart(void) { return done(ASK("restart_events", NULL)); }

#endif
