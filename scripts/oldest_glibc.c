// Linked into the extension of a wheel, so that it runs with glibc 2.28, whatever glibc it is built
// with. Calls of the functions below reach these definitions, which call their glibc 2.28 versions.
// Newer versions differ only in errno, or in the library that contains them. Old versions are named
// after the architecture's first glibc; glibc's `*.abilist` files list them.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define FIRST "GLIBC_2.2.5"
#define STAT_VERSION 1
#elif defined(__aarch64__)
#define FIRST "GLIBC_2.17"
#define STAT_VERSION 0
#else
#error "add the name of this architecture's first version of glibc"
#endif

/// Declares `old_NAME`, the version of a function in glibc 2.28.
#define OLD(result, name, parameters) \
  __asm__(".symver old_" #name ", " #name "@" FIRST); \
  result old_##name parameters

/// Defines a function that calls `old_NAME`.
#define PASS(result, name, parameters, arguments) \
  OLD(result, name, parameters); \
  result name parameters { return old_##name arguments; }

// 2.29: new versions that set errno without a wrapper.
PASS(double, exp, (double x), (x))
PASS(double, exp2, (double x), (x))
PASS(double, log, (double x), (x))
PASS(double, log2, (double x), (x))
// 2.35.
PASS(float, hypotf, (float x, float y), (x, y))

// 2.34: moved to libc from libdl and libpthread, which CPython has loaded with an older glibc.
PASS(int, dladdr, (const void *address, Dl_info *info), (address, info))
PASS(char *, dlerror, (void), ())
PASS(void *, dlopen, (const char *path, int mode), (path, mode))
PASS(void *, dlsym, (void *handle, const char *name), (handle, name))
PASS(int, pthread_attr_getstack, (const pthread_attr_t *attributes, void **start, size_t *size),
     (attributes, start, size))
PASS(int, pthread_create,
     (pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument),
     (thread, attributes, run, argument))
PASS(int, pthread_detach, (pthread_t thread), (thread))
PASS(int, pthread_join, (pthread_t thread, void **result), (thread, result))
PASS(int, pthread_key_create, (pthread_key_t *key, void (*destroy)(void *)), (key, destroy))
PASS(int, pthread_once, (pthread_once_t *once, void (*run)(void)), (once, run))
PASS(int, pthread_setspecific, (pthread_key_t key, const void *value), (key, value))
OLD(sem_t *, sem_open, (const char *name, int flags, ...));
sem_t *sem_open(const char *name, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  // Passed only with O_CREAT, and otherwise ignored.
  unsigned mode = va_arg(rest, unsigned), value = va_arg(rest, unsigned);
  va_end(rest);
  return old_sem_open(name, flags, mode, value);
}

// 2.32.
PASS(int, pthread_getattr_np, (pthread_t thread, pthread_attr_t *attributes), (thread, attributes))
PASS(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old))

// 2.33: exported functions; before, static code of each program that called these.
OLD(int, __xstat, (int version, const char *path, struct stat *status));
int stat(const char *path, struct stat *status) {
  return old___xstat(STAT_VERSION, path, status);
}
OLD(int, __fxstat, (int version, int descriptor, struct stat *status));
int fstat(int descriptor, struct stat *status) {
  return old___fxstat(STAT_VERSION, descriptor, status);
}

// Used by the static libstdc++: a function of 2.36, and a flag of 2.32 that avoids atomics.
uint32_t arc4random(void) {
  uint32_t number = 0;
  if (getentropy(&number, sizeof number) != 0) __builtin_trap();
  return number;
}
char __libc_single_threaded = 0;
