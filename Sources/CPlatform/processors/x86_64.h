/// The time stamp counter.
#pragma once

#include <cpuid.h>

#define CPlatform_PROCESSOR "-x86_64"

static inline uint64_t CPlatform_counter(void) { return __builtin_ia32_rdtsc(); }

static inline bool CPlatform_counterIsSteady(void) {
  unsigned a, b, c, d;
  // Advanced power management: bit 8 of EDX is "invariant TSC".
  return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & 1u << 8) != 0;
}
