/// The source `monitoring`: `sys.monitoring`, from 3.12 on.
#pragma once

#include "session.h"

#pragma GCC visibility push(hidden)

/// Whether a session can have its events from `sys.monitoring`: it covers all threads, and asks for no
/// events that come to single frames or to PyEval_SetProfile alone.
bool monitor_gives(bool all_threads, CTraceHook_Wanted wanted);

/// Whether it is taken where nothing is said. It costs less on every version that has it; but on 3.13
/// `breakpoint()` stops a line later where `sys.monitoring` is used, whatever the tool does.
#define monitor_IS_PREFERRED (compat_HAS_MONITORING && PY_VERSION_HEX < 0x030D0000)

/// Takes one of the numbers for tools and asks for the session's events. Returns 0, 1 where all numbers are
/// taken, or -1 with a Python exception set.
int monitor_start(Session *session);

/// No more events. May be called while one is being handled.
void monitor_end(Session *session);

/// Gives the number back. Returns whether the session still had it, and its events.
bool monitor_stop(Session *session);

/// Has locations asked again that were rejected. False with a Python exception set.
bool monitor_restart(void);

#pragma GCC visibility pop
