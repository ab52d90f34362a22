/// All that swifttrace knows of CPython, behind plain C.
///
/// No header here includes Python.h: Swift sees opaque pointers, numbers and texts. Everything that
/// a pointer names belongs to the interpreter and is borrowed, unless a comment says otherwise.
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
