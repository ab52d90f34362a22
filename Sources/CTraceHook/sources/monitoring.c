#include "compat.h"

#include "sources/monitoring.h"

#if compat_HAS_MONITORING

#include "sources/dispatch.h"
#include "sources/fired.h"
#include "sources/monitoring_tool_ids.h"

/// Callback for one kind of event: an object with a vectorcall of its own, which takes fewer
/// instructions than a function with METH_FASTCALL.
typedef struct Monitor {
  PyObject_HEAD
  vectorcallfunc vectorcall;
  vectorcallfunc next;  ///< Replaces `on_first` when the first function is traced.
  Session *session;     ///< Owned.
} Monitor;

static void monitor_dealloc(PyObject *self) {
  Py_XDECREF(((Monitor *)self)->session);
  PyObject_Free(self);
}

static PyTypeObject monitor_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "swifttrace.Monitor",
    .tp_doc = "Takes the events of one kind for a running trace.",
    .tp_basicsize = sizeof(Monitor),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Monitor, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = monitor_dealloc,
};

/// `sys.monitoring.DISABLE`. Borrowed from the interpreter, which never frees it.
static PyObject *disable = NULL;

/// The result of a callback. DISABLE disables the location of a function that is not traced.
static inline PyObject *answer(DispatchResult dispatched) {
  if (__builtin_expect(dispatched == DISPATCHED, 1)) return Py_None;  // Immortal.
  return dispatched == REJECTED ? disable : NULL;
}

/// Like `answer`, for events that cannot be disabled per location.
static inline PyObject *answer_everywhere(DispatchResult dispatched) {
  return dispatched == FAILED ? NULL : Py_None;
}

typedef PyObject *const *Arguments;

/// Whether there are `count` arguments. Their number is in the low bits of `nargs`, and never
/// large.
static inline bool has_count(size_t nargs, uint32_t count) {
  return __builtin_expect((uint32_t)nargs == count, 1);
}

/// Whether the arguments can be those of an event: a code object, and an offset or a line.
static bool are_event(Arguments arguments) {
  return PyCode_Check(arguments[0]) && PyLong_CheckExact(arguments[1]);
}

/// Whether two objects are ints: the offsets of a jump.
static inline bool are_ints(PyObject *from, PyObject *to) {
  return __builtin_expect(PyLong_CheckExact(from) && PyLong_CheckExact(to), 1);
}

/// Begins a callback. A program can call the object itself, with any arguments, even after the end:
/// then it returns None.
///
/// `fired` handles an event of code that the running frame does not run (fired.h).
#define BEGIN(count, fired)                                               \
  Session *session = ((Monitor *)self)->session;                          \
  (void)keywords;                                                         \
  if (__builtin_expect(session->is_over, 0)) return Py_None;              \
  if (!has_count(nargs, count)) return Py_None;                           \
  const compat_Frame *frame = compat_running(threadState_current());      \
  PyCodeObject *code = (PyCodeObject *)arguments[0];                      \
  if (__builtin_expect(frame == NULL || compat_code(frame) != code, 0)) { \
    if (!are_event(arguments)) return Py_None;                            \
    return answer(fired);                                                 \
  }                                                                       \
  CTraceHook_ThreadHeader *thread = dispatch_thread(session)

static PyObject *on_start(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(2, fired_enter(session, code, arguments[1], CTraceHook_KindCall));
  return answer(dispatch_call(session, thread, frame, code, CTraceHook_KindCall));
}

static PyObject *on_resume(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(2, fired_enter(session, code, arguments[1], CTraceHook_KindResume));
  return answer(dispatch_call(session, thread, frame, code, CTraceHook_KindResume));
}

/// An exception is thrown into a generator, which may not have been started.
static PyObject *on_throw(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, fired_throw(session, code, arguments[1]));
  return answer_everywhere(
      dispatch_call(
          session, thread, frame, code,
          code_entryKind(code, compat_codeExtra(code, code_extraIndex), frame)));
}

/// A line of a frame that is not the innermost traced one, or a line without a frame.
static __attribute__((noinline)) PyObject *on_other_line(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(2, fired_line(session, code, arguments[1]));
  if (!PyLong_CheckExact(arguments[1])) return Py_None;
  return answer(dispatch_slowLine(session, thread, frame, compat_smallInt(arguments[1])));
}

