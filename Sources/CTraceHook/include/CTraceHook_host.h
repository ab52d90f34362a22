/// Starting and driving an interpreter inside another program.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Settings of the interpreter. The strings are UTF-8, end in NUL, and are copied.
typedef struct CTraceHook_HostSettings {
  const char *_Nullable home;        ///< Folder of the standard library; NULL to search for it.
  /// `sys.executable`, from which CPython derives other paths; NULL to search for it.
  const char *_Nullable executable;
  bool is_isolated;                  ///< Like `python -I`.
  bool handles_signals;              ///< Ctrl-C raises KeyboardInterrupt, SIGPIPE is ignored.
} CTraceHook_HostSettings;

/// Version of the headers that this was compiled with: `3.13`.
const char *_Nonnull CTraceHook_hostVersion(void);

/// Whether an interpreter is running in this process, whoever started it.
bool CTraceHook_hostIsRunning(void);

/// Starts the interpreter and runs `helpers`, the Python source of the functions that
/// CTraceHook_hostCall calls. The calling thread becomes Python's main thread, and does not hold
/// the GIL afterwards.
///
/// Returns false, with one line written to `message`, if the interpreter does not start. A second
/// attempt is impossible then.
bool CTraceHook_hostStart(
    const CTraceHook_HostSettings *_Nonnull settings, const char *_Nonnull helpers,
    char *_Nonnull message, ptrdiff_t capacity);

/// Whether the calling thread is the one that started the interpreter.
bool CTraceHook_hostIsMainThread(void);

/// Acquires the GIL, in any thread, even if the thread holds it. The result is passed to
/// CTraceHook_hostLeave.
int32_t CTraceHook_hostEnter(void);
void CTraceHook_hostLeave(int32_t token);

/// Strings as arguments: `counts[i]` bytes of UTF-8 each, one after the other.
typedef struct CTraceHook_HostTexts {
  const uint8_t *_Nullable bytes;
  const ptrdiff_t *_Nullable counts;
  ptrdiff_t count;
} CTraceHook_HostTexts;

/// Calls a helper with `object`, if that is not NULL, and the strings as str.
///
/// `silently`: tracers receive no events of the call. Returns an owned object, or NULL with a
/// Python exception set.
void *_Nullable CTraceHook_hostCall(
    const char *_Nonnull helper, const void *_Nullable object, CTraceHook_HostTexts texts,
    bool silently);

/// Runs the result of a helper: a pair `(path, namespace)` or `(function, arguments)`. There is no
/// Python frame below. Returns the value, owned, or NULL with the program's exception set.
void *_Nullable CTraceHook_hostRun(const void *_Nonnull prepared);

/// Reports an uncaught exception like the interpreter, through `sys.excepthook`. Not for
/// SystemExit, for which the interpreter would end the process.
void CTraceHook_hostReport(const void *_Nonnull exception);

/// Ends the interpreter. Called in the thread that started it, with the GIL held. Returns whether
/// all output of the program could be written.
bool CTraceHook_hostStop(void);
