/// Starts a session. The only file that knows every source.
#include "compat.h"

#include "session/session.h"
#include "sources/monitoring.h"
#include "sources/settrace.h"

/// Whether the source can give the session its events. Sets a ValueError if not.
static bool check_source(
    CTraceHook_Source source, bool all_threads, CTraceHook_KindSet requested) {
  if (source != CTraceHook_SourceMonitoring) return true;
  if (monitoring_gives(all_threads, requested)) return true;
  PyErr_SetString(
      PyExc_ValueError,
      !compat_HAS_MONITORING ? "source 'monitoring' needs CPython 3.12 or newer"
          : all_threads ? "source 'monitoring' has no opcodes and no functions written in C"
                        : "source 'monitoring' covers all threads");
  return false;
}

/// Chooses the source and starts it. False with an exception set.
static bool begin(Session *session, CTraceHook_Source source) {
  bool prefers_monitoring = source == CTraceHook_SourceMonitoring
      || (source == CTraceHook_SourceAuto
          && monitoring_gives(session->all_threads, session->requested));
  if (prefers_monitoring) {
    session->source = &monitoring_source;
    int taken = session->source->start(session);
    if (taken <= 0) return taken == 0;
    session->found_no_tool = true;
  }
  session->source = &settrace_source;
  if (prefers_monitoring && source == CTraceHook_SourceMonitoring) {
    PyErr_SetString(
        PyExc_RuntimeError,
        "other tools hold the IDs of sys.monitoring that swifttrace uses (3, 4, 5); "
        "use source 'settrace'");
    return false;
  }
  return session->source->start(session) == 0;
}

void *CTraceHook_start(
    const CTraceHook_Handlers *handlers, bool all_threads, CTraceHook_KindSet requested,
    CTraceHook_Source source, uint64_t filter) {
  if (!check_source(source, all_threads, requested)) return NULL;
  Session *session = session_make(handlers, all_threads, requested, filter);
  if (session == NULL) return NULL;
  if (!begin(session, source)) {
    PyObject *exception = compat_takeException();
    session_end(session);
    session->source->stop(session);
    Py_DECREF(session);
    compat_setException(exception);
    return NULL;
  }
  session_run(session);
  session->source->started(session);
  return session;
}

CTraceHook_Source CTraceHook_autoSource(void) {
  return monitoring_gives(true, 0) ? CTraceHook_SourceMonitoring : CTraceHook_SourceSettrace;
}
