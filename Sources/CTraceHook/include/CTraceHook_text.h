/// Texts of the interpreter, read in place.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A run of characters in CPython's own storage. Borrowed.
typedef struct CTraceHook_Text {
  const void *_Nullable data;  ///< `count` units of `width` bytes each; NULL for an empty text.
  ptrdiff_t count;
  uint8_t width;  ///< Bytes a unit: 1 (Latin-1), 2 or 4 (code points, lone surrogates included).
  bool is_ascii;  ///< Every unit is below 128, so the bytes are UTF-8 as they are.
} CTraceHook_Text;

/// Whether `repr()` shows the code point as itself and not as an escape.
bool CTraceHook_isPrintable(uint32_t code_point);
