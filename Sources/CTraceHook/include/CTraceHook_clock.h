/// The processor's counter, for times that cost less than a call of the system's clock.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Nanoseconds of a clock that never goes back (CLOCK_MONOTONIC).
uint64_t CTraceHook_now(void);

/// Whether the counter goes on at one rate in all processors and all their states of sleep, and the
/// system itself trusts it.
bool CTraceHook_hasCounter(void);

/// The counter. In C because Swift has no name for the instruction; inline because a call costs more
/// than it.
static inline uint64_t CTraceHook_counter(void) {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t count;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(count));
  return count;
#else
  return CTraceHook_now();
#endif
}
