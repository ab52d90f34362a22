/// The Arrow C data interface and the Arrow C stream interface: how tables are handed to pyarrow,
/// polars, DuckDB and others without a copy, and without linking any of them.
///
/// The three structures are a standard, which never changes:
/// https://arrow.apache.org/docs/format/CDataInterface.html. They are in C because their layout is.
#pragma once

#include <stdint.h>

/// Set in `ArrowSchema.flags` where values may be missing.
#define ARROW_FLAG_NULLABLE 2

/// A column's type. The consumer releases it, and may move it by copying its bytes and setting the
/// `release` of the source to NULL.
struct ArrowSchema {
  const char *_Nullable format;    ///< The type, such as `i` for int32.
  const char *_Nullable name;      ///< UTF-8.
  const char *_Nullable metadata;  ///< NULL: there is none.
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema *_Nullable *_Nullable children;
  struct ArrowSchema *_Nullable dictionary;  ///< The type of what indices name; else NULL.
  /// Frees what the structure owns, children that are not released included. NULL once released.
  void (*_Nullable release)(struct ArrowSchema *_Nonnull);
  void *_Nullable private_data;  ///< The producer's.
};

/// A column's values. Moved and released as a schema is.
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;  ///< Values to skip at the start of the buffers; 0 here.
  int64_t n_buffers;
  int64_t n_children;
  const void *_Nullable *_Nullable buffers;  ///< The first says by a bit which values are there.
  struct ArrowArray *_Nullable *_Nullable children;
  struct ArrowArray *_Nullable dictionary;  ///< What indices name; else NULL.
  void (*_Nullable release)(struct ArrowArray *_Nonnull);
  void *_Nullable private_data;
};

/// Columns that come in batches. Used by one thread at a time, but by any.
struct ArrowArrayStream {
  /// Returns 0, or an errno.
  int (*_Nullable get_schema)(struct ArrowArrayStream *_Nonnull, struct ArrowSchema *_Nonnull);
  /// Returns 0, or an errno. At the end the array's `release` is NULL.
  int (*_Nullable get_next)(struct ArrowArrayStream *_Nonnull, struct ArrowArray *_Nonnull);
  /// What the last call that failed says; stays until the next call.
  const char *_Nullable (*_Nullable get_last_error)(struct ArrowArrayStream *_Nonnull);
  void (*_Nullable release)(struct ArrowArrayStream *_Nonnull);
  void *_Nullable private_data;
};
