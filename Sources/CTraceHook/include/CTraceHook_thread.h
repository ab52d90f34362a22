/// Identity of the calling thread.
#pragma once

#include <stdint.h>

#include "CTraceHook_text.h"

typedef struct CTraceHook_Thread {
  uint64_t native_id;    ///< The system's number: `threading.get_native_id()`.
  uint64_t identifier;   ///< Python's: `threading.get_ident()`.
  CTraceHook_Text name;  ///< `threading.current_thread().name`, read without running code; empty
                         ///< for a thread without a name. Borrowed.
} CTraceHook_Thread;

/// The number of the calling thread's state in the interpreter, which no other thread has or will
/// have.
uint64_t CTraceHook_threadNumber(void);

/// The calling thread, whose event belongs to `frame`.
CTraceHook_Thread CTraceHook_currentThread(const void *_Nonnull frame);
