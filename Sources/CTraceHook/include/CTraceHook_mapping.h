/// Memory that has to survive what happens to a process: a file that is cut off below its mapping,
/// a fork that nobody announces.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Maps private memory, all zero, that is zero again in the child of any fork, so that a child can
/// tell that it is one. NULL if there is no memory. The kernel before 4.14 copies it like any
/// other.
void *_Nullable CTraceHook_mapWiped(size_t length);

/// Watches a mapping of a file: if the file is cut off below it, the lost pages become private
/// memory at the first access, and `CTraceHook_isCutOff` is true from then on. Without this the
/// kernel sends SIGBUS, which ends the program. Called with the GIL held. False if there is no
/// memory.
bool CTraceHook_watchMapping(void *_Nonnull start, size_t length);

/// Ends the watch of a mapping that is about to be unmapped. Called with the GIL held.
void CTraceHook_forgetMapping(void *_Nonnull start);

/// Whether a page was lost since `CTraceHook_handleBusErrors`.
bool CTraceHook_isCutOff(void);

/// Installs the handler of SIGBUS. Every signal that does not come from a watched mapping is passed
/// on to the handler that was installed before. A handler that the program installs later is put
/// behind this one when this function is called again. A program that ignores SIGBUS keeps that.
///
/// - Parameter begins: whether a recording begins, and nothing is lost of it yet.
void CTraceHook_handleBusErrors(bool begins);

/// Puts back the handler that was installed before, unless the program has installed another one
/// since.
void CTraceHook_ignoreBusErrors(void);
