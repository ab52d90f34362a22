/// The virtual counter, which the architecture guarantees to be steady.
#pragma once

#define CPlatform_PROCESSOR "-aarch64"

static inline uint64_t CPlatform_counter(void) {
  uint64_t count;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(count));
  return count;
}

static inline bool CPlatform_counterIsSteady(void) { return true; }
