/// Everything that differs between operating systems and processors, behind one name each.
///
/// A system is one file in systems/, which defines the functions of this header. A processor is one
/// header in processors/, which defines its counter; any other processor has `other.h`. Code
/// outside this target calls POSIX functions directly and uses no extension of a system.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The system and the processor that this was built for, as Python names them: `linux-x86_64`.
const char *_Nonnull CPlatform_name(void);

// MARK: - Clock

/// Nanoseconds of a clock that never goes back and that all processes share.
uint64_t CPlatform_now(void);

/// Nanoseconds since 1970.
uint64_t CPlatform_wallTime(void);

/// Whether the system itself keeps its time by the processor's counter. Linux stops doing so when
/// it finds that the processors' counters differ.
bool CPlatform_trustsCounter(void);

// The counter, inline because a call costs more than reading it:
//
// - `CPlatform_counter()` reads it;
// - `CPlatform_counterIsSteady()` is whether it runs at one rate in all processors and all their
//   states of sleep;
// - `CPlatform_PROCESSOR` is the processor's part of `CPlatform_name`, with a hyphen.
#if defined(__x86_64__)
#include "../processors/x86_64.h"
#elif defined(__aarch64__)
#include "../processors/aarch64.h"
#else
#include "../processors/other.h"
#endif

/// Whether times can be taken from the counter.
static inline bool CPlatform_hasCounter(void) {
  return CPlatform_counterIsSteady() && CPlatform_trustsCounter();
}

// MARK: - Mappings

/// Maps private memory, all zero, that is zero again in the child of any fork, so that a child can
/// tell that it is one. NULL if there is no memory. A system that cannot wipe it copies it like any
/// other, as Linux did before 4.14.
void *_Nullable CPlatform_mapWiped(size_t length);

/// Maps a part of an open file for reading and writing. The child of a fork does not inherit the
/// mapping, because it must not write to its parent's file. NULL with `errno` set.
void *_Nullable CPlatform_mapFile(int32_t descriptor, uint64_t offset, size_t length);

/// Replaces the pages of a mapping from `start` on by private memory, which a child does not
/// inherit. Async-signal-safe.
bool CPlatform_replacePages(void *_Nonnull start, size_t length);

// MARK: - Files

/// Extends a file by blocks that have their place on the disk. If the filesystem cannot reserve
/// them, the C library writes to each. Returns 0 or an `errno` value.
int32_t CPlatform_reserve(int32_t descriptor, uint64_t offset, uint64_t length);

/// The size in bytes up to which the process may write files (`RLIMIT_FSIZE`); UINT64_MAX if there
/// is no limit.
uint64_t CPlatform_fileSizeLimit(void);

/// The offset of the next bytes, from `offset` on, that take room on the disk; between them there
/// are only zeros. -1 if there are none up to the file's end; `offset` if the filesystem cannot
/// tell.
int64_t CPlatform_nextData(int32_t descriptor, uint64_t offset);

/// Locks an open file against other writers. The lock belongs to the open file, not to the process:
/// it ends with its last descriptor, and no other descriptor of the file removes it. Filesystems
/// without locks are left as they are.
void CPlatform_lock(int32_t descriptor);

/// Whether another open file holds a lock on the file.
bool CPlatform_isLocked(int32_t descriptor);

/// Opens a symbolic link itself, not its target, for looking at it. -1 with `errno` set.
int32_t CPlatform_openLink(const char *_Nonnull path);

/// Whether a descriptor of `CPlatform_openLink` is a link of the system's own, such as
/// /proc/self/fd/1, which names an open file and has no path.
bool CPlatform_isSystemLink(int32_t descriptor);

/// Reads the target of a descriptor of `CPlatform_openLink`, without a NUL at its end. Returns the
/// number of bytes, or -1 with `errno` set.
ptrdiff_t CPlatform_readLink(int32_t descriptor, char *_Nonnull target, ptrdiff_t capacity);

// MARK: - Processes and threads

/// The time at which a process began, in units and from an origin of the system's own; 0 if there
/// is no such process, or the system does not say; `CPlatform_hasEnded` if it only waits for its
/// parent to take its status. Distinguishes processes that had one ID in turn.
#define CPlatform_hasEnded UINT64_MAX
uint64_t CPlatform_processStart(int32_t process);

/// The system's ID of the calling thread: `threading.get_native_id()`. The main thread's is the
/// process's.
uint64_t CPlatform_threadID(void);

/// Registers `before`, called in the parent before each fork, and `in_child`, called in the child.
void CPlatform_onFork(void (*_Nonnull before)(void), void (*_Nonnull in_child)(void));

// MARK: - Lost pages of mapped files

/// Watches a mapping of a file: if the file is cut off below it, the lost pages become private
/// memory at the first access, and `CPlatform_isCutOff` is true from then on. Without this the
/// system sends SIGBUS, which ends the program. Called with the GIL held. False if there is no
/// memory.
bool CPlatform_watchMapping(void *_Nonnull start, size_t length);

/// Ends the watch of a mapping that is about to be unmapped. Called with the GIL held.
void CPlatform_forgetMapping(void *_Nonnull start);

/// Whether a page was lost since `CPlatform_handleBusErrors`.
bool CPlatform_isCutOff(void);

/// Installs the handler of SIGBUS. It passes every signal that does not come from a watched mapping
/// on to the handler that was installed before. A handler that the program installs later is put
/// behind this one when this function is called again. A program that ignores SIGBUS keeps that.
///
/// - Parameter begins: whether a recording begins, and nothing is lost of it yet.
void CPlatform_handleBusErrors(bool begins);

/// Puts back the handler that was installed before, unless the program has installed another one
/// since.
void CPlatform_ignoreBusErrors(void);
