/// The interface of a source of events. A session calls its source through it.
#pragma once

#include "CTraceHook_session.h"
#include "compat.h"

#pragma GCC visibility push(hidden)

struct Session;

/// A source of events. Each source is one table.
typedef struct Source {
  CTraceHook_Source name;
  /// Whether `sys.gettrace()` shows the session, so that a program can call it and set it again.
  bool is_shown;
  /// Enables the session's events. Returns 0, 1 if other tools hold what it needs, or -1 with a
  /// Python exception set.
  int (*_Nonnull start)(struct Session *_Nonnull session);
  /// Called after the session was added to the running ones.
  void (*_Nonnull started)(struct Session *_Nonnull session);
  /// Covers the threads that are newer than those seen before. -1 with a Python exception set.
  int (*_Nonnull cover_new_threads)(struct Session *_Nonnull session);
  /// Called after the session's filter has changed: forgets what the earlier filter rejected. False
  /// with a Python exception set.
  bool (*_Nonnull restart)(struct Session *_Nonnull session);
  /// Disables the session's events. May be called while an event is being handled.
  void (*_Nonnull end)(struct Session *_Nonnull session);
  /// Disables the session's events if `end` has not, and releases what the source holds in the
  /// interpreter. Returns whether no other tool had taken that meanwhile.
  bool (*_Nonnull stop)(struct Session *_Nonnull session);
  /// Called after the session was removed from the running ones.
  void (*_Nonnull stopped)(struct Session *_Nonnull session);
  /// Frees the source's data in the session, after the last event.
  void (*_Nonnull clean)(struct Session *_Nonnull session);
} Source;

#pragma GCC visibility pop
