#pragma once

#include "CTraceHook_session.h"
#include "compat.h"

#pragma GCC visibility push(hidden)

/// Prepares the place where a code object keeps what the engine knows of it. False with a Python
/// exception set.
bool code_prepare(void (*forget_handler)(void *function));

/// What the interpreter knows of a code object. Borrowed from it.
CTraceHook_Code code_describe(PyCodeObject *code);

/// Counts the code objects that died: what was looked up before the last death may be stale.
extern uint64_t code_deaths;

/// What the engine keeps for the code object; made by `make` at its first event. NULL with a
/// Python exception set when the interpreter has no memory for it.
void *code_function(PyCodeObject *code, void *(*make)(const CTraceHook_Code *));

/// The same, or NULL where the code object has had no event.
void *code_knownFunction(PyCodeObject *code);

/// Whether frames of the code belong to a generator, a coroutine or an asynchronous generator.
static inline bool code_canSuspend(PyCodeObject *code) {
  return (code->co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
}

/// Whether a generator's frame stands where it was suspended.
bool code_isSuspended(PyCodeObject *code, PyFrameObject *frame);

/// Whether a call event starts the frame or goes on with it.
CTraceHook_Kind code_entryKind(PyCodeObject *code, PyFrameObject *frame);

/// Whether a return event ends the frame, suspends it, or tells of an exception that leaves it.
///
/// `value` is the event's argument; `has_raised` says that the event before, in the same thread, was
/// an exception in this frame.
CTraceHook_Kind code_exitKind(
    PyCodeObject *code, PyFrameObject *frame, PyObject *value, bool has_raised);

#pragma GCC visibility pop
