#pragma once

#include "session/session.h"

#pragma GCC visibility push(hidden)

/// Puts the session's functions in a thread, and remembers what stood there. -1 with a Python
/// exception set.
int threadHooks_inThread(Session *session, PyThreadState *thread);

/// Puts the session's functions in every thread that is newer than those seen before. -1 with a
/// Python exception set.
int threadHooks_inNewThreads(Session *session);

/// Like `threadHooks_inNewThreads`, while the program runs: an audit hook that refuses, or a lack of
/// memory, is reported as an exception that nobody can catch. The thread is not traced.
void threadHooks_coverNewThreads(Session *session);

/// Takes the session's functions out of every thread, and puts back what stood there. Returns whether
/// all threads still had them.
bool threadHooks_releaseAll(Session *session);

/// Whether any thread has a function that is not the session's: the program's, or another tool's.
bool threadHooks_isAnyTaken(Session *session, bool profile);

/// The session is over, and its function still stands in the calling thread, which has an event.
/// Takes it out, puts back what stood there, and hands the event to that.
int threadHooks_passOn(Session *session, bool profile, PyFrameObject *frame, int what, PyObject *arg);

#pragma GCC visibility pop
