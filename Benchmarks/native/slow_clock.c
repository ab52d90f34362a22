// Preloaded library for runs under valgrind: slows CLOCK_MONOTONIC down, by a larger factor than
// valgrind slows the program.
//
// valgrind passes the processor's real counter through, so that about a hundred times the usual
// number of ticks lies between two events. swifttrace measures the counter's rate against this
// clock, and so computes short times again. Callgrind slows a program by a factor of 50 to 200, or
// more if other programs use the processor.
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
