#include "compat.h"

#include "session/thread_state.h"

#include <pthread.h>
#include <stdlib.h>

static ThreadTie no_tie = {.state = NULL};

_Thread_local ThreadSlot threads_slot = {.tie = &no_tie};

static void disown(ThreadNode *node) {
  if (atomic_fetch_sub(&node->owners, 1) == 1) free(node);
}

static pthread_key_t thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;

static void untie(ThreadTie *tie) {
  if (tie != &no_tie && atomic_fetch_sub(&tie->owners, 1) == 1) free(tie);
}

/// Called by the thread itself, as its last act.
static void thread_ended(void *object) {
  ThreadSlot *slot = object;
  if (slot->node != NULL) disown(slot->node);
  untie(slot->tie);
  *slot = (ThreadSlot){.tie = &no_tie};
}

static void make_thread_key(void) {
  if (pthread_key_create(&thread_key, thread_ended) != 0) {
    Py_FatalError("swifttrace: no thread-specific storage left");
  }
}

/// Has `thread_ended` called.
static void watch_end(void) {
  pthread_once(&thread_key_once, make_thread_key);
  pthread_setspecific(thread_key, &threads_slot);
}

static const char tie_name[] = "swifttrace.tie";

/// The state lets go of what it has: it is about to be freed.
static void state_ended(PyObject *capsule) {
  ThreadTie *tie = PyCapsule_GetPointer(capsule, tie_name);
  tie->state = NULL;
  untie(tie);
}

/// Ties the calling thread to a state. False with an exception set.
static bool tie_to(PyThreadState *state) {
  PyObject *kept = PyThreadState_GetDict();  // Borrowed, and made if there is none yet.
  ThreadTie *tie = kept == NULL ? NULL : malloc(sizeof *tie);
  if (tie == NULL) return PyErr_NoMemory() != NULL;
  tie->state = state;
  atomic_init(&tie->owners, 1);
  PyObject *capsule = PyCapsule_New(tie, tie_name, state_ended);
  if (capsule == NULL) {
    free(tie);
    return false;
  }
  atomic_fetch_add(&tie->owners, 1);
  untie(threads_slot.tie);
  threads_slot.tie = tie;
  watch_end();
  int result = PyDict_SetItemString(kept, tie_name, capsule);
  Py_DECREF(capsule);
  return result == 0;
}

PyThreadState *threads_findState(void) {
  PyThreadState *state = PyThreadState_Get();
  // A state that ends keeps nothing any more. Untied, a thread asks at every event.
  if (threads_slot.tie->state != NULL || compat_isEnding(state)) return state;
  if (!tie_to(state)) PyErr_Clear();
  return state;
}

CTraceHook_ThreadHead *threads_enter(
    const CTraceHook_Handlers *handlers, uint64_t serial, ThreadNode **list) {
  threads_sweep(handlers, list);
  ThreadSlot *slot = &threads_slot;
  if (slot->node != NULL) disown(slot->node);  // An earlier session's.
  CTraceHook_ThreadHead *head = handlers->enterThread(handlers->engine);
  // The handler has made sure of memory, and left some.
  ThreadNode *node = malloc(sizeof *node);
  if (node == NULL) Py_FatalError("swifttrace: out of memory");
  node->head = head;
  atomic_init(&node->owners, 2);
  node->next = *list;
  *list = node;
  watch_end();
  *slot = (ThreadSlot){.serial = serial, .head = node->head, .node = node, .tie = slot->tie};
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
