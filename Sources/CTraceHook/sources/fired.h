/// Events that C code fires itself with PyMonitoring_Fire*, such as Cython's with `profile=True`.
///
/// `sys.monitoring` passes on only a code object, and an offset in bytes or a line. No frame of the
/// interpreter runs that code. The engine identifies calls by their frames, so each such call gets
/// a frame that the interpreter does not know, until the call ends.
#pragma once

#include "sources/dispatch.h"

#pragma GCC visibility push(hidden)

// `place` is the event's offset in bytes, an int. Each function returns like its counterpart in
// dispatch.h.

/// A call or resume.
DispatchResult fired_enter(
    Session *session, PyCodeObject *code, PyObject *place, CTraceHook_Kind kind);

/// A resume by an exception. This event cannot be disabled.
DispatchResult fired_throw(Session *session, PyCodeObject *code, PyObject *place);

/// Like the two above, in a session that only lists the functions that are entered.
DispatchResult fired_enterOnly(Session *session, PyCodeObject *code, PyObject *place);
DispatchResult fired_throwOnly(Session *session, PyCodeObject *code, PyObject *place);

DispatchResult fired_line(Session *session, PyCodeObject *code, PyObject *line);

/// A line in a session that only counts lines.
DispatchResult fired_count(Session *session, PyCodeObject *code, PyObject *line);

/// A return, a yield (an await in a coroutine), or an unwind.
DispatchResult fired_leave(
    Session *session, PyCodeObject *code, PyObject *place, CTraceHook_Kind kind, PyObject *value);

DispatchResult fired_raise(
    Session *session, PyCodeObject *code, PyObject *place, PyObject *exception);

/// Frees the frames of calls that have not ended, at the end of the session.
void fired_forgetAll(Session *session);

#pragma GCC visibility pop
