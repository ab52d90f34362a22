#pragma once
#include <stdint.h>
typedef struct { void *_Nullable (*_Nonnull define)(void *_Nonnull c); } CTraceHook_Handlers;
int CTraceHook_version(void);
void *_Nullable CTraceHook_makeModule(const char *_Nonnull name);
