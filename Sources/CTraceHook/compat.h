/// Every difference between CPython versions, behind one name each. No other file asks for
/// PY_VERSION_HEX. Every file begins with this header: pyconfig.h sets feature macros, which system
/// headers must not see unset before.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

#if PY_VERSION_HEX < 0x030B0000
#error "swifttrace needs CPython 3.11 or newer"
#endif

// The newest version that the tests run with. Its successor may lay out frames differently.
#define compat_NEWEST 0x030F
#if PY_VERSION_HEX >> 16 > compat_NEWEST
#error "swifttrace does not know this version of CPython yet: the newest is 3.15"
#endif

// No public function reads a frame's variables without making `f_locals`, which writes to the
// frame. The layout of frames is internal, and installed with the headers, whose parameters are not
// all used.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define Py_BUILD_CORE 1
#include <internal/pycore_frame.h>
#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe.h>
#endif
#undef Py_BUILD_CORE
#pragma GCC diagnostic pop
#include <frameobject.h>
#include <opcode.h>

#if PY_VERSION_HEX >= 0x030C0000
#define compat_RequestCodeExtraIndex PyUnstable_Eval_RequestCodeExtraIndex
#define compat_GetCodeExtra PyUnstable_Code_GetExtra
#define compat_SetCodeExtra PyUnstable_Code_SetExtra
#else
#define compat_RequestCodeExtraIndex _PyEval_RequestCodeExtraIndex
#define compat_GetCodeExtra _PyCode_GetExtra
#define compat_SetCodeExtra _PyCode_SetExtra
#endif

/// Waits until no thread holds the lock on the interpreter's list of threads. CPython has no public
/// function for this alone: this one takes the lock to search for a thread that does not exist. The
/// caller holds the GIL.
static inline void compat_awaitThreadList(void) { PyThreadState_SetAsyncExc(ULONG_MAX, NULL); }

/// Whether a single thread's trace function can be set. Any thread's can in 3.11 and 3.12. From
/// 3.13 only the calling thread's, or those of all threads at once.
static inline bool compat_canSetThread(bool is_current) {
  return PY_VERSION_HEX < 0x030D0000 || is_current;
}

/// Sets the trace or profile function of a thread, which from 3.13 on must be the calling one.
/// Returns -1 with an exception set if an audit hook refuses. The function that 3.13 exports prints
/// a refusal instead of raising it, so audit hooks are called beforehand, and hear of it twice.
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

