/// The handler of SIGBUS, for every system with POSIX signals.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct Range {
  _Atomic uintptr_t start;  ///< 0 if the entry is free.
  _Atomic uintptr_t end;
} Range;

enum { RANGES = 255 };

/// A table of watched mappings, in memory that is wiped in a child, where the parent's mappings do
/// not exist. Never freed, because the handler may read it in any thread.
typedef struct Table {
  Range ranges[RANGES];
  struct Table *_Atomic next;
} Table;

static Table *_Atomic tables = NULL;
static _Atomic bool is_cut_off = false;

static Table *make_table(void) { return CPlatform_mapWiped(sizeof(Table)); }

bool CPlatform_watchMapping(void *start, size_t length) {
  Table *_Atomic *link = &tables;
  while (true) {
    Table *table = atomic_load(link);
    if (table == NULL) {
      table = make_table();
      if (table == NULL) return false;
      atomic_store(link, table);
    }
    for (int index = 0; index < RANGES; index++) {
      Range *range = &table->ranges[index];
      if (atomic_load(&range->start) != 0) continue;
      atomic_store(&range->end, (uintptr_t)start + length);
      atomic_store(&range->start, (uintptr_t)start);
      return true;
    }
    link = &table->next;
  }
}

static Range *find(uintptr_t address) {
  for (Table *table = atomic_load(&tables); table != NULL; table = atomic_load(&table->next)) {
    for (int index = 0; index < RANGES; index++) {
      Range *range = &table->ranges[index];
      uintptr_t start = atomic_load(&range->start);
      if (start != 0 && start <= address && address < atomic_load(&range->end)) return range;
    }
  }
  return NULL;
}

void CPlatform_forgetMapping(void *start) {
  Range *range = find((uintptr_t)start);
  if (range != NULL) atomic_store(&range->start, 0);
}

bool CPlatform_isCutOff(void) { return atomic_load(&is_cut_off); }

/// Replaces a watched mapping with private memory, from the first lost page on. Calls only system
/// functions.
static bool replace_lost_pages(void *address) {
  Range *range = find((uintptr_t)address);
  if (range == NULL) return false;
  uintptr_t page = (uintptr_t)address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
  size_t length = atomic_load(&range->end) - page;
  if (!CPlatform_replacePages((void *)page, length)) return false;
  atomic_store(&is_cut_off, true);
  return true;
}

enum { HANDLERS = 8 };

/// The handlers that were installed before, the newest last.
static struct sigaction found[HANDLERS];
static _Atomic int found_count = 0;

/// Number of handlers to which the current fault has been passed. One of them may raise the signal
/// again and so return here, because it stored this handler as the one before it: then an older one
/// is next.
static _Atomic int passed = 0;

static void end_by_default(int number, const siginfo_t *info) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
  // A fault recurs when this handler returns; a signal that a process has sent does not.
  if (info->si_code <= 0) raise(number);
}

/// Unblocks the signal for a handler that was installed with SA_NODEFER.
static void unblock(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void pass_on(int number, siginfo_t *info, void *context) {
  bool is_fault = info->si_code > 0;
  if (is_fault) atomic_store(&passed, 0);
  int count = atomic_load(&found_count);
  int place = count - 1 - (count > 1 ? atomic_fetch_add(&passed, 1) : 0);
  struct sigaction next = {.sa_handler = SIG_DFL};
  if (place >= 0) next = found[place];
  bool has_details = next.sa_flags & SA_SIGINFO;
  if (!has_details && (next.sa_handler == SIG_DFL || (next.sa_handler == SIG_IGN && is_fault))) {
    end_by_default(number, info);
  } else if (has_details || next.sa_handler != SIG_IGN) {
    if (next.sa_flags & SA_NODEFER) unblock(number);
    if (has_details) {
      next.sa_sigaction(number, info, context);
    } else {
      next.sa_handler(number);
    }
  }
  if (count > 1 && atomic_load(&passed) > 0) atomic_fetch_sub(&passed, 1);
}

static void on_bus_error(int number, siginfo_t *info, void *context) {
  int error = errno;
  if (info->si_code != BUS_ADRERR || !replace_lost_pages(info->si_addr)) {
    pass_on(number, info, context);
  }
  errno = error;
}

static bool is_ours(const struct sigaction *action) {
  return (action->sa_flags & SA_SIGINFO) && action->sa_sigaction == on_bus_error;
}

static bool is_equal(const struct sigaction *one, const struct sigaction *other) {
  return (one->sa_flags & SA_SIGINFO) == (other->sa_flags & SA_SIGINFO)
      && one->sa_handler == other->sa_handler;
}

void CPlatform_handleBusErrors(bool begins) {
  if (begins) atomic_store(&is_cut_off, false);
  struct sigaction now;
  if (sigaction(SIGBUS, NULL, &now) != 0 || is_ours(&now)) return;
  // A process that ignores the signal passes that on to the programs that it executes.
  if (!(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_IGN) return;
  int place = 0, count = atomic_load(&found_count);
  while (place < count && !is_equal(&found[place], &now)) place++;
  if (place == HANDLERS) return;
  found[place] = now;
  atomic_store(&found_count, place + 1);
  atomic_store(&passed, 0);
  struct sigaction ours = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&ours.sa_mask);
  sigaction(SIGBUS, &ours, NULL);
}

void CPlatform_ignoreBusErrors(void) {
  struct sigaction now;
  int count = atomic_load(&found_count);
  if (count == 0 || sigaction(SIGBUS, NULL, &now) != 0 || !is_ours(&now)) return;
  sigaction(SIGBUS, &found[count - 1], NULL);
}
