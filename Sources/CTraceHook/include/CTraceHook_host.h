/// Starting and driving an interpreter inside another program.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How the interpreter is started. The texts are UTF-8, end in NUL, and are copied.
typedef struct CTraceHook_HostSettings {
  const char *_Nullable home;        ///< Folder of the standard library; NULL: found.
  /// `sys.executable`, from which the rest is found; NULL: found.
  const char *_Nullable executable;
  bool is_isolated;                  ///< As `python -I`.
  bool handles_signals;              ///< Ctrl-C raises KeyboardInterrupt, SIGPIPE is ignored.
} CTraceHook_HostSettings;

/// `3.13`: the version whose headers this was compiled with.
const char *_Nonnull CTraceHook_hostVersion(void);

/// Whether an interpreter is running in this process, whoever started it.
bool CTraceHook_hostIsRunning(void);

/// Starts the interpreter and runs `helpers`, the Python source of the functions that
/// CTraceHook_hostCall calls. The calling thread becomes Python's main thread, and does not hold
/// the GIL afterwards.
///
/// False, with one line written to `message`, when the interpreter refuses. No second attempt can
/// be made then.
bool CTraceHook_hostStart(
    const CTraceHook_HostSettings *_Nonnull settings, const char *_Nonnull helpers,
    char *_Nonnull message, ptrdiff_t capacity);

/// Whether the calling thread is the one that started the interpreter.
bool CTraceHook_hostIsMainThread(void);

/// Takes the GIL, in any thread, at any depth. The result goes to CTraceHook_hostLeave.
int32_t CTraceHook_hostEnter(void);
void CTraceHook_hostLeave(int32_t token);

/// Texts as arguments: `counts[i]` bytes of UTF-8 each, one behind the other.
typedef struct CTraceHook_HostTexts {
  const uint8_t *_Nullable bytes;
  const ptrdiff_t *_Nullable counts;
  ptrdiff_t count;
} CTraceHook_HostTexts;

/// Calls one of the helpers: with `object`, if there is one, and the texts as str.
///
/// `silently`: no event of what it runs reaches a tracer. Returns an owned object, or NULL with a
/// Python exception set.
void *_Nullable CTraceHook_hostCall(
    const char *_Nonnull helper, const void *_Nullable object, CTraceHook_HostTexts texts,
    bool silently);

/// Runs what a helper made ready: a pair `(path, namespace)` or `(function, arguments)`. No frame
/// of Python lies below. Returns the value, owned, or NULL with the program's exception set.
void *_Nullable CTraceHook_hostRun(const void *_Nonnull prepared);

/// Tells of an exception that nobody caught, as the interpreter does: through `sys.excepthook`. Not
/// for SystemExit, for which the interpreter would end the process.
void CTraceHook_hostReport(const void *_Nonnull exception);

/// Ends the interpreter, in the thread that started it, with the GIL held. Returns whether all that
/// the program had printed could be written out.
bool CTraceHook_hostStop(void);