/// Sets the trace or profile function of all threads. An exception of an audit hook is printed.
static inline void compat_setAllThreads(bool profile, Py_tracefunc function, PyObject *object) {
#if PY_VERSION_HEX >= 0x030C0000
  (profile ? PyEval_SetProfileAllThreads : PyEval_SetTraceAllThreads)(function, object);
#else
  // Python code may run for each, in which threads come and go, so threads are identified by
  // number.
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

/// Whether a generator that an exception was thrown through goes on without a call event when the
/// one that it delegates to returns, as in 3.11.
#define compat_RESUMES_SILENTLY (PY_VERSION_HEX < 0x030C0000)

/// Whether the instruction returns from its function.
static inline bool compat_isReturn(int opcode) {
#ifdef RETURN_CONST
  if (opcode == RETURN_CONST) return true;
#endif
  return opcode == RETURN_VALUE || opcode == RETURN_GENERATOR;
}

/// A frame as events name it: the interpreter's own, which is there whether or not Python has a
/// frame object for it.
typedef struct _PyInterpreterFrame compat_Frame;

/// The frame of a frame object that is running.
static inline compat_Frame *compat_frame(PyFrameObject *object) {
  return object->f_frame;
}

/// The code object of a frame. Borrowed: the frame keeps it.
static inline PyCodeObject *compat_code(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  return (PyCodeObject *)PyStackRef_AsPyObjectBorrow(frame->f_executable);
#elif PY_VERSION_HEX >= 0x030D0000
  return (PyCodeObject *)frame->f_executable;
#else
  return frame->f_code;
#endif
}

/// The instruction that a frame is at, counted from the first of its code; negative before that.
static inline int compat_instruction(const compat_Frame *frame) {
  return _PyInterpreterFrame_LASTI((compat_Frame *)frame);
}

/// Returns the line at an offset in bytes, or -1 if there is none. A program that fires an event
/// can pass any offset; from CPython 3.14 on, `PyCode_Addr2Line` does not check it.
static inline int compat_lineAt(PyCodeObject *code, int offset) {
  int instruction = offset / (int)sizeof(_Py_CODEUNIT);
  return offset < 0 || instruction >= Py_SIZE(code) ? -1 : PyCode_Addr2Line(code, offset);
}

/// Moves a frame that the interpreter does not run above another one, and to an offset in bytes, if
/// the code has a line there.
static inline void compat_setPlace(compat_Frame *frame, int offset, const compat_Frame *below) {
  PyCodeObject *code = compat_code(frame);
  frame->previous = (compat_Frame *)below;
  if (compat_lineAt(code, offset) < 0) return;
  int instruction = offset / (int)sizeof(_Py_CODEUNIT);
#if PY_VERSION_HEX >= 0x030D0000
  frame->instr_ptr = _PyCode_CODE(code) + instruction;
#else
  frame->prev_instr = _PyCode_CODE(code) + instruction;
#endif
}

/// The line that a frame is at; 0 if it has none.
static inline int compat_line(const compat_Frame *frame) {
  int instruction = compat_instruction(frame);
  int offset = instruction < 0 ? -1 : instruction * (int)sizeof(_Py_CODEUNIT);
  int line = PyCode_Addr2Line(compat_code(frame), offset);
  return line < 0 ? 0 : line;
}

/// The frame below on the interpreter's stack, which may be a frame of C's; NULL for the lowest.
static inline const void *compat_below(const compat_Frame *frame) {
  return frame->previous;
}

/// Whether a frame stands for a call of the interpreter's loop by C, and runs no code of Python's.
static inline bool compat_isOfC(const compat_Frame *frame) {
#if PY_VERSION_HEX >= 0x030E0000
  return frame->owner >= FRAME_OWNED_BY_INTERPRETER;
#elif PY_VERSION_HEX >= 0x030C0000
  return frame->owner == FRAME_OWNED_BY_CSTACK;
#else
  (void)frame;
  return false;
#endif
}

/// The frame that called this one, or NULL.
static inline compat_Frame *compat_back(const compat_Frame *frame) {
  compat_Frame *back = frame->previous;
  while (back != NULL && (compat_isOfC(back) || _PyFrame_IsIncomplete(back))) back = back->previous;
  return back;
}

/// The frame below, where a generator owns that; else NULL.
static inline compat_Frame *compat_generatorBelow(const compat_Frame *frame) {
  compat_Frame *below = frame->previous;
  while (below != NULL && compat_isOfC(below)) below = below->previous;
  return below != NULL && below->owner == FRAME_OWNED_BY_GENERATOR ? below : NULL;
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
#if PY_VERSION_HEX >= 0x030D0000
  return thread->current_frame;
#else
  return thread->cframe->current_frame;
#endif
}

/// Python's object for a frame on the calling thread's stack, made if there is none yet; NULL for a
/// frame that is on no stack and has none. Borrowed.
static inline PyFrameObject *compat_frameObject(const compat_Frame *frame) {
  if (frame->frame_obj != NULL) return frame->frame_obj;
  PyFrameObject *object = PyEval_GetFrame();
  while (object != NULL && object->f_frame != frame) {
    object = PyFrame_GetBack(object);
    Py_XDECREF(object);  // Its caller keeps it.
  }
  return object;
}

/// The line of a frame that has a line event, where the interpreter has put it; else 0.
static inline int compat_knownLine(const PyFrameObject *frame) {
  return frame->f_lineno;
}

/// Like the above, but searched.
static inline int compat_eventLine(PyFrameObject *frame) {
  int line = compat_knownLine(frame);
  return line > 0 ? line : PyFrame_GetLineNumber(frame);
}

/// Reads an extension's `co_extra` slot, or NULL. Ten times faster than the public function.
static inline void *compat_codeExtra(PyCodeObject *code, Py_ssize_t index) {
  const struct { Py_ssize_t count; void *extras[1]; } *known = code->co_extra;
  return known != NULL && known->count > index ? known->extras[index] : NULL;
}

/// Whether there is `sys.monitoring`.
#define compat_HAS_MONITORING (PY_VERSION_HEX >= 0x030C0000)

/// Whether the line on which a function begins has no event where entering it has none: CPython
/// then takes it that the line was there before, as it does not know its own instruction for
/// entering, once that is specialised.
#define compat_HIDES_FIRST_LINES (PY_VERSION_HEX >= 0x030D0000)

/// Whether a debugger's `f_trace_opcodes = True` is forgotten at its `sys.settrace`, as
/// `breakpoint()` does it, where one tool of `sys.monitoring` is at work: CPython notes who asked
/// for a place when two tools ask for one event, and takes it that nobody has asked before. If
/// two do from the start, nothing is forgotten.
#define compat_FORGETS_OPCODES (PY_VERSION_HEX >= 0x030D0000)

/// Whether the characters of a str can be read. Up to 3.11 C code can make one that keeps them
/// elsewhere.
static inline bool compat_isReady(PyObject *string) {
#if PY_VERSION_HEX >= 0x030C0000
  (void)string;
  return true;
#else
  return PyUnicode_IS_READY(string);
#endif
}

/// The first fields of a dictionary's keys, which pycore_dict.h declares, a header that does not
/// compile beside Python.h.
typedef struct compat_Keys {
  Py_ssize_t count;
  uint8_t log2_size;
  uint8_t log2_index_bytes;
  uint8_t kind;  ///< 0 unless all keys are exactly str.
} compat_Keys;

/// Whether all keys of a dictionary are exactly str, so that a lookup of a str runs no code.
static inline bool compat_hasPlainKeys(PyObject *dictionary) {
  return ((const compat_Keys *)((PyDictObject *)dictionary)->ma_keys)->kind != 0;
}

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

/// Whether the `repr()` of a bytearray escapes a single quote within double ones.
#define compat_ESCAPES_QUOTES (PY_VERSION_HEX < 0x030F0000)

/// The name of variable `index` of a code object, in the order of its slots. Borrowed.
static inline PyObject *compat_localName(PyCodeObject *code, int index) {
  return PyTuple_GET_ITEM(code->co_localsplusnames, index);
}

/// Content of a frame's slot: a value, a cell, or NULL. Borrowed.
static inline PyObject *compat_slot(const compat_Frame *frame, int index) {
#if PY_VERSION_HEX >= 0x030E0000
  // The lowest bits of a reference say whether the frame counts it. Integers without an object,
  // which the bits can say too, stand on the value stack only.
  _PyStackRef ref = frame->localsplus[index];
  return PyStackRef_IsNull(ref) ? NULL : PyStackRef_AsPyObjectBorrow(ref);
#else
  return frame->localsplus[index];
#endif
}

/// Whether the slot holds a cell around the variable at the time of an event.
static inline bool compat_isCell(PyCodeObject *code, int index) {
  return (PyBytes_AS_STRING(code->co_localspluskinds)[index] & 0x40) != 0;  // CO_FAST_CELL
}

/// The qualified name of a generator, coroutine or asynchronous generator. Borrowed; may be NULL.
static inline PyObject *compat_generatorName(PyObject *generator) {
  return ((PyGenObject *)generator)->gi_qualname;  // The three kinds begin alike.
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

/// Address at which a thread stores its innermost frame. A C program's first call has
/// none.
static inline struct _PyInterpreterFrame **compat_currentFrame(PyThreadState *thread) {
#if PY_VERSION_HEX >= 0x030D0000
  return &thread->current_frame;
#else
  return &thread->cframe->current_frame;
#endif
}

/// The frame below a thread's first, or NULL. Profilers that read the process from outside take a
/// stack without it for one that changed while they read.
static inline struct _PyInterpreterFrame *compat_lowestFrame(PyThreadState *thread) {
#if PY_VERSION_HEX >= 0x030F0000
  return thread->base_frame;
#else
  (void)thread;
  return NULL;
#endif
}

/// A frame's `f_trace`, owned, or NULL.
static inline PyObject *compat_frameTrace(PyFrameObject *frame) {
  return Py_XNewRef(frame->f_trace);
}

/// Sets a frame's `f_trace`. `function` is taken over; NULL empties it.
static inline void compat_setFrameTrace(PyFrameObject *frame, PyObject *function) {
  Py_XSETREF(frame->f_trace, function);
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

/// Whether the interpreter has no GIL, or one that is switched on for modules such as this.
#ifdef Py_GIL_DISABLED
#define compat_IS_FREE_THREADED true
#else
#define compat_IS_FREE_THREADED false
#endif

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
