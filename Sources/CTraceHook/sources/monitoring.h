/// The source `monitoring`: `sys.monitoring`, from 3.12 on.
#pragma once

#include "session/source.h"

#pragma GCC visibility push(hidden)

/// Whether a session can get its events from `sys.monitoring`: it covers all threads, and requests
/// neither opcodes nor C calls, which only frames and PyEval_SetProfile have.
bool monitoring_gives(bool all_threads, CTraceHook_Requested requested);

extern const Source monitoring_source;

#pragma GCC visibility pop
