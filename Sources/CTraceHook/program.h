#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Calls a function as the interpreter calls what runs a program: no frame lies below it, and it may
/// nest as many calls as in an interpreter of its own. Returns a new reference, or NULL with the
/// program's exception, whose traceback begins with the function.
PyObject *program_call(PyObject *function, PyObject *arguments);

/// Runs code in a namespace. Returns as program_call does.
PyObject *program_run(PyObject *code, PyObject *globals);

/// Runs a script, read and compiled as the interpreter reads the script that it is started with.
/// Returns as program_call does.
PyObject *program_runFile(PyObject *path, PyObject *globals);

/// Ends the process as the interpreter does after an exception that nobody caught: SystemExit sets
/// the status; others print their traceback; KeyboardInterrupt ends by SIGINT.
_Noreturn void program_finish(PyObject *exception);

#pragma GCC visibility pop
