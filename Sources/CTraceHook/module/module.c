#include "compat.h"

#include "CTraceHook_module.h"

#include <stdlib.h>
#include <string.h>

#include "CTraceHook_session.h"
#include "sources/python_callbacks.h"
#include "module/guarded.h"
#include "module/run_program.h"

static CTraceHook_ModuleFunctions functions;

/// Upper bound of the memory that starting a session needs, including its reserve, in bytes.
enum { BYTES_TO_START = 6 << 20 };

static PyObject *start(PyObject *module, PyObject *arguments) {
  (void)module;
  // Swift ends the process if an allocation fails, even that of an error to throw.
  void *volatile memory = malloc(BYTES_TO_START);
  if (memory == NULL) return PyErr_NoMemory();
  free(memory);
  return functions.start(arguments);
}

static PyObject *stop(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.stop(arguments);
}

static PyObject *flush(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.flush(arguments);
}

static PyObject *is_tracing(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.isTracing(arguments);
}

static PyObject *change_filter(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.changeFilter(arguments);
}

static PyObject *source(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.source(arguments);
}

static PyObject *show(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.show(arguments);
}

static PyObject *open_recording(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.openRecording(arguments);
}

static PyObject *event_kinds(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.eventKinds(arguments);
}

static PyObject *read_events(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.readEvents(arguments);
}

static PyObject *describe(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.describe(arguments);
}

static PyObject *contents(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.contents(arguments);
}

static PyObject *arrow_stream(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.arrowStream(arguments);
}

static PyObject *arrow_schema(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.arrowSchema(arguments);
}

static PyObject *export(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.exportRecording(arguments);
}

static PyObject *count_lines(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.countLines(arguments);
}

static PyObject *view(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.view(arguments);
}

static PyObject *source_lines(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.sourceLines(arguments);
}

static PyObject *progress(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.progress(arguments);
}

static PyObject *writer(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.writer(arguments);
}

static PyObject *program_ended(PyObject *module, PyObject *arguments) {
  (void)module;
  return functions.programEnded(arguments);
}

static PyObject *call(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *function, *values;
  if (!PyArg_ParseTuple(arguments, "OO!:call", &function, &PyTuple_Type, &values)) return NULL;
  return program_call(function, values);
}

static PyObject *run_file(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *path, *globals;
  if (!PyArg_ParseTuple(arguments, "UO!:run_file", &path, &PyDict_Type, &globals)) return NULL;
  return program_runFile(path, globals);
}

static PyObject *shut_down_threads(PyObject *module, PyObject *unused) {
  (void)module;
  (void)unused;
  program_shutDownThreads();
  Py_RETURN_NONE;
}

static PyObject *finish(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *exception, *script;
  if (!PyArg_ParseTuple(arguments, "OO:finish", &exception, &script)) return NULL;
  if (!PyExceptionInstance_Check(exception)) {
    PyErr_SetString(PyExc_TypeError, "finish() takes an exception");
    return NULL;
  }
  program_finish(exception, PyDict_Check(script) ? script : NULL);
}

