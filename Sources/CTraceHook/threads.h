#pragma once

#include <stdatomic.h>

#include "CTraceHook_session.h"
#include "compat.h"

#pragma GCC visibility push(hidden)

/// The engine's state of one thread. Two own it: the session's list, and the thread itself, which
/// lets go when it ends, at a time when nobody holds the GIL.
typedef struct ThreadNode {
  struct ThreadNode *next;
  CTraceHook_ThreadHead *head;  ///< What `enterThread` gave.
  _Atomic int owners;
} ThreadNode;

/// What a thread knows of the session that it runs under. `serial` 0 is no session's.
typedef struct ThreadSlot {
  uint64_t serial;
  CTraceHook_ThreadHead *head;
  ThreadNode *node;
} ThreadSlot;

// initial-exec: one load relative to the thread pointer, also in a library loaded at run time (the
// loader keeps room for small variables like this one).
extern _Thread_local ThreadSlot threads_slot __attribute__((tls_model("initial-exec")));

/// The calling thread's first event under a session: asks the engine for its state. States of threads that
/// are over are freed.
CTraceHook_ThreadHead *threads_enter(
    const CTraceHook_Handlers *handlers, uint64_t serial, ThreadNode **list);

/// Frees the states of threads that are over.
void threads_sweep(const CTraceHook_Handlers *handlers, ThreadNode **list);

/// The session is over: frees the states of all threads.
void threads_leaveAll(const CTraceHook_Handlers *handlers, ThreadNode **list);

#pragma GCC visibility pop
