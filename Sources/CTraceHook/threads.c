#include "threads.h"

#include <pthread.h>
#include <stdlib.h>

_Thread_local ThreadSlot threads_slot;

static void disown(ThreadNode *node) {
  if (atomic_fetch_sub(&node->owners, 1) == 1) free(node);
}

static pthread_key_t thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;

static void thread_ended(void *node) { disown(node); }

static void make_thread_key(void) {
  if (pthread_key_create(&thread_key, thread_ended) != 0) {
    Py_FatalError("swifttrace: no thread-specific storage left");
  }
}

CTraceHook_ThreadHead *threads_enter(
    const CTraceHook_Handlers *handlers, uint64_t serial, ThreadNode **list) {
  pthread_once(&thread_key_once, make_thread_key);
  threads_sweep(handlers, list);
  ThreadSlot *slot = &threads_slot;
  if (slot->node != NULL) disown(slot->node);  // An earlier session's.
  ThreadNode *node = malloc(sizeof *node);
  if (node == NULL) Py_FatalError("swifttrace: out of memory");
  node->head = handlers->enterThread(handlers->engine);
  atomic_init(&node->owners, 2);
  node->next = *list;
  *list = node;
  pthread_setspecific(thread_key, node);
  *slot = (ThreadSlot){.serial = serial, .head = node->head, .node = node};
  return node->head;
}

void threads_sweep(const CTraceHook_Handlers *handlers, ThreadNode **list) {
  for (ThreadNode **link = list; *link != NULL;) {
    ThreadNode *node = *link;
    if (atomic_load(&node->owners) > 1) {
      link = &node->next;
      continue;
    }
    *link = node->next;
    handlers->leaveThread(node->head);
    disown(node);
  }
}

void threads_leaveAll(const CTraceHook_Handlers *handlers, ThreadNode **list) {
  while (*list != NULL) {
    ThreadNode *node = *list;
    *list = node->next;
    handlers->leaveThread(node->head);
    disown(node);
  }
}
