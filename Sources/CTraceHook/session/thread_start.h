#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Has `started` called each time that the program has started a thread by `_thread`, as `threading`
/// does too: after the thread was made, and before it can run, because the GIL is held. NULL ends it.
/// -1 with a Python exception set.
///
/// The functions of `_thread` stay the objects that they are; what they do is taken in between.
int threadStart_watch(void (*started)(void));

#pragma GCC visibility pop
