/// Every difference between CPython versions, behind one name each. No other file asks for
/// PY_VERSION_HEX.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

// 3.11 to 3.13 have no public way to read a frame's variables without making `f_locals`, which
// writes to the frame. Their frame layout is internal, and installed with the headers.
#if PY_VERSION_HEX < 0x030E0000
#define Py_BUILD_CORE 1
#include <internal/pycore_frame.h>
#undef Py_BUILD_CORE
#endif
#include <frameobject.h>
#include <opcode.h>

#if PY_VERSION_HEX < 0x030B0000
#error "swifttrace needs CPython 3.11 or newer"
#endif

#if PY_VERSION_HEX >= 0x030C0000
#define compat_RequestCodeExtraIndex PyUnstable_Eval_RequestCodeExtraIndex
#define compat_GetCodeExtra PyUnstable_Code_GetExtra
#define compat_SetCodeExtra PyUnstable_Code_SetExtra
#else
#define compat_RequestCodeExtraIndex _PyEval_RequestCodeExtraIndex
#define compat_GetCodeExtra _PyCode_GetExtra
#define compat_SetCodeExtra _PyCode_SetExtra
#endif

/// Whether a single thread's trace function can be set. Any thread's can in 3.11 and 3.12. From 3.13
/// only the calling thread's, or those of all threads at once.
static inline bool compat_canSetThread(bool is_current) {
  return PY_VERSION_HEX < 0x030D0000 || is_current;
}

/// Sets a thread's trace or profile function; from 3.13 the calling thread's. -1 with the exception
/// set of an audit hook that refuses. What 3.13 exports prints a refusal instead of raising it: so
/// audit hooks are asked before, and hear of it twice.
static inline int compat_setThread(
    PyThreadState *thread, bool profile, Py_tracefunc function, PyObject *object) {
#if PY_VERSION_HEX >= 0x030D0000
  (void)thread;
  if (PySys_Audit(profile ? "sys.setprofile" : "sys.settrace", NULL) < 0) return -1;
  (profile ? PyEval_SetProfile : PyEval_SetTrace)(function, object);
  return 0;
#else
  return (profile ? _PyEval_SetProfile : _PyEval_SetTrace)(thread, function, object);
#endif
}

/// Sets the trace or profile function of all threads. What an audit hook raises is printed.
static inline void compat_setAllThreads(bool profile, Py_tracefunc function, PyObject *object) {
#if PY_VERSION_HEX >= 0x030C0000
  (profile ? PyEval_SetProfileAllThreads : PyEval_SetTraceAllThreads)(function, object);
#else
  // Python code may run for each, in which threads come and go: they are told apart by number.
  PyInterpreterState *interpreter = PyInterpreterState_Get();
  for (uint64_t last = UINT64_MAX;;) {
    PyThreadState *thread = PyInterpreterState_ThreadHead(interpreter);
    while (thread != NULL && thread->id >= last) thread = PyThreadState_Next(thread);
    if (thread == NULL) return;
    last = thread->id;
    if (compat_setThread(thread, profile, function, object) < 0) PyErr_WriteUnraisable(NULL);
  }
#endif
}

/// The next entry of a set or frozenset, without making an iterator (an iterator is an allocation
/// that the garbage collector counts, and a collection would run the program's finalizers).
#if PY_VERSION_HEX >= 0x030D0000
extern int _PySet_NextEntry(PyObject *set, Py_ssize_t *position, PyObject **key, Py_hash_t *hash);
#endif

/// Whether a return event of a frame that an exception leaves carries None, as 3.12's does, and not
/// NULL.
#define compat_UNWIND_HAS_NONE (PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030D0000)

/// Whether a generator that an exception was thrown through goes on without a call event when the one
/// that it delegates to returns, as in 3.11.
#define compat_RESUMES_SILENTLY (PY_VERSION_HEX < 0x030C0000)

/// Whether the instruction returns from its function.
static inline bool compat_isReturn(int opcode) {
#ifdef RETURN_CONST
  if (opcode == RETURN_CONST) return true;
#endif
  return opcode == RETURN_VALUE || opcode == RETURN_GENERATOR;
}

/// A frame as events name it: the interpreter's own, which is there whether or not Python has a frame
/// object for it. From 3.14 on the frame object.
#if PY_VERSION_HEX < 0x030E0000
typedef struct _PyInterpreterFrame compat_Frame;
#else
typedef PyFrameObject compat_Frame;
#endif

/// The frame of a frame object that is running.
static inline compat_Frame *compat_frame(PyFrameObject *object) {
#if PY_VERSION_HEX >= 0x030E0000
  return object;
#else
  return object->f_frame;
#endif
}

