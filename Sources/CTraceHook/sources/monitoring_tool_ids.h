/// The tool IDs of `sys.monitoring`, and the events that are enabled for them.
#pragma once

#include "session/session.h"

#pragma GCC visibility push(hidden)

/// Takes free tool IDs. 3 and 4 have no defined purpose; 5 is meant for optimizers, which do not
/// exist; 3 is the first choice of other tools. Returns 0, 1 if other tools have too many, -1 with
/// an exception set.
int toolIDs_take(Tool *tools, int count);

/// The bit of an event, or -1 with an exception set.
long toolIDs_eventBit(const char *name);

/// `sys.monitoring.DISABLE`, owned; NULL with an exception set.
PyObject *toolIDs_disable(void);

/// Registers a callback for an event, given by its bit. False with an exception set.
bool toolIDs_register(const Tool *tool, long bit, PyObject *callback);

/// Enables the tool's events. False with an exception set.
bool toolIDs_ask(const Tool *tool);

/// Disables all events of a tool ID that is still held. Does nothing if another tool holds it, or
/// at the interpreter's end.
void toolIDs_end(const Tool *tool);

/// Whether the tool ID is still held, with its events enabled unless the session is over.
bool toolIDs_isIntact(const Tool *tool, bool is_over);

/// Frees a tool ID that is still held, and its callbacks.
void toolIDs_free(const Tool *tool);

/// Re-enables locations that were disabled (`restart_events`). False with an exception set.
bool toolIDs_restart(void);

#pragma GCC visibility pop
