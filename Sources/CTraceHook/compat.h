/// All differences between CPython versions, each behind one name. No other file uses
/// PY_VERSION_HEX. Every source file includes this header first: pyconfig.h sets feature macros
/// that must be set before system headers are included.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

#if PY_VERSION_HEX < 0x030B0000
#error "swifttrace needs CPython 3.11 or newer"
#endif

// The newest version that is tested. The next one may lay out frames differently.
#define compat_NEWEST 0x030F
#if PY_VERSION_HEX >> 16 > compat_NEWEST
#error "swifttrace does not know this version of CPython yet: the newest is 3.15"
#endif

// No public function reads a frame's variables without creating `f_locals`, which writes to the
// frame. The layout of frames is internal. Its headers are installed, and have unused parameters.
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
/// a refusal instead of raising it, so audit hooks are called beforehand, and thus twice.
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
  // Setting a function may run Python code, in which threads start and end, so threads are
  // identified by number.
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

/// Reads the next entry of a set or frozenset, without an iterator: that is an allocation, which
/// the garbage collector counts, and a collection would run the program's finalizers.
#if PY_VERSION_HEX >= 0x030D0000
extern int _PySet_NextEntry(PyObject *set, Py_ssize_t *position, PyObject **key, Py_hash_t *hash);
#endif

/// Whether the return event of a frame that an exception leaves has None as its value, as in 3.12,
/// and not NULL.
#define compat_UNWIND_HAS_NONE (PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030D0000)

/// Whether a generator through which an exception was thrown resumes without a call event when the
/// generator that it delegates to returns, as in 3.11.
#define compat_RESUMES_SILENTLY (PY_VERSION_HEX < 0x030C0000)

/// Whether a frame can raise before Python code can see it. In 3.15, a generator expression calls
/// `iter()` before it becomes a generator. CPython then passes the exception and the end of that
/// frame to the trace function as those of its caller, which goes on.
#define compat_HIDDEN_FRAMES_RAISE (PY_VERSION_HEX >= 0x030F0000)

/// Whether an instruction returns from its function.
static inline bool compat_isReturn(int opcode) {
#ifdef RETURN_CONST
  if (opcode == RETURN_CONST) return true;
#endif
  return opcode == RETURN_VALUE || opcode == RETURN_GENERATOR;
}

/// A frame in events: the interpreter's own structure, which exists whether or not Python has a
/// frame object for it.
typedef struct _PyInterpreterFrame compat_Frame;

/// The frame of a frame object whose code is running.
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

/// Index of a frame's current instruction in its code; negative before the first.
static inline int compat_instruction(const compat_Frame *frame) {
  return _PyInterpreterFrame_LASTI((compat_Frame *)frame);
}

/// Returns the line at an offset in bytes, or -1 if there is none. A program that fires an event
/// can pass any offset; from CPython 3.14 on, `PyCode_Addr2Line` does not check it.
static inline int compat_lineAt(PyCodeObject *code, int offset) {
  int instruction = offset / (int)sizeof(_Py_CODEUNIT);
  return offset < 0 || instruction >= Py_SIZE(code) ? -1 : PyCode_Addr2Line(code, offset);
}

/// Puts a frame that the interpreter does not run above another one. Sets its position to a byte
/// offset, if the code has a line there.
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

/// Current line of a frame; 0 if it has none.
static inline int compat_line(const compat_Frame *frame) {
  int instruction = compat_instruction(frame);
  int offset = instruction < 0 ? -1 : instruction * (int)sizeof(_Py_CODEUNIT);
  int line = PyCode_Addr2Line(compat_code(frame), offset);
  return line < 0 ? 0 : line;
}

/// The frame below on the interpreter's stack, which may be a C frame; NULL for the lowest.
static inline const void *compat_below(const compat_Frame *frame) {
  return frame->previous;
}

/// Whether a frame only represents a call of the interpreter loop by C code, and runs no Python
/// code.
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

/// The frame below if a generator owns it; else NULL.
static inline compat_Frame *compat_generatorBelow(const compat_Frame *frame) {
  compat_Frame *below = frame->previous;
  while (below != NULL && compat_isOfC(below)) below = below->previous;
  return below != NULL && below->owner == FRAME_OWNED_BY_GENERATOR ? below : NULL;
}

/// Whether a thread is using the state. Always false in 3.11, whose states do not contain this.
static inline bool compat_isActive(const PyThreadState *state) {
#if PY_VERSION_HEX >= 0x030C0000
  return state->_status.active;
#else
  (void)state;
  return false;
#endif
}

/// Whether the state is about to be freed. Always true in 3.11, whose states do not contain this.
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

/// Python's object for a frame on the calling thread's stack, created if there is none yet; NULL
/// for a frame that is on no stack and has none. Borrowed.
static inline PyFrameObject *compat_frameObject(const compat_Frame *frame) {
  if (frame->frame_obj != NULL) return frame->frame_obj;
  PyFrameObject *object = PyEval_GetFrame();
  while (object != NULL && object->f_frame != frame) {
    object = PyFrame_GetBack(object);
    Py_XDECREF(object);  // Its caller keeps it.
  }
  return object;
}

/// The line of a frame's line event, if the interpreter has stored it; else 0.
static inline int compat_knownLine(const PyFrameObject *frame) {
  return frame->f_lineno;
}

/// Like `compat_knownLine`, but computes a line that is not stored.
static inline int compat_eventLine(PyFrameObject *frame) {
  int line = compat_knownLine(frame);
  return line > 0 ? line : PyFrame_GetLineNumber(frame);
}