/// The code object of a frame. Borrowed: the frame keeps it.
static inline PyCodeObject *compat_code(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  PyCodeObject *code = PyFrame_GetCode((PyFrameObject *)frame);
  Py_DECREF(code);
  return code;
#elif PY_VERSION_HEX >= 0x030D0000
  return (PyCodeObject *)frame->f_executable;
#else
  return frame->f_code;
#endif
}

/// The instruction that a frame is at, counted from the first of its code; negative before that.
static inline int compat_instruction(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  int offset = PyFrame_GetLasti((PyFrameObject *)frame);
  return offset < 0 ? -1 : offset / (int)sizeof(_Py_CODEUNIT);
#else
  return _PyInterpreterFrame_LASTI((compat_Frame *)frame);
#endif
}

/// The line that a frame is at; 0 where it has none.
static inline int compat_line(const compat_Frame *frame) {
  int instruction = compat_instruction(frame);
  int offset = instruction < 0 ? -1 : instruction * (int)sizeof(_Py_CODEUNIT);
  int line = PyCode_Addr2Line(compat_code(frame), offset);
  return line < 0 ? 0 : line;
}

/// What lies below the frame on the interpreter's stack, which may be a frame of C's; NULL where that is
/// not known.
static inline const void *compat_below(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  (void)frame;
  return NULL;
#else
  return frame->previous;
#endif
}

