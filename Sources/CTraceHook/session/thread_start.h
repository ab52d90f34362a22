#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Calls `started` each time the program starts a thread with `_thread`, which `threading` uses:
/// after the thread was created, and before it can run, because the GIL is held. NULL ends that. -1
/// with a Python exception set.
///
/// The functions of `_thread` remain the same objects; only their implementation is intercepted.
int threadStart_watch(void (*started)(void));

#pragma GCC visibility pop