/// Reads an extension's `co_extra` slot; NULL if it is empty. Ten times faster than the public
/// function.
static inline void *compat_codeExtra(PyCodeObject *code, Py_ssize_t index) {
  const struct { Py_ssize_t count; void *extras[1]; } *known = code->co_extra;
  return known != NULL && known->count > index ? known->extras[index] : NULL;
}

/// Whether `sys.monitoring` exists.
#define compat_HAS_MONITORING (PY_VERSION_HEX >= 0x030C0000)

/// Whether CPython omits the first LINE event of a function whose PY_START event is not enabled: it
/// does not recognize its own RESUME instruction once that is specialised, and assumes that the
/// line has been reported.
#define compat_HIDES_FIRST_LINES (PY_VERSION_HEX >= 0x030D0000)

/// Whether a debugger's `f_trace_opcodes = True` is lost at its call of `sys.settrace`, as in
/// `breakpoint()`, if one tool of `sys.monitoring` is active. CPython stores which tools requested
/// an event at a location only when a second tool requests it, and then assumes that there was no
/// request before. With two tools from the start, nothing is lost.
#define compat_FORGETS_OPCODES (PY_VERSION_HEX >= 0x030D0000)

/// Whether the characters of a str can be read. Up to 3.11, C code can create a str that stores
/// them elsewhere.
static inline bool compat_isReady(PyObject *string) {
#if PY_VERSION_HEX >= 0x030C0000
  (void)string;
  return true;
#else
  return PyUnicode_IS_READY(string);
#endif
}

/// The first fields of a dictionary's keys. They are declared in pycore_dict.h, which does not
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

/// Value of an int that CPython made for a line or an offset: not negative, and of one digit.
static inline int compat_smallInt(PyObject *number) {
#if PY_VERSION_HEX >= 0x030C0000
  return (int)((PyLongObject *)number)->long_value.ob_digit[0];
#else
  return (int)PyLong_AsLong(number);
#endif
}

/// Reads an int that CPython stores in one digit. Returns false for any other int.
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

/// Name of the variable in slot `index` of a code object's frames. Borrowed.
static inline PyObject *compat_localName(PyCodeObject *code, int index) {
  return PyTuple_GET_ITEM(code->co_localsplusnames, index);
}

/// Content of a frame's slot: a value, a cell, or NULL. Borrowed.
static inline PyObject *compat_slot(const compat_Frame *frame, int index) {
#if PY_VERSION_HEX >= 0x030E0000
  // The lowest bits of a reference show whether the frame counts it. They can also mark an integer
  // without an object, but only on the value stack.
  _PyStackRef ref = frame->localsplus[index];
  return PyStackRef_IsNull(ref) ? NULL : PyStackRef_AsPyObjectBorrow(ref);
#else
  return frame->localsplus[index];
#endif
}

/// Whether, during an event, the slot contains a cell with the variable.
static inline bool compat_isCell(PyCodeObject *code, int index) {
  return (PyBytes_AS_STRING(code->co_localspluskinds)[index] & 0x40) != 0;  // CO_FAST_CELL
}

/// The qualified name of a generator, coroutine or asynchronous generator. Borrowed; may be NULL.
static inline PyObject *compat_generatorName(PyObject *generator) {
  return ((PyGenObject *)generator)->gi_qualname;  // The three kinds begin with the same fields.
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

/// Address at which a thread stores its innermost frame. The first call of a C program has none.
static inline struct _PyInterpreterFrame **compat_currentFrame(PyThreadState *thread) {
#if PY_VERSION_HEX >= 0x030D0000
  return &thread->current_frame;
#else
  return &thread->cframe->current_frame;
#endif
}

/// The frame below a thread's first, or NULL. Profilers that read the process from outside discard
/// a stack without it, as one that changed while they read.
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

/// Sets a frame's `f_trace`. Steals the reference to `function`; NULL clears it.
static inline void compat_setFrameTrace(PyFrameObject *frame, PyObject *function) {
  Py_XSETREF(frame->f_trace, function);
}

/// Called before a Python trace function runs. Updates the dictionary that `f_locals` has created,
/// so that earlier changes of it are not mistaken for values of the program. Up to 3.12 only.
static inline int compat_refreshLocals(PyFrameObject *frame) {
#if PY_VERSION_HEX >= 0x030D0000
  (void)frame;
  return 0;
#else
  return frame->f_fast_as_locals ? PyFrame_FastToLocalsWithError(frame) : 0;
#endif
}

/// Called after a Python trace function has run. Stores its changes of `f_locals` in the program's
/// variables. Up to 3.12 only.
static inline void compat_storeLocals(PyFrameObject *frame) {
#if PY_VERSION_HEX >= 0x030D0000
  (void)frame;
#else
  PyFrame_LocalsToFast(frame, 1);
#endif
}

/// Fields with the number of Python calls that the thread may still nest, and with its limit.
#if PY_VERSION_HEX >= 0x030C0000
#define compat_recursionRemaining py_recursion_remaining
#define compat_recursionLimit py_recursion_limit
#else
#define compat_recursionRemaining recursion_remaining
#define compat_recursionLimit recursion_limit
#endif

/// Lets the thread nest as many C calls as at the start of a program. Returns the number of calls
/// that were nested, for `compat_giveCalls`.
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

/// Clears the exception that is set, and returns it as one object, owned; NULL if there is none.
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

/// Sets an exception. Steals the reference to it; NULL clears the exception.
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

/// Whether the interpreter is built without a GIL (which it can enable for modules such as this).
#ifdef Py_GIL_DISABLED
#define compat_IS_FREE_THREADED true
#else
#define compat_IS_FREE_THREADED false
#endif

/// Slots that declare the module's support of features. Each slot exists from some version on.
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
