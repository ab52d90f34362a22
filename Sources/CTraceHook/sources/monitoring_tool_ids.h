/// The numbers that `sys.monitoring` has for tools, and the events that a tool asks for.
#pragma once

#include "session/session.h"

#pragma GCC visibility push(hidden)

/// Takes numbers that are free. 3 and 4 have no meaning of their own, and 5 is meant for optimizers, of which there are
/// none; 3 is what other tools take first. Returns 0, 1 where others have them, -1 with an exception set.
int toolIDs_take(Tool *tools, int count);

/// The bit of an event, or -1 with an exception set.
long toolIDs_eventBit(const char *name);

/// `sys.monitoring.DISABLE`, owned; NULL with an exception set.
PyObject *toolIDs_disable(void);

/// Has an event, whose bit is given, call an object. False with an exception set.
bool toolIDs_register(const Tool *tool, long bit, PyObject *callback);

/// Asks for the tool's events. False with an exception set.
bool toolIDs_ask(const Tool *tool);

/// No more events for a number that is still its own. Where another has it, or at the interpreter's end, there are
/// none.
void toolIDs_end(const Tool *tool);

/// Whether the number is still its own, and asks for its events; or for others, where it need not ask any more.
bool toolIDs_isIntact(const Tool *tool, bool is_over);

/// Gives a number back that is still its own, and the callbacks of its events.
void toolIDs_free(const Tool *tool);

/// Has locations asked again that were disabled. False with an exception set.
bool toolIDs_restart(void);

#pragma GCC visibility pop
