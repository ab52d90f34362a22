/// A processor without a known counter: times are the system's.
#pragma once

#define CPlatform_PROCESSOR ""

static inline uint64_t CPlatform_counter(void) { return CPlatform_now(); }

static inline bool CPlatform_counterIsSteady(void) { return false; }
