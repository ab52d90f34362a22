/// Owning Python objects, raising exceptions, writing to Python files.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Adds a reference to the object.
void CTraceHook_retain(const void *_Nonnull object);

/// Releases a reference to the object, which may be the last one.
void CTraceHook_release(const void *_Nonnull object);

/// Like CTraceHook_release, for a thread that need not hold the GIL. Does nothing if the
/// interpreter has ended, and the object with it.
void CTraceHook_releaseAnywhere(const void *_Nonnull object);

/// The kinds of exception that the engine raises in Python.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_ErrorKind : uint8_t {
  CTraceHook_ErrorRuntime,  ///< RuntimeError
  CTraceHook_ErrorType,     ///< TypeError
  CTraceHook_ErrorValue,    ///< ValueError
  CTraceHook_ErrorOS,       ///< OSError, from `code`, with the message as file name.
} CTraceHook_ErrorKind;

/// Sets a Python exception. `message` is UTF-8; `code` is an errno, for ErrorOS.
void CTraceHook_raise(
    CTraceHook_ErrorKind kind, int32_t code, const char *_Nonnull message, ptrdiff_t count);

/// `None`, `True` or `False`; owned by the caller.
void *_Nonnull CTraceHook_makeNone(void);
void *_Nonnull CTraceHook_makeBool(bool value);

/// An int; owned by the caller. NULL with an exception set if there is no memory.
void *_Nullable CTraceHook_makeInt(int64_t value);

/// A str of UTF-8, in which invalid bytes become U+FFFD; owned by the caller. NULL with an
/// exception set if there is no memory.
void *_Nullable CTraceHook_makeString(const char *_Nonnull text, ptrdiff_t count);

/// Decodes bytes with one of Python's codecs, and passes the text to `take` as UTF-8, borrowed.
/// Returns false, and sets no exception, if there is no such codec or the bytes are not in that
/// encoding.
bool CTraceHook_decode(
    const void *_Nullable bytes, ptrdiff_t count, const char *_Nonnull encoding,
    void *_Nullable context,
    void (*_Nonnull take)(void *_Nullable context, const char *_Nonnull text, ptrdiff_t count));

/// A bytes object with a copy of `count` bytes, owned by the caller; NULL with an exception set.
void *_Nullable CTraceHook_makeBytes(const void *_Nullable bytes, ptrdiff_t count);

/// A new tuple, whose elements must be set with CTraceHook_setItem; owned by the caller. NULL with
/// an exception set if there is no memory.
void *_Nullable CTraceHook_makeTuple(ptrdiff_t count);

/// Sets an element of a new tuple. Steals the reference to `item`.
void CTraceHook_setItem(void *_Nonnull tuple, ptrdiff_t index, void *_Nonnull item);

/// An object for a pointer of the engine, owned by the caller. `release` is called when the object
/// is freed. NULL with an exception set if there is no memory; then `release` has been called.
void *_Nullable CTraceHook_makeHandle(
    void *_Nonnull pointer, void (*_Nonnull release)(void *_Nonnull));

/// The pointer of a handle, or NULL if the object is not a handle.
void *_Nullable CTraceHook_handle(const void *_Nonnull object);

/// Content of a PyCapsule of Arrow's protocol, which its name identifies.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_CapsuleKind : uint8_t {
  CTraceHook_CapsuleArrowStream,  ///< `arrow_array_stream`
  CTraceHook_CapsuleArrowSchema,  ///< `arrow_schema`
} CTraceHook_CapsuleKind;

/// A PyCapsule for a pointer, owned by the caller. `release` is called when the object is freed.
/// NULL with an exception set if there is no memory; then `release` has been called.
void *_Nullable CTraceHook_makeCapsule(
    CTraceHook_CapsuleKind kind, void *_Nonnull pointer, void (*_Nonnull release)(void *_Nonnull));

/// Whether the object is a PyCapsule of that kind.
bool CTraceHook_isCapsule(CTraceHook_CapsuleKind kind, const void *_Nonnull object);

/// Runs the handlers of signals that have arrived. False with an exception set if one raised.
bool CTraceHook_checkSignals(void);

/// Writes UTF-8 text with the `write` of a Python file object. Preserves a pending exception of the
/// program. Returns NULL, or the exception that `write` raised, owned by the caller.
void *_Nullable CTraceHook_write(
    const void *_Nonnull file, const char *_Nonnull text, ptrdiff_t count);

/// Calls the `flush` of a Python file object, if it has one. Returns like CTraceHook_write.
void *_Nullable CTraceHook_flush(const void *_Nonnull file);

/// Calls a Python function with the code object of a frame, and that of its caller or None. Returns
/// like CTraceHook_write.
void *_Nullable CTraceHook_reportFrame(const void *_Nonnull function, const void *_Nonnull frame);

/// Clears the exception that is set, and returns it, owned by the caller; NULL if there is none.
void *_Nullable CTraceHook_takeException(void);

/// Whether the exception is an `Exception`, and not one that ends programs (KeyboardInterrupt,
/// SystemExit).
bool CTraceHook_isOrdinary(const void *_Nonnull exception);

/// Sets an exception. Steals the reference to it.
void CTraceHook_raiseObject(void *_Nonnull exception);

/// The arguments (`args`) of an exception: a tuple, or an object of a subclass of tuple. NULL if it
/// has none, and for other objects. Borrowed.
const void *_Nullable CTraceHook_exceptionArguments(const void *_Nonnull exception);

/// Releases the GIL around a call that may block. The result is passed to CTraceHook_takeGIL.
void *_Nonnull CTraceHook_releaseGIL(void);
void CTraceHook_takeGIL(void *_Nonnull token);