static PyMethodDef methods[] = {
    {"start", start, METH_VARARGS,
     "start(request, /)\n--\n\nStarts tracing. Returns the session's number, 0 for none."},
    {"stop", stop, METH_VARARGS,
     "stop(number=None, /)\n--\n\n"
     "Ends tracing and writes out what is left."},
    {"flush", flush, METH_VARARGS, "flush(/)\n--\n\nWrites out what strategies hold back."},
    {"is_tracing", is_tracing, METH_VARARGS,
     "is_tracing(here=False, /)\n--\n\n"
     "Whether a session is running; or, if asked, whether one covers the calling thread."},
    {"change_filter", change_filter, METH_VARARGS,
     "change_filter(filter, /)\n--\n\n"
     "Changes which code is traced."},
    {"source", source, METH_VARARGS,
     "source(/)\n--\n\nWhere the events of the running session come from, or None."},
    {"show", show, METH_VARARGS,
     "show(recording, request, /)\n--\n\nWrites the events of a recording as text."},
    {"open_recording", open_recording, METH_VARARGS,
     "open_recording(path, children, /)\n--\n\nOpens a recording for reading."},
    {"event_kinds", event_kinds, METH_VARARGS,
     "event_kinds(/)\n--\n\n"
     "Returns the kinds of events, by number from 1: CPython's name, name, name to request it by."},
    {"read_events", read_events, METH_VARARGS,
     "read_events(recording, count, /)\n--\n\nReads the next events, a tuple each."},
    {"describe", describe, METH_VARARGS,
     "describe(recording, /)\n--\n\nTells what the headers of a recording's files say."},
    {"contents", contents, METH_VARARGS,
     "contents(recording, /)\n--\n\n"
     "Tells what a recording has beside its events: functions, threads, and what cannot be read."},
    {"arrow_stream", arrow_stream, METH_VARARGS,
     "arrow_stream(recording, table, requested_schema, /)\n--\n\n"
     "Returns a PyCapsule of the stream of a table. The recording is the stream's from then on."},
    {"arrow_schema", arrow_schema, METH_VARARGS,
     "arrow_schema(table, /)\n--\n\nReturns a PyCapsule of a table's schema."},
    {"export", export, METH_VARARGS,
     "export(recording, request, /)\n--\n\n"
     "Writes a recording in another tool's format."},
    {"count_lines", count_lines, METH_VARARGS,
     "count_lines(recording, selection, /)\n--\n\nTells how often each line ran."},
    {"view", view, METH_VARARGS,
     "view(recording, request, /)\n--\n\nGoes through a recording for a view of it."},
    {"source_lines", source_lines, METH_VARARGS,
     "source_lines(path, /)\n--\n\nReads a source as Python does: its lines, without their ends."},
    {"progress", progress, METH_VARARGS,
     "progress(recording, /)\n--\n\n"
     "Tells how many events a view has gone through, and of how many."},
    {"writer", writer, METH_VARARGS,
     "writer(path, /)\n--\n\n"
     "Returns the number of the process that is writing a recording, or None."},
    {"program_ended", program_ended, METH_VARARGS,
     "program_ended(end, /)\n--\n\nStores the end of the program in the running recording."},
    {"call", call, METH_VARARGS,
     "call(function, arguments, /)\n--\n\nCalls a function with no frame below it."},
    {"run_file", run_file, METH_VARARGS,
     "run_file(path, globals, /)\n--\n\n"
     "Runs a script with no frame below it, as the interpreter runs the one it is started with."},
    {"shut_down_threads", shut_down_threads, METH_NOARGS,
     "shut_down_threads(/)\n--\n\n"
     "Waits for the threads as the interpreter does at its end. Nothing of that is traced."},
    {"finish", finish, METH_VARARGS,
     "finish(exception, script, /)\n--\n\n"
     "Ends the process as an exception that nobody caught ends it. Does not return. `script` is\n"
     "the namespace of a script that raised it, else None."},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module) {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_SetString(
        PyExc_ImportError,
        "swifttrace runs in the main interpreter only, not in a sub-interpreter");
    return -1;
  }
  if (pythonCallbacks_addTo(module) < 0 || guarded_addTo(module) < 0) return -1;
  bool is_monitoring = CTraceHook_autoSource() == CTraceHook_SourceMonitoring;
  const char *source = is_monitoring ? "monitoring" : "settrace";
  if (PyModule_AddStringConstant(module, "auto_source", source) < 0) return -1;
  return PyModule_AddStringConstant(module, "compiled_for", PY_VERSION);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    compat_MODULE_SLOTS
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_swifttrace",
    .m_doc = "The engine of swifttrace. Use the package `swifttrace`.",
    .m_methods = methods,
    .m_slots = slots,
};

/// Whether the interpreter has the version and build kind of the headers that this was compiled
/// with. Only then are its frames laid out as `compat.h` reads them. Sets ImportError otherwise.
static bool is_fitting(void) {
  bool is_free = strstr(Py_GetVersion(), "free-threading") != NULL;
  if (Py_Version >> 16 == PY_VERSION_HEX >> 16 && is_free == compat_IS_FREE_THREADED) return true;
  PyErr_Format(
      PyExc_ImportError,
      "swifttrace does not fit this Python: its engine is built for CPython %d.%d%s, this is %s; "
      "run: python -m pip install --force-reinstall swifttrace",
      PY_MAJOR_VERSION, PY_MINOR_VERSION, compat_IS_FREE_THREADED ? "t" : "", Py_GetVersion());
  return false;
}

void *CTraceHook_makeModule(CTraceHook_ModuleFunctions given) {
  if (!is_fitting()) return NULL;
  functions = given;
  return PyModuleDef_Init(&definition);
}
