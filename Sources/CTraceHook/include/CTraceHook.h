/// All code of swifttrace that knows CPython, behind plain C.
///
/// No header here includes Python.h: Swift sees opaque pointers, numbers and texts. The interpreter
/// owns everything that a pointer refers to; pointers are borrowed unless a comment states
/// otherwise.
#pragma once

#include "CTraceHook_event.h"
#include "CTraceHook_frame.h"
#include "CTraceHook_host.h"
#include "CTraceHook_module.h"
#include "CTraceHook_object.h"
#include "CTraceHook_session.h"
#include "CTraceHook_text.h"
#include "CTraceHook_thread.h"
#include "CTraceHook_value.h"
