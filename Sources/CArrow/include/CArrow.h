/// The Arrow C data interface and the Arrow C stream interface, which pass tables to pyarrow,
/// polars, DuckDB and others without a copy, and without linking any of them.
///
/// The three structures are a standard that never changes:
/// https://arrow.apache.org/docs/format/CDataInterface.html. They are in C because the standard
/// defines their layout in C.
#pragma once

#include <stdint.h>

/// Set in `ArrowSchema.flags` if values may be missing.
#define ARROW_FLAG_NULLABLE 2

/// Type of a column. The consumer releases it, and may move it by copying its bytes and setting the
/// `release` of the source to NULL.
struct ArrowSchema {
  const char *_Nullable format;    ///< Format string of the type, such as `i` for int32.
  const char *_Nullable name;      ///< UTF-8.
  const char *_Nullable metadata;  ///< NULL if there is none.
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema *_Nullable *_Nullable children;
  struct ArrowSchema *_Nullable dictionary;  ///< Type of the dictionary's values; NULL without one.
  /// Frees everything that the structure owns, including unreleased children. NULL once released.
  void (*_Nullable release)(struct ArrowSchema *_Nonnull);
  void *_Nullable private_data;  ///< Owned by the producer.
};

/// Values of a column. Moved and released like a schema.
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;  ///< Number of values to skip in the buffers; 0 here.
  int64_t n_buffers;
  int64_t n_children;
  const void *_Nullable *_Nullable buffers;  ///< The first is a bitmap of present values.
  struct ArrowArray *_Nullable *_Nullable children;
  struct ArrowArray *_Nullable dictionary;  ///< Values that the indices refer to; else NULL.
  void (*_Nullable release)(struct ArrowArray *_Nonnull);
  void *_Nullable private_data;
};

/// Columns in batches. Any thread may use it, but only one at a time.
struct ArrowArrayStream {
  /// Returns 0 or an errno.
  int (*_Nullable get_schema)(struct ArrowArrayStream *_Nonnull, struct ArrowSchema *_Nonnull);
  /// Returns 0 or an errno. At the end, the array's `release` is NULL.
  int (*_Nullable get_next)(struct ArrowArrayStream *_Nonnull, struct ArrowArray *_Nonnull);
  /// Message of the last failed call; valid until the next call.
  const char *_Nullable (*_Nullable get_last_error)(struct ArrowArrayStream *_Nonnull);
  void (*_Nullable release)(struct ArrowArrayStream *_Nonnull);
  void *_Nullable private_data;
};
