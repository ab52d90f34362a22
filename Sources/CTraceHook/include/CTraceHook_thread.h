/// Identity of the calling thread.
#pragma once

#include <stdint.h>

#include "CTraceHook_text.h"

typedef struct CTraceHook_Thread {
  uint64_t native_id;    ///< Thread ID of the system: `threading.get_native_id()`.
  uint64_t identifier;   ///< Thread ID of Python: `threading.get_ident()`.
  CTraceHook_Text name;  ///< `threading.current_thread().name`, read without running code; empty
                         ///< for a thread without a name. Borrowed.
} CTraceHook_Thread;

/// Number of the calling thread's PyThreadState, which is never reused.
uint64_t CTraceHook_threadNumber(void);

/// Describes the calling thread. `frame` is that of its current event.
CTraceHook_Thread CTraceHook_currentThread(const void *_Nonnull frame);
