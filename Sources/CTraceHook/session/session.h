#pragma once

#include "CTraceHook_session.h"
#include "compat.h"
#include "session/source.h"
#include "session/thread_state.h"

#pragma GCC visibility push(hidden)

/// How many numbers of `sys.monitoring` a session needs.
#define TOOL_COUNT (compat_FORGETS_OPCODES ? 2 : 1)

/// A tool ID of `sys.monitoring` that a session holds.
typedef struct Tool {
  int number;   ///< 0 if it holds none: that ID is for debuggers.
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

/// A frame that stands for the call of a function of C code, which fires its events itself
/// (fired.h).
typedef struct FiredFrame {
  struct FiredFrame *next;
  const CTraceHook_ThreadHeader *thread;
  const void *stack;      ///< The stack of frames: a `CTraceHook_ThreadHeader.root`.
  PyFrameObject *object;  ///< Owned.
} FiredFrame;

/// One running trace. It is the object that the interpreter keeps beside the trace function, so
/// `sys.gettrace()` shows it, and `sys.settrace(sys.gettrace())` has to work: it can be called.
typedef struct Session {
  PyObject_HEAD
  CTraceHook_Handlers handlers;
  Py_tracefunc on_event;   ///< The function for PyEval_SetTrace, from the source `settrace`.
  /// Distinguishes this session's thread slots from an earlier one's; no slot has it at the end.
  uint64_t serial;
  uint64_t filter;         ///< Tells this filter's decisions from another one's.
  /// The frame that the filter has left out last, while it goes on, under PyEval_SetTrace: most
  /// events of what is left out are lines of it. Its address is compared, never followed.
  const void *rejected;
  uint64_t newest_thread;  ///< PyThreadState.id of the newest thread that was looked at.
  PyInterpreterState *interpreter;
  ThreadNode *threads;
  Displaced *displaced;
  FiredFrame *fired;       ///< The newest first.
  uint64_t starter;        ///< PyThreadState.id of the thread that started the session.
  int in_flight;           ///< Events that are being handled.
  bool all_threads;
  bool only_starter_thread;  ///< Another tool's function kept it from other threads.
  CTraceHook_Requested requested;
  bool found_no_tool;      ///< Others had the numbers that it needs.
  Tool tools[TOOL_COUNT];  ///< The numbers that the session has there.
  long late_events;        ///< Enabled for the first as soon as a function is traced.
  bool is_over;            ///< No more events are handled.
  struct Session *next;    ///< The next of those that run.
  bool is_stopped;         ///< The engine has no more use for it: the last event cleans up.
  const Source *source;
  Py_tracefunc on_profile; ///< The function for PyEval_SetProfile, from the source `settrace`.
} Session;

/// Makes a session that has no source yet. NULL with a Python exception set.
Session *session_make(
    const CTraceHook_Handlers *handlers, bool all_threads, CTraceHook_Requested requested,
    uint64_t filter);

/// Whether the fast tier takes lines.
bool session_hasFastLine(const Session *session);

/// Adds a session to those that run.
void session_run(Session *session);

/// The session of all threads that runs, or any session of a single thread; NULL if none runs.
Session *session_running(void);

/// Whether an object is a session.
bool session_is(PyObject *object);

/// Makes the frame, or the nearest of its callers that is known, the innermost: calls above it
/// ended unseen.
void session_resync(Session *session, const compat_Frame *frame);

/// Takes the session's functions out of every thread: no more events.
void session_end(Session *session);

/// Frees the states of the threads and lets go of the engine, after the last event.
void session_clean(Session *session);

#pragma GCC visibility pop
