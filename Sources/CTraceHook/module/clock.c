#include "CTraceHook_clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

uint64_t CTraceHook_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#if defined(__x86_64__)
/// Whether the kernel keeps its own time by the counter: it stops when it finds that processors differ.
/// A guest's `kvm-clock` is the counter too. Where there is nothing to read, the processor's word counts.
static bool kernel_trusts_counter(void) {
  FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
  if (file == NULL) return true;
  char name[32] = "";
  size_t count = fread(name, 1, sizeof name - 1, file);
  fclose(file);
  if (count > 0 && name[count - 1] == '\n') name[count - 1] = '\0';
  return strcmp(name, "tsc") == 0 || strcmp(name, "kvm-clock") == 0
      || strcmp(name, "hyperv_clocksource_tsc_page") == 0;
}
#endif

bool CTraceHook_hasCounter(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  // Advanced power management: bit 8 of EDX is "invariant TSC".
  if (!__get_cpuid(0x80000007, &a, &b, &c, &d) || (d & 1u << 8) == 0) return false;
  return kernel_trusts_counter();
#elif defined(__aarch64__)
  return true;  // The architecture says so of CNTVCT_EL0.
#else
  return false;
#endif
}
