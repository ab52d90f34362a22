#include "compat.h"

#include "session/thread_state.h"

#include <pthread.h>
#include <stdlib.h>

static CachedThreadState no_state = {.state = NULL};

_Thread_local ThreadSlot threadState_slot = {.cached = &no_state};

static void disown(ThreadNode *node) {
  if (atomic_fetch_sub(&node->owners, 1) == 1) free(node);
}

static pthread_key_t thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;

static void unbind(CachedThreadState *cached) {
  if (cached != &no_state && atomic_fetch_sub(&cached->owners, 1) == 1) free(cached);
}

/// Called by the thread itself, as its last action.
static void thread_ended(void *object) {
  ThreadSlot *slot = object;
  if (slot->node != NULL) disown(slot->node);
  unbind(slot->cached);
  *slot = (ThreadSlot){.cached = &no_state};
}

static void make_thread_key(void) {
  if (pthread_key_create(&thread_key, thread_ended) != 0) {
    Py_FatalError("swifttrace: no thread-specific storage left");
  }
}

/// Registers `thread_ended` for the calling thread.
static void watch_end(void) {
  pthread_once(&thread_key_once, make_thread_key);
  pthread_setspecific(thread_key, &threadState_slot);
}

static const char capsule_name[] = "swifttrace.tie";

/// Called when the state is about to be freed.
static void state_ended(PyObject *capsule) {
  CachedThreadState *cached = PyCapsule_GetPointer(capsule, capsule_name);
  cached->state = NULL;
  unbind(cached);
}

/// Caches a state for the calling thread. False with an exception set.
static bool bind(PyThreadState *state) {
  PyObject *kept = PyThreadState_GetDict();  // Borrowed, and made if there is none yet.
  CachedThreadState *cached = kept == NULL ? NULL : malloc(sizeof *cached);
  if (cached == NULL) return PyErr_NoMemory() != NULL;
  cached->state = state;
  atomic_init(&cached->owners, 1);
  PyObject *capsule = PyCapsule_New(cached, capsule_name, state_ended);
  if (capsule == NULL) {
    free(cached);
    return false;
  }
  atomic_fetch_add(&cached->owners, 1);
  unbind(threadState_slot.cached);
  threadState_slot.cached = cached;
  watch_end();
  int result = PyDict_SetItemString(kept, capsule_name, capsule);
  Py_DECREF(capsule);
  return result == 0;
}

PyThreadState *threadState_find(void) {
  PyThreadState *state = PyThreadState_Get();
  // A state that is ending stores nothing more. A thread without a cache calls this at every event.
  if (threadState_slot.cached->state != NULL || compat_isEnding(state)) return state;
  if (!bind(state)) PyErr_Clear();
  return state;
}

CTraceHook_ThreadHeader *threadState_enter(
    const CTraceHook_Handlers *handlers, uint64_t serial, ThreadNode **list) {
  threadState_sweep(handlers, list);
  ThreadSlot *slot = &threadState_slot;
  if (slot->node != NULL) disown(slot->node);  // An earlier session's.
  CTraceHook_ThreadHeader *head = handlers->enterThread(handlers->engine);
  // The handler has ensured that there is enough memory.
  ThreadNode *node = malloc(sizeof *node);
  if (node == NULL) Py_FatalError("swifttrace: out of memory");
  node->head = head;
  atomic_init(&node->owners, 2);
  node->next = *list;
  *list = node;
  watch_end();
  *slot = (ThreadSlot){.serial = serial, .head = node->head, .node = node, .cached = slot->cached};
  return node->head;
}

void threadState_sweep(const CTraceHook_Handlers *handlers, ThreadNode **list) {
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

void threadState_leaveAll(const CTraceHook_Handlers *handlers, ThreadNode **list) {
  while (*list != NULL) {
    ThreadNode *node = *list;
    *list = node->next;
    handlers->leaveThread(node->head);
    disown(node);
  }
}
