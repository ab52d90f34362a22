#include <Python.h>
#include "CTraceHook.h"
int CTraceHook_version(void) { return PY_VERSION_HEX; }
static PyModuleDef def = {PyModuleDef_HEAD_INIT, .m_name="_swifttrace"};
void *CTraceHook_makeModule(const char *name) { (void)name; return PyModule_Create(&def); }
