/// Events as the hook passes them to the engine, and the headers that the two share.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTraceHook_text.h"

/// Kind of event. Distinguishes cases that `sys.settrace` reports under one name.
typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_Kind : uint8_t {
  CTraceHook_KindCall,        ///< A frame starts: `call`.
  CTraceHook_KindResume,      ///< A suspended generator or coroutine goes on: `call` too.
  CTraceHook_KindLine,        ///< A new line is about to run: `line`.
  CTraceHook_KindReturn,      ///< A frame ends with a value: `return`.
  CTraceHook_KindYield,       ///< A generator hands out a value and is suspended: `return` too.
  CTraceHook_KindAwait,       ///< A coroutine is suspended in an `await`: `return` too.
  CTraceHook_KindUnwind,      ///< A frame is left by an exception: `return` with no value.
  CTraceHook_KindException,   ///< An exception was raised in, or arrived in, the frame.
  CTraceHook_KindOpcode,      ///< An instruction is about to run, in a frame that asked for it.
  CTraceHook_KindCCall,       ///< A function written in C is about to be called.
  CTraceHook_KindCReturn,     ///< A function written in C returned.
  CTraceHook_KindCException,  ///< A function written in C raised.
} CTraceHook_Kind;

/// Header of the engine's record of a code object.
typedef struct CTraceHook_FunctionHeader {
  uint64_t filter_generation;  ///< The filter that has decided; 0 before the first.
  bool is_traced;       ///< Whether that accepted the function.
  // The hook's own:
  int32_t start;        ///< The instruction at which calls begin, from 1 on; 0 before it is known.
  /// Cache, indexed by the low bits of the instruction offset: `(offset + 1) << 4 | kind`.
  int32_t leaves[4];
  int32_t loop_from, loop_to;  ///< Byte offsets of the last jump back within a line,
  int32_t loop_line;           ///< and the line.
} CTraceHook_FunctionHeader;

/// Header of the engine's per-thread state. The engine keeps `innermost` up to date so that events
/// of that frame need no lookup. The hook owns the other fields.
typedef struct CTraceHook_ThreadHeader {
  /// The innermost traced frame; an address that no frame has if there is none, so that NULL is
  /// none of them.
  const void *_Nullable innermost;
  CTraceHook_FunctionHeader *_Nullable function;  ///< The function of that frame.
  const void *_Nullable chunk;   ///< The innermost chunk of the stack of frames, at the last look.
  const void *_Nullable root;    ///< The outermost one, which tells stacks apart.
  const void *_Nullable raised;  ///< The frame of the last event, where that was an exception.
} CTraceHook_ThreadHeader;

/// Properties of a code object, at its first event. Borrowed for the call.
typedef struct CTraceHook_Code {
  const void *_Nonnull object;  ///< `PyCodeObject *`.
  CTraceHook_Text name;
  CTraceHook_Text qualified_name;
  CTraceHook_Text file;
  int32_t first_line;
  int32_t flags;                    ///< `co_flags`.
  int32_t positional_count;         ///< `co_argcount`, which counts positional-only ones too.
  int32_t keyword_only_count;       ///< `co_kwonlyargcount`.
  int32_t instruction_count;        ///< Instructions, each of two bytes of `co_code`.
} CTraceHook_Code;

/// The name of a code object's argument or local variable, by its place in `co_varnames`.
CTraceHook_Text CTraceHook_localName(const void *_Nonnull code, int32_t index);
