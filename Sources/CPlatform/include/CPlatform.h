/// All differences between operating systems and processors, each behind one name.
///
/// A system is one file in systems/, which defines the functions of this header. A processor is one
/// header in processors/, which defines its counter; `other.h` is for all other processors. Code
/// outside this target calls POSIX functions directly, and uses no extensions of a system.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The system and processor that this was built for, in Python's form: `linux-x86_64`.
const char *_Nonnull CPlatform_name(void);

// MARK: - Clock

/// Nanoseconds of a clock that never goes back and is common to all processes.
uint64_t CPlatform_now(void);

/// Nanoseconds since 1970.
uint64_t CPlatform_wallTime(void);

/// Whether the system's own clock uses the processor's counter. Linux stops using it if the
/// counters of the processors differ.
bool CPlatform_trustsCounter(void);

// The counter, inline because a call costs more than reading it:
//
// - `CPlatform_counter()` reads it;
// - `CPlatform_counterIsSteady()` is whether it runs at one rate in all processors and all their
//   sleep states;
// - `CPlatform_PROCESSOR` is the processor's part of `CPlatform_name`, with a hyphen.
#if defined(__x86_64__)
#include "../processors/x86_64.h"
#elif defined(__aarch64__)
#include "../processors/aarch64.h"
#else
#include "../processors/other.h"
#endif

/// Whether the counter can be used for times.
static inline bool CPlatform_hasCounter(void) {
  return CPlatform_counterIsSteady() && CPlatform_trustsCounter();
}

// MARK: - Mappings

/// Maps private memory, all zero, that is zero again in the child of any fork, so that a child can
/// detect that it is one. NULL if there is no memory. A system that cannot wipe the memory copies
/// it, like Linux before 4.14.
void *_Nullable CPlatform_mapWiped(size_t length);

/// Maps a part of an open file for reading and writing. The child of a fork does not inherit the
/// mapping, because it must not write to its parent's file. NULL with `errno` set.
void *_Nullable CPlatform_mapFile(int32_t descriptor, uint64_t offset, size_t length);

/// Replaces the pages of a mapping from `start` on with private memory, which a child does not
/// inherit. Async-signal-safe. Returns false on failure.
bool CPlatform_replacePages(void *_Nonnull start, size_t length);

// MARK: - Files

/// Extends a file by blocks that are allocated on the disk. If the filesystem cannot reserve them,
/// the C library writes to each. Returns 0 or an `errno` value.
int32_t CPlatform_reserve(int32_t descriptor, uint64_t offset, uint64_t length);

/// Maximum size in bytes of files that the process may write (`RLIMIT_FSIZE`); UINT64_MAX for no
/// limit.
uint64_t CPlatform_fileSizeLimit(void);

/// Offset of the next bytes, from `offset` on, that take space on the disk; all bytes before them
/// are zero. -1 if there are none up to the file's end; `offset` if the filesystem does not support
/// this.
int64_t CPlatform_nextData(int32_t descriptor, uint64_t offset);

/// Locks an open file against other writers. The lock belongs to the open file description, not to
/// the process: it ends when the last descriptor of that is closed, and closing other descriptors
/// of the file does not end it. Does nothing on filesystems without locks.
void CPlatform_lock(int32_t descriptor);

/// Whether another open file description holds a lock on the file.
bool CPlatform_isLocked(int32_t descriptor);

/// Opens a symbolic link itself, not its target, to inspect it. -1 with `errno` set.
int32_t CPlatform_openLink(const char *_Nonnull path);

/// Whether a descriptor of `CPlatform_openLink` is a link of the kernel, such as /proc/self/fd/1,
/// which refers to an open file and has no path.
bool CPlatform_isSystemLink(int32_t descriptor);

/// Reads the target of a link with a descriptor of `CPlatform_openLink`, without a final NUL.
/// Returns the number of bytes, or -1 with `errno` set.
ptrdiff_t CPlatform_readLink(int32_t descriptor, char *_Nonnull target, ptrdiff_t capacity);

// MARK: - Processes and threads

/// Start time of a process, in the system's own units and from its own origin; 0 if there is no
/// such process, or the system does not provide the time; `CPlatform_hasEnded` for a process that
/// has ended and whose status its parent has not read. Distinguishes processes that had one ID in
/// turn.
#define CPlatform_hasEnded UINT64_MAX
uint64_t CPlatform_processStart(int32_t process);

/// The system's ID of the calling thread: `threading.get_native_id()`. The main thread's is the
/// process ID.
uint64_t CPlatform_threadID(void);

/// Registers `before`, called in the parent before each fork, and `in_child`, called in the child.
void CPlatform_onFork(void (*_Nonnull before)(void), void (*_Nonnull in_child)(void));

// MARK: - Lost pages of mapped files

/// Watches a mapping of a file. If the file is truncated below it, the lost pages become private
/// memory at the first access, and `CPlatform_isCutOff` is true from then on. Otherwise the system
/// would send SIGBUS, which ends the program. Called with the GIL held. False if there is no
/// memory.
bool CPlatform_watchMapping(void *_Nonnull start, size_t length);

/// Stops watching a mapping that is about to be unmapped. Called with the GIL held.
void CPlatform_forgetMapping(void *_Nonnull start);

/// Whether a page was lost since `CPlatform_handleBusErrors`.
bool CPlatform_isCutOff(void);

/// Installs the handler of SIGBUS. It passes every signal that does not come from a watched mapping
/// to the handler that was installed before. When this function is called again, a handler that the
/// program has installed meanwhile is put behind this one. A program that ignores SIGBUS continues
/// to ignore it.
///
/// - Parameter begins: whether a recording begins, so that no page has been lost yet.
void CPlatform_handleBusErrors(bool begins);

/// Restores the handler that was installed before, unless the program has installed another one
/// since.
void CPlatform_ignoreBusErrors(void);