static __attribute__((noinline)) PyObject *on_line(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  Session *session = ((Monitor *)self)->session;
  if (__builtin_expect(session->is_over, 0)) return Py_None;
  const compat_Frame *frame = compat_running(threadState_current());
  CTraceHook_ThreadHeader *thread = dispatch_thread(session);
  // The innermost frame is not NULL.
  if (has_count(nargs, 2)
      && __builtin_expect(
          thread->innermost == frame && (PyObject *)compat_code(frame) == arguments[0]
              && PyLong_CheckExact(arguments[1]),
          1)) {
    return answer(
        dispatch_innermostLine(session, thread, frame, compat_smallInt(arguments[1])));
  }
  return on_other_line(self, arguments, nargs, keywords);
}

/// Like `on_line`, in a session with a fast tier. Most events are lines of the innermost frame.
/// The slow path repeats the lookups instead of receiving them, so that this function spills few
/// registers.
static PyObject *on_fast_line(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  (void)keywords;
  const Session *session = ((Monitor *)self)->session;
  const ThreadSlot *slot = &threadState_slot;
  PyThreadState *state = threadState_known();
  if (__builtin_expect(
          state != NULL && has_count(nargs, 2) && slot->serial == session->serial, 1)) {
    const compat_Frame *frame = compat_running(state);
    if (__builtin_expect(
            slot->head->innermost == frame && (PyObject *)compat_code(frame) == arguments[0]
                && PyLong_CheckExact(arguments[1]),
            1)) {
      int line = compat_smallInt(arguments[1]);
      if (__builtin_expect(dispatch_fastLine(session, slot->head, frame, line), 1)) return Py_None;
      return on_line(self, arguments, 2, NULL);
    }
  }
  return on_line(self, arguments, nargs, NULL);
}

/// PyEval_SetTrace has a line event for each jump back, even within a line; `sys.monitoring` has
/// one only if the line changes. Returns the line of a jump within one line, else -1.
static int line_of_loop(CTraceHook_FunctionHeader *function, PyCodeObject *code, int from, int to) {
  if (to > from) return -1;
  if (function->loop_from != from || function->loop_to != to) {
    int line = compat_lineAt(code, to);
    if (line < 0 || line != compat_lineAt(code, from)) return -1;
    function->loop_from = from;
    function->loop_to = to;
    function->loop_line = line;
  }
  return function->loop_line;
}

static PyObject *on_jump(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, REJECTED);
  if (!are_ints(arguments[1], arguments[2])) return Py_None;
  DispatchResult result;
  if (!dispatch_isInnermost(session, thread, frame, &result)) return answer(result);
  int line = line_of_loop(
      thread->function, code, compat_smallInt(arguments[1]), compat_smallInt(arguments[2]));
  return line < 0 ? disable : answer(dispatch_line(session, thread, frame, line));
}

/// A call or resume, in a session that only lists the functions that are entered.
static PyObject *on_entered(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(2, fired_enterOnly(session, code, arguments[1]));
  (void)thread;
  return answer(dispatch_enter(session, code, frame));
}

static PyObject *on_entered_by_throw(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, fired_throwOnly(session, code, arguments[1]));
  (void)thread;
  return answer_everywhere(dispatch_enter(session, code, frame));
}

/// A line in a session that only counts lines, of a function that is new or not traced.
static __attribute__((noinline)) PyObject *count_slowly(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(2, fired_count(session, code, arguments[1]));
  (void)thread;
  if (!PyLong_CheckExact(arguments[1])) return Py_None;
  return answer(dispatch_count(session, code, frame, compat_smallInt(arguments[1])));
}

/// A line in a session that only counts lines.
static PyObject *on_counted_line(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  Session *session = ((Monitor *)self)->session;
  // After the end of a session, no function has its filter generation.
  if (__builtin_expect(
          has_count(nargs, 2) && PyCode_Check(arguments[0]) && PyLong_CheckExact(arguments[1])
              && dispatch_countKnown(
                  session, (PyCodeObject *)arguments[0], compat_smallInt(arguments[1])),
          1)) {
    return Py_None;
  }
  return count_slowly(self, arguments, nargs, keywords);
}

static PyObject *on_counted_jump(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, REJECTED);
  (void)thread;
  if (!are_ints(arguments[1], arguments[2])) return Py_None;
  CTraceHook_FunctionHeader *function = code_function(code, session->handlers.define);
  if (function == NULL) return answer(dispatch_endForMemory(session));
  int line = line_of_loop(
      function, code, compat_smallInt(arguments[1]), compat_smallInt(arguments[2]));
  return line < 0 ? disable : answer(dispatch_count(session, code, frame, line));
}

