/// Events that C code fires itself with PyMonitoring_Fire*, as Cython's does with `profile=True`.
///
/// `sys.monitoring` passes on what such code says: a code object, and an offset in bytes or a line.
/// No frame of the interpreter runs that code. The engine knows calls by their frames, so each gets
/// a frame that no interpreter knows, which is kept until the call's end.
#pragma once

#include "sources/dispatch.h"

#pragma GCC visibility push(hidden)

// `place` is the event's offset in bytes, an int. Each returns as its relative in dispatch.h does.

/// A call or a resumption.
DispatchResult fired_enter(
    Session *session, PyCodeObject *code, PyObject *place, CTraceHook_Kind kind);

/// A resumption by an exception, an event that cannot be disabled.
DispatchResult fired_throw(Session *session, PyCodeObject *code, PyObject *place);

/// Like the two above, in a session that only looks which functions are entered.
DispatchResult fired_enterOnly(Session *session, PyCodeObject *code, PyObject *place);
DispatchResult fired_throwOnly(Session *session, PyCodeObject *code, PyObject *place);

DispatchResult fired_line(Session *session, PyCodeObject *code, PyObject *line);

/// A line of a session that only counts them.
DispatchResult fired_count(Session *session, PyCodeObject *code, PyObject *line);

/// A return, a yield (of a coroutine: an await), or an unwind.
DispatchResult fired_leave(
    Session *session, PyCodeObject *code, PyObject *place, CTraceHook_Kind kind, PyObject *value);

DispatchResult fired_raise(
    Session *session, PyCodeObject *code, PyObject *place, PyObject *exception);

/// The session is over: drops the frames of calls that have not ended.
void fired_forgetAll(Session *session);

#pragma GCC visibility pop
