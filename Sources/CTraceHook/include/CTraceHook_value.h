/// Reading Python objects without running code of the program.
///
/// Only objects whose type is exactly a builtin type are inspected. An object of a subclass is
/// `CTraceHook_ValueOther`.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CTraceHook_text.h"

typedef enum __attribute__((enum_extensibility(closed))) CTraceHook_ValueKind : uint8_t {
  CTraceHook_ValueNone,
  CTraceHook_ValueTrue,
  CTraceHook_ValueFalse,
  CTraceHook_ValueEllipsis,
  CTraceHook_ValueNotImplemented,
  CTraceHook_ValueInt,
  CTraceHook_ValueFloat,
  CTraceHook_ValueComplex,
  CTraceHook_ValueString,
  CTraceHook_ValueBytes,
  CTraceHook_ValueByteArray,
  CTraceHook_ValueList,
  CTraceHook_ValueTuple,
  CTraceHook_ValueDict,
  CTraceHook_ValueSet,
  CTraceHook_ValueFrozenSet,
  CTraceHook_ValueRange,
  CTraceHook_ValueType,      ///< A class, whatever its metaclass.
  CTraceHook_ValueFunction,  ///< A function written in Python.
  CTraceHook_ValueCFunction,   ///< A C function or method.
  CTraceHook_ValueGenerator, ///< A generator, coroutine or asynchronous generator.
  CTraceHook_ValueOther,
} CTraceHook_ValueKind;

CTraceHook_ValueKind CTraceHook_valueKind(const void *_Nonnull object);

/// Reads an int that CPython stores in one digit. Returns false for any other object.
bool CTraceHook_smallInt(const void *_Nonnull object, int64_t *_Nonnull result);

/// Reads an int. If it does not fit, writes the nearest number that does, and returns false.
bool CTraceHook_int64(const void *_Nonnull integer, int64_t *_Nonnull result);

/// Number of bits of an int's absolute value.
int64_t CTraceHook_bitCount(const void *_Nonnull integer);

double CTraceHook_double(const void *_Nonnull object);

/// Both parts of a complex number.
void CTraceHook_complex(
    const void *_Nonnull object, double *_Nonnull real, double *_Nonnull imaginary);

/// The characters of a str.
CTraceHook_Text CTraceHook_string(const void *_Nonnull string);

/// Whether the `repr()` of a bytearray escapes a single quote within double ones, as up to 3.14.
bool CTraceHook_escapesQuotes(void);

/// The bytes of a bytes or bytearray.
CTraceHook_Text CTraceHook_bytes(const void *_Nonnull object);

/// Number of elements of a list, tuple, dict, set or frozenset.
ptrdiff_t CTraceHook_count(const void *_Nonnull container);

/// An element of a list or tuple. NULL if C code is still filling the container and has not set the
/// element. Borrowed.
const void *_Nullable CTraceHook_item(const void *_Nonnull sequence, ptrdiff_t index);

/// Reads the next entry of a dict or set. `cursor` starts at 0. Returns false at the end. `value`
/// is NULL for a set. Borrowed.
bool CTraceHook_nextEntry(
    const void *_Nonnull container, ptrdiff_t *_Nonnull cursor,
    const void *_Nullable *_Nonnull key, const void *_Nullable *_Nonnull value);

/// Start, stop and step of a range. Each is an int; borrowed.
void CTraceHook_range(const void *_Nonnull range, const void *_Nonnull *_Nonnull bounds);

/// The class of an object. Borrowed.
const void *_Nonnull CTraceHook_typeOf(const void *_Nonnull object);

/// Whether a class lives as long as the process and keeps its name: a class of C code that is not a
/// heap type.
bool CTraceHook_isStatic(const void *_Nonnull type);

/// Module and qualified name of a class, read from the class itself and not by attribute access.
/// The module is empty for `builtins`, and for a class whose `__module__` is not a str.
void CTraceHook_typeName(
    const void *_Nonnull type, CTraceHook_Text *_Nonnull module, CTraceHook_Text *_Nonnull name);

/// Name of a class in CPython's own messages: the plain name of a class made in Python; for a class
/// made in C the name it was given, which may begin with a module.
CTraceHook_Text CTraceHook_typeLabel(const void *_Nonnull type);

/// The qualified name of a Python function.
CTraceHook_Text CTraceHook_functionName(const void *_Nonnull function);

/// The qualified name of a generator, coroutine or asynchronous generator.
CTraceHook_Text CTraceHook_generatorName(const void *_Nonnull generator);

/// Name of a C function, and the object that it is bound to, or NULL for a module's function.
/// Borrowed.
CTraceHook_Text CTraceHook_cFunctionName(
    const void *_Nonnull function, const void *_Nullable *_Nonnull bound);

/// Name of the module of a C function; empty if it has none.
CTraceHook_Text CTraceHook_cFunctionModule(const void *_Nonnull function);

/// `repr()` of an int that CTraceHook_int64 cannot read: a str, owned by the caller. NULL, without
/// an exception, if the interpreter refuses to convert it.
void *_Nullable CTraceHook_bigIntText(const void *_Nonnull integer);
