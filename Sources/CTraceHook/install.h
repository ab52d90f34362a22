#pragma once

#include "session.h"

#pragma GCC visibility push(hidden)

/// Puts the session's functions in a thread, and remembers what stood there. -1 with a Python
/// exception set.
int install_inThread(Session *session, PyThreadState *thread);

/// Puts the session's functions in every thread that is newer than those seen before. -1 with a
/// Python exception set.
int install_inNewThreads(Session *session);

/// Takes the session's functions out of every thread, and puts back what stood there. Returns whether
/// all threads still had them.
bool install_releaseAll(Session *session);

#pragma GCC visibility pop
