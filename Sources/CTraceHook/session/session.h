#pragma once

#include "CTraceHook_session.h"
#include "compat.h"
#include "session/source.h"
#include "session/thread_state.h"

#pragma GCC visibility push(hidden)

/// Number of tool IDs of `sys.monitoring` that a session needs.
#define TOOL_COUNT (compat_FORGETS_OPCODES ? 2 : 1)

/// A tool ID of `sys.monitoring` that a session holds.
typedef struct Tool {
  int number;   ///< 0 if it holds none: the ID 0 is for debuggers.
  long events;  ///< The events that are enabled for it.
} Tool;

/// A trace or profile function that another tool had set in a thread before tracing started.
typedef struct Displaced {
  struct Displaced *next;
  uint64_t thread;  ///< PyThreadState.id
  bool is_profile;
  Py_tracefunc function;
  PyObject *object;  ///< Owned.
} Displaced;

/// The frame of a call in C code that fires its own events (fired.h).
typedef struct FiredFrame {
  struct FiredFrame *next;
  const CTraceHook_ThreadHeader *thread;
  const void *stack;      ///< The stack of frames: a `CTraceHook_ThreadHeader.root`.
  PyFrameObject *object;  ///< Owned.
} FiredFrame;

/// A running trace. The interpreter stores this object with the trace function, so `sys.gettrace()`
/// returns it. It can be called, because `sys.settrace(sys.gettrace())` has to work.
typedef struct Session {
  PyObject_HEAD
  CTraceHook_Handlers handlers;
  Py_tracefunc on_event;   ///< The function for PyEval_SetTrace, from the source `settrace`.
  /// Distinguishes this session's thread slots from an earlier session's. After the end,
  /// UINT64_MAX, which no slot has.
  uint64_t serial;
  uint64_t filter;         ///< Filter generation; UINT64_MAX after the end.
  /// The frame that the filter rejected last, while it is running, under PyEval_SetTrace: most
  /// events of untraced code are its lines. The address is only compared.
  const void *rejected;
  uint64_t newest_thread;  ///< PyThreadState.id of the newest thread that was seen.
  PyInterpreterState *interpreter;
  ThreadNode *threads;
  Displaced *displaced;
  FiredFrame *fired;       ///< The newest first.
  uint64_t starter;        ///< PyThreadState.id of the thread that started the session.
  int in_flight;           ///< Events that are being handled.
  bool all_threads;
  bool only_starter_thread;  ///< Another tool's function prevented tracing of other threads.
  CTraceHook_KindSet requested;
  bool found_no_tool;      ///< Other tools have the tool IDs that it needs.
  Tool tools[TOOL_COUNT];  ///< The session's tool IDs.
  long late_events;        ///< Enabled for the first tool ID once a function is traced.
  bool is_over;            ///< No more events are handled.
  struct Session *next;    ///< The next running session.
  bool is_stopped;         ///< CTraceHook_stop was called: the last event cleans up.
  const Source *source;
  Py_tracefunc on_profile; ///< The function for PyEval_SetProfile, from the source `settrace`.
} Session;

/// Creates a session without a source. NULL with a Python exception set.
Session *session_make(
    const CTraceHook_Handlers *handlers, bool all_threads, CTraceHook_KindSet requested,
    uint64_t filter);

/// Whether the fast tier handles lines.
bool session_hasFastLine(const Session *session);

/// Adds a session to the running ones.
void session_run(Session *session);

/// The running session of all threads, or one of those of single threads; NULL if none is running.
Session *session_running(void);

/// Whether an object is a session.
bool session_is(PyObject *object);

/// Makes the frame, or its nearest caller that is known, the innermost: calls above it ended
/// without events.
void session_resync(Session *session, const compat_Frame *frame);

/// Removes the session's functions from all threads: there are no more events.
void session_end(Session *session);

/// Frees the states of the threads and releases the engine, after the last event.
void session_clean(Session *session);

#pragma GCC visibility pop