static PyObject *on_return(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, fired_leave(session, code, arguments[1], CTraceHook_KindReturn, arguments[2]));
  return answer(
      dispatch_leave(session, thread, frame, code, CTraceHook_KindReturn, arguments[2]));
}

static PyObject *on_yield(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, fired_leave(session, code, arguments[1], CTraceHook_KindYield, arguments[2]));
  return answer(dispatch_leave(
      session, thread, frame, code, code_suspensionKind(code, frame), arguments[2]));
}

static PyObject *on_unwind(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, fired_leave(session, code, arguments[1], CTraceHook_KindUnwind, NULL));
  return answer_everywhere(
      dispatch_leave(session, thread, frame, code, CTraceHook_KindUnwind, NULL));
}

static PyObject *on_raise(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, fired_raise(session, code, arguments[1], arguments[2]));
  return answer_everywhere(dispatch_raise(session, thread, frame, arguments[2]));
}

/// The end of a generator that another one delegates to. A `for` loop over a generator also raises
/// this event, but only once FOR_ITER has been specialised: on 3.12 it never is under
/// PyEval_SetTrace, and from 3.13 on it depends on how often the loop has run before. So the end of
/// a loop is not an event.
static PyObject *on_stop_iteration(
    PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  BEGIN(3, fired_raise(session, code, arguments[1], arguments[2]));
  if (!PyLong_CheckExact(arguments[1])) return Py_None;
  if (code_opcode(code, compat_smallInt(arguments[1])) == END_FOR) return disable;
  if (!PyExceptionInstance_Check(arguments[2])) return Py_None;
  return answer(dispatch_raise(session, thread, frame, arguments[2]));
}

static void ask_late(PyObject *monitor, Session *session);

/// A call or resume, while no function has been traced.
static PyObject *on_first(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  Monitor *monitor = (Monitor *)self;
  Session *session = monitor->session;
  PyObject *result = monitor->next(self, arguments, nargs, keywords);
  if (result == NULL || session->is_over) return result;
  // A call that is traced has made its frame the innermost.
  if (dispatch_thread(session)->function != NULL) {
    monitor->vectorcall = monitor->next;
    ask_late(self, session);
  }
  return result;
}

/// An event of the second tool ID.
static PyObject *on_second(PyObject *self, Arguments arguments, size_t nargs, PyObject *keywords) {
  (void)self, (void)arguments, (void)nargs, (void)keywords;
  return disable;
}

/// One kind of event: its name in `sys.monitoring.events`, and its callback.
typedef struct Event {
  const char *name;
  vectorcallfunc callback;
  CTraceHook_Kind requested;  ///< The kind whose request enables it; 0: always enabled.
  /// Enabled only after the first traced call, because this event cannot be disabled per location.
  bool is_late;
} Event;

static const Event events[] = {
    {"PY_START", on_start, 0, false},
    {"PY_RESUME", on_resume, 0, false},
    {"PY_THROW", on_throw, 0, false},
    {"PY_RETURN", on_return, 0, false},
    {"PY_YIELD", on_yield, 0, false},
    {"PY_UNWIND", on_unwind, 0, true},
    {"LINE", on_line, CTraceHook_KindLine, false},
    {"JUMP", on_jump, CTraceHook_KindLine, false},
    {"RAISE", on_raise, CTraceHook_KindException, true},
    {"STOP_ITERATION", on_stop_iteration, CTraceHook_KindException, false},
};
enum { EVENT_COUNT = sizeof events / sizeof *events };

/// The callback of an event in a session; NULL if the session does not request it.
static vectorcallfunc callback_of(const Session *session, const Event *event) {
  bool is_optional = event->requested != 0;
  if (is_optional && !CTraceHook_hasKind(session->requested, event->requested)) return NULL;
  if (session->handlers.count != NULL) {
    if (event->callback == on_line) return on_counted_line;
    return event->callback == on_jump ? on_counted_jump : NULL;
  }
  if (session->handlers.enter != NULL) {
    if (event->callback == on_throw) return on_entered_by_throw;
    return event->callback == on_start || event->callback == on_resume ? on_entered : NULL;
  }
  if (event->callback == on_line && session_hasFastLine(session)) return on_fast_line;
  return event->callback;
}

/// Whether the event is enabled without a callback, so that CPython does not omit line events.
static bool is_needed(const Session *session, const Event *event) {
  return compat_HIDES_FIRST_LINES && session->handlers.count != NULL
      && (event->callback == on_start || event->callback == on_resume);
}

