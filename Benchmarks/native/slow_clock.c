// Preloaded under valgrind, lets CLOCK_MONOTONIC go slower, by more than valgrind is slower.
//
// valgrind hands out the processor's own counter, so that between two events a hundred times the
// usual time passes. swifttrace measures the counter's rate against this clock, and so sees short
// times again. Callgrind is slower by 50 to 200; where other programs have the processor too, by
// more.
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SLOWER = 1000 };

int clock_gettime(clockid_t clock, struct timespec *time) {
  long result = syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && clock == CLOCK_MONOTONIC) {
    long long nanoseconds = (time->tv_sec * 1000000000LL + time->tv_nsec) / SLOWER;
    time->tv_sec = nanoseconds / 1000000000;
    time->tv_nsec = nanoseconds % 1000000000;
  }
  return (int)result;
}
