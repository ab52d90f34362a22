// Python.h first: it enables the system's extensions, such as dladdr.
#include "compat.h"

#include "CTraceHook_host.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module/run_program.h"

#define VERSION Py_STRINGIFY(PY_MAJOR_VERSION) "." Py_STRINGIFY(PY_MINOR_VERSION)

/// Namespace of the host's Python source, with the helpers.
static PyObject *helpers;

static pthread_t main_thread;

const char *CTraceHook_hostVersion(void) { return VERSION; }

bool CTraceHook_hostIsRunning(void) { return Py_IsInitialized() != 0; }

bool CTraceHook_hostIsMainThread(void) { return pthread_equal(main_thread, pthread_self()) != 0; }

/// Finds the executable that was installed with the libpython in use: `bin/python3.13` in one of
/// the folders above it.
///
/// Otherwise the interpreter would use the first `python3` in PATH, possibly of another version.
/// Then `sys.executable`, and programs that are started with it, would be wrong.
static bool find_executable(char path[PATH_MAX]) {
  Dl_info info;
  if (dladdr((void *)Py_InitializeFromConfig, &info) == 0 || info.dli_fname == NULL) return false;
  if (realpath(info.dli_fname, path) == NULL) return false;
  static const char program[] = "/bin/python" VERSION;
  for (char *slash = strrchr(path, '/'); slash != NULL; slash = strrchr(path, '/')) {
    if ((size_t)(slash - path) + sizeof program > PATH_MAX) return false;
    memcpy(slash, program, sizeof program);
    if (access(path, X_OK) == 0) return true;
    *slash = '\0';
  }
  return false;
}

static PyStatus configure(PyConfig *config, const CTraceHook_HostSettings *settings) {
  char found[PATH_MAX];
  const char *executable = settings->executable;
  if (executable == NULL && settings->home == NULL && find_executable(found)) executable = found;
  config->isolated = settings->is_isolated;
  config->install_signal_handlers = settings->handles_signals;
  config->parse_argv = 0;
  PyStatus status = PyConfig_SetBytesString(config, &config->home, settings->home);
  if (PyStatus_Exception(status)) return status;
  return PyConfig_SetBytesString(config, &config->executable, executable);
}

static bool load_helpers(const char *source) {
  PyObject *code = Py_CompileString(source, "<swifttrace>", Py_file_input);
  helpers = PyDict_New();
  PyObject *result = code == NULL || helpers == NULL
          || PyDict_SetItemString(helpers, "__builtins__", PyEval_GetBuiltins()) < 0
      ? NULL
      : PyEval_EvalCode(code, helpers, helpers);
  Py_XDECREF(code);
  Py_XDECREF(result);
  return result != NULL;
}

bool CTraceHook_hostStart(
    const CTraceHook_HostSettings *settings, const char *source, char *message,
    ptrdiff_t capacity) {
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  PyStatus status = configure(&config, settings);
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status)) {
    const char *text = status.err_msg == NULL ? "the interpreter did not start" : status.err_msg;
    snprintf(message, (size_t)capacity, "%s", text);
    return false;
  }
  main_thread = pthread_self();
  bool loaded = load_helpers(source);
  if (!loaded) {
    PyErr_Print();
    snprintf(message, (size_t)capacity, "the host's own Python code does not run");
  }
  PyEval_SaveThread();
  return loaded;
}

int32_t CTraceHook_hostEnter(void) { return (int32_t)PyGILState_Ensure(); }

void CTraceHook_hostLeave(int32_t token) { PyGILState_Release((PyGILState_STATE)token); }

static PyObject *make_arguments(const void *object, CTraceHook_HostTexts texts) {
  Py_ssize_t first = object == NULL ? 0 : 1;
  PyObject *arguments = PyTuple_New(first + texts.count);
  if (arguments == NULL) return NULL;
  if (object != NULL) PyTuple_SET_ITEM(arguments, 0, Py_NewRef((PyObject *)object));
  const char *bytes = (const char *)texts.bytes;
  for (Py_ssize_t index = 0; index < texts.count; index++) {
    PyObject *text = PyUnicode_DecodeUTF8(bytes, texts.counts[index], "surrogateescape");
    if (text == NULL) {
      Py_DECREF(arguments);
      return NULL;
    }
    PyTuple_SET_ITEM(arguments, first + index, text);
    bytes += texts.counts[index];
  }
  return arguments;
}

void *CTraceHook_hostCall(
    const char *helper, const void *object, CTraceHook_HostTexts texts, bool silently) {
  PyObject *function = PyDict_GetItemString(helpers, helper);
  PyObject *arguments = make_arguments(object, texts);
  if (arguments == NULL) return NULL;
  PyThreadState *thread = PyThreadState_Get();
  if (silently) PyThreadState_EnterTracing(thread);
  PyObject *result = PyObject_Call(function, arguments, NULL);
  if (silently) PyThreadState_LeaveTracing(thread);
  Py_DECREF(arguments);
  return result;
}

void *CTraceHook_hostRun(const void *prepared) {
  PyObject *runner = PyTuple_GET_ITEM((PyObject *)prepared, 0);
  PyObject *argument = PyTuple_GET_ITEM((PyObject *)prepared, 1);
  return PyUnicode_Check(runner) ? program_runFile(runner, argument)
                                 : program_call(runner, argument);
}

void CTraceHook_hostReport(const void *exception) {
  compat_setException(Py_NewRef((PyObject *)exception));
  PyErr_PrintEx(1);
}

bool CTraceHook_hostStop(void) {
  Py_CLEAR(helpers);
  return Py_FinalizeEx() == 0;
}
