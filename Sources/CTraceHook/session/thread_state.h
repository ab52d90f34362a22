#pragma once

#include <stdatomic.h>

#include "CTraceHook_session.h"
#include "compat.h"

#pragma GCC visibility push(hidden)

/// The engine's state of one thread. It has two owners: the session's list, and the thread itself,
/// which releases it at its end, without the GIL.
typedef struct ThreadNode {
  struct ThreadNode *next;
  CTraceHook_ThreadHeader *head;  ///< The result of `enterThread`.
  _Atomic int owners;
} ThreadNode;

/// Caches the thread's PyThreadState. Shared by the thread and a capsule in the state's dict, which
/// clears it when the state is freed.
typedef struct CachedThreadState {
  PyThreadState *state;  ///< NULL when it is gone.
  _Atomic int owners;
} CachedThreadState;

/// The calling thread's cache of its state under a session. No session has `serial` 0.
typedef struct ThreadSlot {
  uint64_t serial;
  CTraceHook_ThreadHeader *head;
  ThreadNode *node;
  CachedThreadState *cached;
} ThreadSlot;

// initial-exec: one load relative to the thread pointer, also in a library loaded at run time (the
// loader keeps room for small variables like this one).
extern _Thread_local ThreadSlot threadState_slot __attribute__((tls_model("initial-exec")));

/// Looks up the calling thread's state, and caches it.
PyThreadState *threadState_find(void);

/// The calling thread's cached state, if it is active; else NULL. A thread may have several states
/// and use them in turn; only the used one is active.
static inline PyThreadState *threadState_known(void) {
  PyThreadState *state = threadState_slot.cached->state;
  return state != NULL && compat_isActive(state) ? state : NULL;
}

/// The calling thread's state. PyThreadState_Get is a call that takes longer than a line event.
static inline PyThreadState *threadState_current(void) {
  PyThreadState *state = threadState_known();
  return __builtin_expect(state != NULL, 1) ? state : threadState_find();
}

/// Creates the thread's state at its first event under a session. Frees the states of threads that
/// have ended.
CTraceHook_ThreadHeader *threadState_enter(
    const CTraceHook_Handlers *handlers, uint64_t serial, ThreadNode **list);

/// Frees the states of threads that have ended.
void threadState_sweep(const CTraceHook_Handlers *handlers, ThreadNode **list);

/// Frees the states of all threads, at the end of the session.
void threadState_leaveAll(const CTraceHook_Handlers *handlers, ThreadNode **list);

#pragma GCC visibility pop
