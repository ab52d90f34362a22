/// The source `monitoring`: `sys.monitoring`, from 3.12 on.
#pragma once

#include "session/source.h"

#pragma GCC visibility push(hidden)

/// Whether a session can have its events from `sys.monitoring`: it covers all threads, and asks for no
/// events that come to single frames or to PyEval_SetProfile alone.
bool monitoring_gives(bool all_threads, CTraceHook_Requested requested);

extern const Source monitoring_source;

#pragma GCC visibility pop
