#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Calls `started` each time the program has started a thread by `_thread`, as `threading` does
/// too: after the thread was made, and before it can run, because the GIL is held. NULL ends that.
/// -1 with a Python exception set.
///
/// The functions of `_thread` remain the same objects; only their implementation is intercepted.
int threadStart_watch(void (*started)(void));

#pragma GCC visibility pop
