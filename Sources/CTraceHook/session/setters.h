/// Watching `sys.settrace` and `sys.setprofile`, to which a program may give what `sys.gettrace()`
/// has shown it.
///
/// CPython calls what is set there through a function of its own, which asks each frame whether it
/// wants events. A frame that was running before has not been asked: it would have none until its
/// end.
#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// How sessions are recognised and set.
typedef struct SettersSession {
  /// Whether an object is a session that can be put back.
  bool (*is_running)(PyObject *object, bool profile);
  /// Puts it back in the calling thread. -1 with a Python exception set.
  int (*put_back)(PyObject *object, bool profile);
} SettersSession;

/// Watches the functions from now on. The original functions set all else.
void setters_watch(const SettersSession *session);

#pragma GCC visibility pop
