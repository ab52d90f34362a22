#pragma once

#include "session/session.h"

#pragma GCC visibility push(hidden)

/// Installs the session's functions in a thread, and remembers the displaced ones. -1 with a Python
/// exception set.
int threadHooks_inThread(Session *session, PyThreadState *thread);

/// Installs the session's functions in every thread that is newer than those seen before. -1 with a
/// Python exception set.
int threadHooks_inNewThreads(Session *session);

/// Like `threadHooks_inNewThreads`, but for a running program: a refusal by an audit hook or a lack
/// of memory is reported as an unraisable exception. The thread is not traced then.
void threadHooks_coverNewThreads(Session *session);

/// Removes the session's functions from every thread, and restores the displaced ones. Returns
/// whether all threads still had them.
bool threadHooks_releaseAll(Session *session);

/// Whether any thread has a function that is not the session's: the program's, or another tool's.
bool threadHooks_isAnyTaken(Session *session, bool profile);

/// Called at an event of a thread that still has the hook of an ended session. Removes it, restores
/// the displaced function and passes the event to that.
int threadHooks_passOn(
    Session *session, bool profile, PyFrameObject *frame, int what, PyObject *arg);

#pragma GCC visibility pop
