#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Runs a program's code as the interpreter runs a script: no frame lies below it, and it may nest
/// as many calls as in an interpreter of its own. Returns a new reference, or NULL with the
/// program's exception, whose traceback begins with the program.
PyObject *program_run(PyObject *code, PyObject *globals);

/// Ends the process as the interpreter does after an exception that nobody caught: SystemExit sets
/// the status; others print their traceback; KeyboardInterrupt ends by SIGINT.
_Noreturn void program_finish(PyObject *exception);

#pragma GCC visibility pop