/// The frame that called this one, or NULL.
static inline compat_Frame *compat_back(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  PyFrameObject *back = PyFrame_GetBack((PyFrameObject *)frame);
  Py_XDECREF(back);  // The frame keeps it.
  return back;
#else
  compat_Frame *back = frame->previous;
#if PY_VERSION_HEX >= 0x030C0000
  while (back != NULL && (back->owner == FRAME_OWNED_BY_CSTACK || _PyFrame_IsIncomplete(back))) {
#else
  while (back != NULL && _PyFrame_IsIncomplete(back)) {
#endif
    back = back->previous;
  }
  return back;
#endif
}

/// The frame below, where a generator owns that; else NULL.
static inline compat_Frame *compat_generatorBelow(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  (void)frame;
  return NULL;
#else
  compat_Frame *below = frame->previous;
#if PY_VERSION_HEX >= 0x030C0000
  while (below != NULL && below->owner == FRAME_OWNED_BY_CSTACK) below = below->previous;
#endif
  return below != NULL && below->owner == FRAME_OWNED_BY_GENERATOR ? below : NULL;
#endif
}

/// Whether a thread uses the state now, as far as is known without a call.
static inline bool compat_isActive(const PyThreadState *state) {
#if PY_VERSION_HEX >= 0x030C0000
  return state->_status.active;
#else
  (void)state;
  return false;
#endif
}

/// Whether the state is about to be freed.
static inline bool compat_isEnding(const PyThreadState *state) {
#if PY_VERSION_HEX >= 0x030C0000
  return state->_status.finalizing;
#else
  (void)state;
  return true;
#endif
}

/// The frame that the thread is running.
static inline compat_Frame *compat_running(PyThreadState *thread) {
#if PY_VERSION_HEX >= 0x030E0000
  (void)thread;
  return PyEval_GetFrame();
#elif PY_VERSION_HEX >= 0x030D0000
  return thread->current_frame;
#else
  return thread->cframe->current_frame;
#endif
}

/// Python's object for a frame on the calling thread's stack, made if there is none yet; NULL for a frame
/// that is on no stack and has none. Borrowed.
static inline PyFrameObject *compat_frameObject(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  return (PyFrameObject *)frame;
#else
  if (frame->frame_obj != NULL) return frame->frame_obj;
  PyFrameObject *object = PyEval_GetFrame();
  while (object != NULL && object->f_frame != frame) {
    object = PyFrame_GetBack(object);
    Py_XDECREF(object);  // Its caller keeps it.
  }
  return object;
#endif
}

/// The line of a frame that has a line event, where the interpreter has put it; else 0.
static inline int compat_knownLine(const PyFrameObject *frame) {
#if PY_VERSION_HEX < 0x030E0000
  return frame->f_lineno;
#else
  (void)frame;
  return 0;
#endif
}

/// The same, looked for.
static inline int compat_eventLine(PyFrameObject *frame) {
  int line = compat_knownLine(frame);
  return line > 0 ? line : PyFrame_GetLineNumber(frame);
}

/// What stands in an extension's slot of a code object; NULL where nothing does. The interpreter's own
/// function for it takes ten times as long.
static inline void *compat_codeExtra(PyCodeObject *code, Py_ssize_t index) {
#if PY_VERSION_HEX >= 0x030E0000
  void *extra = NULL;
  compat_GetCodeExtra((PyObject *)code, index, &extra);
  return extra;
#else
  const struct { Py_ssize_t count; void *extras[1]; } *known = code->co_extra;
  return known != NULL && known->count > index ? known->extras[index] : NULL;
#endif
}

/// Whether the interpreter's own frame is not to be looked into: what it holds is asked of the frame object.
#define compat_HIDES_FRAMES (PY_VERSION_HEX >= 0x030E0000)

/// Whether there is `sys.monitoring`.
#define compat_HAS_MONITORING (PY_VERSION_HEX >= 0x030C0000)

/// Whether the line on which a function begins has no event where entering it has none: CPython then takes it that
/// the line was there before, as it does not know its own instruction for entering, once that is specialised.
#define compat_HIDES_FIRST_LINES (PY_VERSION_HEX >= 0x030D0000)

/// Whether a debugger's `f_trace_opcodes = True` is forgotten at its `sys.settrace`, as `breakpoint()` does it, where
/// one tool of `sys.monitoring` is at work: CPython notes who asked for a place when two tools ask for one event,
/// and takes it that nobody has asked before. Where two do from the start, nothing is forgotten.
#define compat_FORGETS_OPCODES (PY_VERSION_HEX >= 0x030D0000)

/// An int that CPython made for a line or an offset: not negative, and of one digit.
static inline int compat_smallInt(PyObject *number) {
#if PY_VERSION_HEX >= 0x030C0000
  return (int)((PyLongObject *)number)->long_value.ob_digit[0];
#else
  return (int)PyLong_AsLong(number);
#endif
}

/// The value of an int that CPython stores in one digit; false of any other int.
static inline bool compat_compactInt(PyObject *number, int64_t *result) {
#if PY_VERSION_HEX >= 0x030C0000
  if (!PyUnstable_Long_IsCompact((PyLongObject *)number)) return false;
  *result = PyUnstable_Long_CompactValue((PyLongObject *)number);
#else
  Py_ssize_t size = Py_SIZE(number);
  if (size < -1 || size > 1) return false;
  *result = size * (int64_t)((PyLongObject *)number)->ob_digit[0];
#endif
  return true;
}

/// The name of variable `index` of a code object, in the order of its slots. Borrowed.
static inline PyObject *compat_localName(PyCodeObject *code, int index) {
  return PyTuple_GET_ITEM(code->co_localsplusnames, index);
}

/// What stands in a frame's slot: a value, a cell, or NULL. Borrowed.
static inline PyObject *compat_slot(const compat_Frame *frame, int index) {
#if PY_VERSION_HEX >= 0x030E0000
  PyObject *value =
      PyFrame_GetVar((PyFrameObject *)frame, compat_localName(compat_code(frame), index));
  if (value == NULL) {
    PyErr_Clear();
    return NULL;
  }
  Py_DECREF(value);
  return value;
#else
  return frame->localsplus[index];
#endif
}

/// Whether the slot holds a cell around the variable at the time of an event. PyFrame_GetVar has
/// opened it already.
static inline bool compat_isCell(PyCodeObject *code, int index) {
#if PY_VERSION_HEX >= 0x030E0000
  (void)code, (void)index;
  return false;
#else
  return (PyBytes_AS_STRING(code->co_localspluskinds)[index] & 0x40) != 0;  // CO_FAST_CELL
#endif
}

/// The qualified name of a generator, coroutine or asynchronous generator. Borrowed; may be NULL.
static inline PyObject *compat_generatorName(PyObject *generator) {
#if PY_VERSION_HEX >= 0x030E0000
  PyObject *name = PyObject_GetAttrString(generator, "__qualname__");
  PyErr_Clear();
  Py_XDECREF(name);  // The generator keeps it.
  return name;
#else
  return ((PyGenObject *)generator)->gi_qualname;  // The three kinds begin alike.
#endif
}

/// Whether a generator, coroutine or asynchronous generator is running.
static inline bool compat_isRunning(PyObject *generator) {
  const char *name = PyCoro_CheckExact(generator) ? "cr_running"
      : PyAsyncGen_CheckExact(generator)          ? "ag_running"
                                                   : "gi_running";
  PyObject *running = PyObject_GetAttrString(generator, name);
  PyErr_Clear();
  Py_XDECREF(running);
  return running == Py_True;
}

/// Where a thread keeps its innermost frame. A C program's first call has none.
static inline struct _PyInterpreterFrame **compat_currentFrame(PyThreadState *thread) {
#if PY_VERSION_HEX >= 0x030D0000
  return &thread->current_frame;
#else
  return &thread->cframe->current_frame;
#endif
}

/// A frame's `f_trace`, owned, or NULL.
static inline PyObject *compat_frameTrace(PyFrameObject *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  PyObject *function = PyObject_GetAttrString((PyObject *)frame, "f_trace");
  if (function == Py_None) Py_CLEAR(function);
  return function;
#else
  return Py_XNewRef(frame->f_trace);
#endif
}

/// Sets a frame's `f_trace`. `function` is taken over; NULL empties it.
static inline void compat_setFrameTrace(PyFrameObject *frame, PyObject *function) {
#if PY_VERSION_HEX >= 0x030E0000
  PyObject *exception = PyErr_GetRaisedException();
  PyObject_SetAttrString((PyObject *)frame, "f_trace", function == NULL ? Py_None : function);
  Py_XDECREF(function);
  PyErr_SetRaisedException(exception);
#else
  Py_XSETREF(frame->f_trace, function);
#endif
}

/// Before a Python trace function runs: brings a dictionary that `f_locals` has made up to date, so
/// that what was written to it since is not taken for the program's values. Up to 3.12 only.
static inline int compat_refreshLocals(PyFrameObject *frame) {
#if PY_VERSION_HEX >= 0x030D0000
  (void)frame;
  return 0;
#else
  return frame->f_fast_as_locals ? PyFrame_FastToLocalsWithError(frame) : 0;
#endif
}

/// After it has run: what it wrote to `f_locals` goes to the program's variables.
static inline void compat_storeLocals(PyFrameObject *frame) {
#if PY_VERSION_HEX >= 0x030D0000
  (void)frame;
#else
  PyFrame_LocalsToFast(frame, 1);
#endif
}

/// How many more Python calls the thread may nest, and the limit that this counts down from.
#if PY_VERSION_HEX >= 0x030C0000
#define compat_recursionRemaining py_recursion_remaining
#define compat_recursionLimit py_recursion_limit
#else
#define compat_recursionRemaining recursion_remaining
#define compat_recursionLimit recursion_limit
#endif

/// How many more calls in C the thread may nest: all of them, at the start of a program.
static inline int compat_takeCalls(PyThreadState *thread) {
#if PY_VERSION_HEX >= 0x030E0000
  (void)thread;  // Counted in bytes of the C stack.
  return 0;
#elif PY_VERSION_HEX >= 0x030D0000
  int used = Py_C_RECURSION_LIMIT - thread->c_recursion_remaining;
  thread->c_recursion_remaining += used;
  return used;
#elif PY_VERSION_HEX >= 0x030C0000
  int used = C_RECURSION_LIMIT - thread->c_recursion_remaining;
  thread->c_recursion_remaining += used;
  return used;
#else
  (void)thread;  // Counted together with calls in Python.
  return 0;
#endif
}

static inline void compat_giveCalls(PyThreadState *thread, int used) {
#if PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030E0000
  thread->c_recursion_remaining -= used;
#else
  (void)thread, (void)used;
#endif
}

/// Takes the exception that is set, as one object, or NULL. Owned.
static inline PyObject *compat_takeException(void) {
#if PY_VERSION_HEX >= 0x030C0000
  return PyErr_GetRaisedException();
#else
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (type == NULL) return NULL;
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback != NULL) {
    PyException_SetTraceback(value, traceback);
    Py_DECREF(traceback);
  }
  Py_DECREF(type);
  return value;
#endif
}

/// Sets the exception, which is taken over; NULL clears.
static inline void compat_setException(PyObject *exception) {
#if PY_VERSION_HEX >= 0x030C0000
  PyErr_SetRaisedException(exception);
#else
  if (exception == NULL) {
    PyErr_Clear();
    return;
  }
  PyErr_Restore(
      Py_NewRef((PyObject *)Py_TYPE(exception)), exception, PyException_GetTraceback(exception));
#endif
}

/// Slots that say what the module supports; each exists from some version on.
#if PY_VERSION_HEX >= 0x030D0000
#define compat_MODULE_SLOTS                                                \
  {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED}, \
      {Py_mod_gil, Py_MOD_GIL_USED},
#elif PY_VERSION_HEX >= 0x030C0000
#define compat_MODULE_SLOTS \
  {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#else
#define compat_MODULE_SLOTS
#endif
