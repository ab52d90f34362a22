#pragma once

#include <stdatomic.h>

#include "CTraceHook_session.h"
#include "compat.h"

#pragma GCC visibility push(hidden)

/// The engine's state of one thread. Two own it: the session's list, and the thread itself, which
/// lets go when it ends, at a time when nobody holds the GIL.
typedef struct ThreadNode {
  struct ThreadNode *next;
  CTraceHook_ThreadHeader *head;  ///< What `enterThread` gave.
  _Atomic int owners;
} ThreadNode;

/// Ties a thread to its PyThreadState, so that it need not be asked for. Two own it: the thread, and an object that the
/// state keeps, with which it goes.
typedef struct CachedThreadState {
  PyThreadState *state;  ///< NULL when it is gone.
  _Atomic int owners;
} CachedThreadState;

/// What a thread knows of the session that it runs under. `serial` 0 is no session's.
typedef struct ThreadSlot {
  uint64_t serial;
  CTraceHook_ThreadHeader *head;
  ThreadNode *node;
  CachedThreadState *cached;
} ThreadSlot;

// initial-exec: one load relative to the thread pointer, also in a library loaded at run time (the
// loader keeps room for small variables like this one).
extern _Thread_local ThreadSlot threadState_slot __attribute__((tls_model("initial-exec")));

/// Asks the interpreter for the calling thread's state, and ties the thread to it.
PyThreadState *threadState_find(void);

/// The calling thread's state, if the thread is tied to it; else NULL. A thread may use several states in turn; one
/// that it does not use is not active.
static inline PyThreadState *threadState_known(void) {
  PyThreadState *state = threadState_slot.cached->state;
  return state != NULL && compat_isActive(state) ? state : NULL;
}

/// The calling thread's state, as PyThreadState_Get gives it, which is a call that takes longer than an event's line.
static inline PyThreadState *threadState_current(void) {
  PyThreadState *state = threadState_known();
  return __builtin_expect(state != NULL, 1) ? state : threadState_find();
}

/// The calling thread's first event under a session: asks the engine for its state. States of threads that
/// are over are freed.
CTraceHook_ThreadHeader *threadState_enter(
    const CTraceHook_Handlers *handlers, uint64_t serial, ThreadNode **list);

/// Frees the states of threads that are over.
void threadState_sweep(const CTraceHook_Handlers *handlers, ThreadNode **list);

/// The session is over: frees the states of all threads.
void threadState_leaveAll(const CTraceHook_Handlers *handlers, ThreadNode **list);

#pragma GCC visibility pop