/// Registers a callback. False with an exception set.
static bool set_callback(const Tool *tool, long bit, vectorcallfunc callback, Session *session) {
  Monitor *monitor = PyObject_New(Monitor, &monitor_type);
  if (monitor == NULL) return false;
  bool is_entry = callback == on_start || callback == on_resume || callback == on_throw;
  monitor->vectorcall = is_entry ? on_first : callback;
  monitor->next = callback;
  monitor->session = (Session *)Py_NewRef(session);
  bool is_done = toolIDs_register(tool, bit, (PyObject *)monitor);
  Py_DECREF(monitor);
  return is_done;
}

/// Registers the callbacks of the events that the session requests. False with an exception set.
static bool set_callbacks(Session *session, Tool *tool) {
  for (int index = 0; index < EVENT_COUNT; index++) {
    const Event *event = &events[index];
    vectorcallfunc callback = callback_of(session, event);
    if (callback == NULL && !is_needed(session, event)) continue;
    long bit = toolIDs_eventBit(event->name);
    if (bit < 0) return false;
    *(event->is_late ? &session->late_events : &tool->events) |= bit;
    if (callback != NULL && !set_callback(tool, bit, callback, session)) return false;
  }
  return true;
}

/// Enables the events that only a traced function has. If that fails, the exception is printed and
/// the program continues.
static void ask_late(PyObject *monitor, Session *session) {
  Tool *tool = &session->tools[0];
  tool->events |= session->late_events;
  session->late_events = 0;
  if (!toolIDs_ask(tool)) PyErr_WriteUnraisable(monitor);
}

/// Enables an event of the first tool ID for a second one, so that a debugger receives the opcodes
/// that it requests (compat_FORGETS_OPCODES). Each location calls it once. False with an exception
/// set.
static bool set_second(Session *session, long asked, Tool *tool) {
  static const char *const names[] = {"PY_YIELD", "PY_RESUME", "JUMP"};
  for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
    long bit = toolIDs_eventBit(names[index]);
    if (bit < 0) return false;
    if (!(asked & bit)) continue;
    tool->events = bit;
    return set_callback(tool, bit, on_second, session);
  }
  return true;
}

bool monitoring_gives(bool all_threads, CTraceHook_KindSet requested) {
  return all_threads && !CTraceHook_hasKind(requested, CTraceHook_KindOpcode)
      && !CTraceHook_hasKind(requested, CTraceHook_KindCCall);
}

static bool restart(Session *session) {
  (void)session;
  return toolIDs_restart();
}

static int start(Session *session) {
  if (PyType_Ready(&monitor_type) < 0) return -1;
  if (disable == NULL) {
    disable = toolIDs_disable();
    if (disable == NULL) return -1;
  }
  Tool *tools = session->tools;
  int taken = toolIDs_take(tools, TOOL_COUNT);
  if (taken != 0) return taken;
  if (!set_callbacks(session, &tools[0])) return -1;
  if (TOOL_COUNT > 1 && !set_second(session, tools[0].events, &tools[TOOL_COUNT - 1])) return -1;
  // Otherwise, locations that an earlier session rejected would stay disabled.
  if (!toolIDs_restart()) return -1;
  for (int index = TOOL_COUNT - 1; index >= 0; index--) {
    if (!toolIDs_ask(&tools[index])) return -1;
  }
  return 0;
}

static void end(Session *session) {
  for (int index = 0; index < TOOL_COUNT; index++) toolIDs_end(&session->tools[index]);
}

static bool stop(Session *session) {
  bool is_intact = toolIDs_isIntact(&session->tools[0], session->is_over);
  end(session);
  for (int index = 0; index < TOOL_COUNT; index++) toolIDs_free(&session->tools[index]);
  return is_intact;
}

/// Threads need no preparation.
static void do_nothing(Session *session) { (void)session; }

static int cover_new_threads(Session *session) {
  (void)session;
  return 0;
}

const Source monitoring_source = {
    .name = CTraceHook_SourceMonitoring,
    .is_shown = false,
    .start = start,
    .started = do_nothing,
    .cover_new_threads = cover_new_threads,
    .restart = restart,
    .end = end,
    .stop = stop,
    .stopped = do_nothing,
    .clean = fired_forgetAll,
};

#else

bool monitoring_gives(bool all_threads, CTraceHook_KindSet requested) {
  (void)all_threads, (void)requested;
  return false;
}

// No session has this source, because `monitoring_gives` is false.
const Source monitoring_source = {.name = CTraceHook_SourceMonitoring};

#endif
