/// The Python extension `_swifttrace`: a method table whose functions are the engine's.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Implementation of a Python function. `arguments` is its tuple of arguments, borrowed. Returns an
/// owned object, or NULL with an exception set.
typedef void *_Nullable (*CTraceHook_Body)(const void *_Nonnull arguments);

typedef struct CTraceHook_ModuleFunctions {
  CTraceHook_Body _Nonnull start;
  CTraceHook_Body _Nonnull stop;
  CTraceHook_Body _Nonnull flush;
  CTraceHook_Body _Nonnull isTracing;
  CTraceHook_Body _Nonnull changeFilter;
  CTraceHook_Body _Nonnull source;
  CTraceHook_Body _Nonnull show;
  CTraceHook_Body _Nonnull openRecording;
  CTraceHook_Body _Nonnull eventKinds;
  CTraceHook_Body _Nonnull readEvents;
  CTraceHook_Body _Nonnull describe;
  CTraceHook_Body _Nonnull contents;
  CTraceHook_Body _Nonnull arrowStream;
  CTraceHook_Body _Nonnull arrowSchema;
  CTraceHook_Body _Nonnull exportRecording;
  CTraceHook_Body _Nonnull countLines;
  CTraceHook_Body _Nonnull view;
  CTraceHook_Body _Nonnull sourceLines;
  CTraceHook_Body _Nonnull progress;
  CTraceHook_Body _Nonnull writer;
  CTraceHook_Body _Nonnull programEnded;
} CTraceHook_ModuleFunctions;

/// Returns the result of `PyInit__swifttrace`.
void *_Nullable CTraceHook_makeModule(CTraceHook_ModuleFunctions bodies);
