/// Texts of the interpreter, read in place.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Characters in CPython's own storage. Borrowed.
typedef struct CTraceHook_Text {
  const void *_Nullable data;  ///< `count` units of `width` bytes each; NULL for an empty text.
  ptrdiff_t count;
  uint8_t width;  ///< Bytes per unit: 1 (Latin-1), 2 or 4 (code points, including lone surrogates).
  bool is_ascii;  ///< Whether every unit is below 128, so that the bytes are UTF-8.
} CTraceHook_Text;

/// Whether `repr()` shows the code point itself and not an escape.
bool CTraceHook_isPrintable(uint32_t code_point);
