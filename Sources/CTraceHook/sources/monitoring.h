/// The source `monitoring`: `sys.monitoring`, from 3.12 on.
#pragma once

#include "session/source.h"

#pragma GCC visibility push(hidden)

/// Whether a session can receive its events from `sys.monitoring`: it covers all threads, and
/// requests neither opcodes, for which frames have a setting, nor C calls, which need
/// PyEval_SetProfile.
bool monitoring_gives(bool all_threads, CTraceHook_KindSet requested);

extern const Source monitoring_source;

#pragma GCC visibility pop
