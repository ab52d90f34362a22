/// Linux 3.15 and newer.
#if defined(__linux__)

#define _GNU_SOURCE

#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

const char *CPlatform_name(void) { return "linux" CPlatform_PROCESSOR; }

static uint64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t CPlatform_now(void) { return read_clock(CLOCK_MONOTONIC); }

uint64_t CPlatform_wallTime(void) { return read_clock(CLOCK_REALTIME); }

bool CPlatform_trustsCounter(void) {
#if defined(__x86_64__)
  // A guest's `kvm-clock` is the counter too.
  static const char *const clocks[] = {"tsc", "kvm-clock", "hyperv_clocksource_tsc_page"};
  FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
  if (file == NULL) return true;  // Nothing contradicts the processor.
  char name[32] = "";
  size_t count = fread(name, 1, sizeof name - 1, file);
  fclose(file);
  if (count > 0 && name[count - 1] == '\n') name[count - 1] = '\0';
  for (size_t index = 0; index < sizeof clocks / sizeof *clocks; index++) {
    if (strcmp(name, clocks[index]) == 0) return true;
  }
  return false;
#else
  return true;
#endif
}

void *CPlatform_mapWiped(size_t length) {
  void *memory =
      mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  madvise(memory, length, MADV_WIPEONFORK);
  return memory;
}

void *CPlatform_mapFile(int32_t descriptor, uint64_t offset, size_t length) {
  void *memory =
      mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, (off_t)offset);
  if (memory == MAP_FAILED) return NULL;
  madvise(memory, length, MADV_DONTFORK);
  return memory;
}

bool CPlatform_replacePages(void *start, size_t length) {
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  if (mmap(start, length, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) return false;
  madvise(start, length, MADV_DONTFORK);
  return true;
}

int32_t CPlatform_reserve(int32_t descriptor, uint64_t offset, uint64_t length) {
  int result;
  do {
    result = posix_fallocate(descriptor, (off_t)offset, (off_t)length);
  } while (result == EINTR);
  return result;
}

uint64_t CPlatform_fileSizeLimit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return UINT64_MAX;
  return limit.rlim_cur;
}

int64_t CPlatform_nextData(int32_t descriptor, uint64_t offset) {
  off_t found = lseek(descriptor, (off_t)offset, SEEK_DATA);
  if (found >= 0) return found;
  // ENXIO: there is only a hole up to the end. Other errors: the filesystem does not support this.
  return errno == ENXIO ? -1 : (int64_t)offset;
}

void CPlatform_lock(int32_t descriptor) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  fcntl(descriptor, F_OFD_SETLK, &lock);
}

bool CPlatform_isLocked(int32_t descriptor) {
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

int32_t CPlatform_openLink(const char *path) {
  return open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

bool CPlatform_isSystemLink(int32_t descriptor) {
  struct stat link, folder;
  return fstat(descriptor, &link) == 0 && stat("/proc/self/fd", &folder) == 0
      && folder.st_dev == link.st_dev;
}

ptrdiff_t CPlatform_readLink(int32_t descriptor, char *target, ptrdiff_t capacity) {
  return readlinkat(descriptor, "", target, (size_t)capacity);
}

uint64_t CPlatform_processStart(int32_t process) {
  char path[32], text[4096];
  snprintf(path, sizeof path, "/proc/%d/stat", process);
  FILE *file = fopen(path, "re");
  if (file == NULL) return 0;
  size_t count = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[count] = '\0';
  // The second field is the program's name, in parentheses: it may have any characters. The start
  // is the 22nd field, in clock ticks since the system's start.
  const char *field = strrchr(text, ')');
  if (field != NULL && strncmp(field, ") Z", 3) == 0) return CPlatform_hasEnded;
  for (int number = 2; field != NULL && number < 22; number++) field = strchr(field + 1, ' ');
  return field == NULL ? 0 : strtoull(field + 1, NULL, 10);
}

uint64_t CPlatform_threadID(void) { return (uint64_t)syscall(SYS_gettid); }

void CPlatform_onFork(void (*before)(void), void (*in_child)(void)) {
  pthread_atfork(before, NULL, in_child);
}

#endif
