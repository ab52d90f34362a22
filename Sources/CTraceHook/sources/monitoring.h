/// The source `monitoring`: `sys.monitoring`, from 3.12 on.
#pragma once

#include "session/session.h"

#pragma GCC visibility push(hidden)

/// Whether a session can have its events from `sys.monitoring`: it covers all threads, and asks for no
/// events that come to single frames or to PyEval_SetProfile alone.
bool monitor_gives(bool all_threads, CTraceHook_Wanted wanted);

/// Takes one of the numbers for tools, or two, and asks for the session's events. Returns 0, 1 where others have
/// them, or -1 with a Python exception set.
int monitor_start(Session *session);

/// No more events. May be called while one is being handled.
void monitor_end(Session *session);

/// Gives the numbers back. Returns whether the session still had it, and its events.
bool monitor_stop(Session *session);

/// Has locations asked again that were rejected. False with a Python exception set.
bool monitor_restart(void);

#pragma GCC visibility pop
