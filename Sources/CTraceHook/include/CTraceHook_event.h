/// What one event of the interpreter carries.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTraceHook_text.h"

/// What happened. CPython's events, with those told apart that `sys.settrace` gives one name.
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

/// Stands in `line` where the line number was not computed; `CTraceHook_line(frame)` computes it.
#define CTraceHook_LINE_UNKNOWN (-1)

/// One event of one thread. Borrowed, valid until the handler returns.
typedef struct CTraceHook_Event {
  void *_Nonnull function;       ///< What `define` gave for the frame's code object.
  const void *_Nonnull frame;    ///< `PyFrameObject *`.
  const void *_Nullable value;   ///< The returned or yielded value; the tuple (type, value,
                                 ///< traceback) of an exception; the C function.
  const void *_Nullable below;   ///< Of a call: the `PyFrameObject *` of the frame below, where a
                                 ///< generator owns that. Of a return: the same, where that frame may
                                 ///< go on without a call event.
  int32_t line;                  ///< 1-based; 0 for a module's call; or CTraceHook_LINE_UNKNOWN.
  CTraceHook_Kind kind;
} CTraceHook_Event;

/// What the interpreter knows of a code object, at its first event. Borrowed for the call.
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
