/// Watches `sys.settrace` and `sys.setprofile`, to which a program may pass the result of
/// `sys.gettrace()`.
///
/// CPython calls a function that is set there through one of its own, which looks for each frame's
/// `f_trace`. A frame that was running before has none, so it would have no events until its end.
#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Functions that recognise and restore sessions.
typedef struct SettersSession {
  /// Whether an object is a session that can be restored.
  bool (*is_running)(PyObject *object, bool profile);
  /// Restores it in the calling thread. -1 with a Python exception set.
  int (*put_back)(PyObject *object, bool profile);
} SettersSession;

/// Watches the functions from now on. The original functions handle all other objects.
void setters_watch(const SettersSession *session);

#pragma GCC visibility pop
