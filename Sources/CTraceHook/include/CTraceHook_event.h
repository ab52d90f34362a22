/// Events as the hook passes them to the engine, and the headers that the two share.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTraceHook_text.h"

/// Kind of event. Distinguishes cases that `sys.settrace` reports under one name. The numbers are
/// those of the Swift enum `EventKind`, the list that files, names and sets come from.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_Kind : uint8_t {
  CTraceHook_KindCall = 1,    ///< A frame starts: `call`.
  CTraceHook_KindResume,      ///< A suspended generator or coroutine continues: `call` too.
  CTraceHook_KindLine,        ///< A new line is about to run: `line`.
  CTraceHook_KindReturn,      ///< A frame ends with a value: `return`.
  CTraceHook_KindYield,       ///< A generator yields a value: `return` too.
  CTraceHook_KindAwait,       ///< A coroutine waits in an `await`: `return` too.
  CTraceHook_KindUnwind,      ///< An exception leaves a frame: `return` without a value.
  CTraceHook_KindException,   ///< An exception was raised in the frame, or propagated into it.
  CTraceHook_KindOpcode,      ///< An instruction is about to run, in a frame that requests it.
  CTraceHook_KindCCall,       ///< A C function is about to be called.
  CTraceHook_KindCReturn,     ///< A C function returned.
  CTraceHook_KindCException,  ///< A C function raised an exception.
} CTraceHook_Kind;

/// Set of kinds: bit `1 << kind` for each.
typedef uint32_t CTraceHook_KindSet;

/// Whether a set contains a kind.
static inline bool CTraceHook_hasKind(CTraceHook_KindSet set, CTraceHook_Kind kind) {
  return (set >> kind & 1) != 0;
}

/// Header of the engine's record of a code object.
typedef struct CTraceHook_FunctionHeader {
  uint64_t filter_generation;  ///< Filter generation of the decision; 0 before the first.
  bool is_traced;       ///< The decision: whether that filter accepts the function.
  // For the hook alone:
  int32_t start;        ///< 1 + the instruction at which calls begin; 0 if not known yet.
  /// Cache of exit kinds, indexed by the low bits of the instruction's index:
  /// `(index + 1) << 4 | kind`.
  int32_t leaves[4];
  int32_t loop_from, loop_to;  ///< Byte offsets of the last jump back within a line,
  int32_t loop_line;           ///< and the line.
} CTraceHook_FunctionHeader;

/// Header of the engine's per-thread state. The engine keeps `innermost` up to date so that events
/// of that frame need no lookup. The hook owns the other fields.
typedef struct CTraceHook_ThreadHeader {
  /// The innermost traced frame. If there is none, an address that no frame has, and that differs
  /// from NULL.
  const void *_Nullable innermost;
  CTraceHook_FunctionHeader *_Nullable function;  ///< Its function; NULL if there is none.
  const void *_Nullable chunk;   ///< Innermost chunk of the stack of frames, when last checked.
  const void *_Nullable root;    ///< Outermost chunk, which identifies the stack of frames.
  const void *_Nullable raised;  ///< Frame of the last event if that was an exception; else NULL.
} CTraceHook_ThreadHeader;

/// Properties of a code object, at its first event. Valid during the call.
typedef struct CTraceHook_Code {
  const void *_Nonnull object;  ///< `PyCodeObject *`.
  CTraceHook_Text name;
  CTraceHook_Text qualified_name;
  CTraceHook_Text file;
  int32_t first_line;
  int32_t flags;                    ///< `co_flags`.
  int32_t positional_count;         ///< `co_argcount`, including positional-only parameters.
  int32_t keyword_only_count;       ///< `co_kwonlyargcount`.
  int32_t instruction_count;        ///< Number of instructions, of two bytes each in `co_code`.
} CTraceHook_Code;

/// Name of a code object's argument or local variable, by its index in `co_varnames`.
CTraceHook_Text CTraceHook_localName(const void *_Nonnull code, int32_t index);
