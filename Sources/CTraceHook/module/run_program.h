#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Calls a function as the interpreter calls what runs a program: no frame lies below it, and it
/// may nest as many calls as in an interpreter of its own. Returns a new reference, or NULL with
/// the program's exception, whose traceback begins with the function.
PyObject *program_call(PyObject *function, PyObject *arguments);

/// Runs code in a namespace. Returns as program_call does.
PyObject *program_run(PyObject *code, PyObject *globals);

/// Runs a script, read and compiled as the interpreter reads the script that it is started with.
/// Returns as program_call does.
PyObject *program_runFile(PyObject *path, PyObject *globals);

/// Runs the exit hooks of `threading` and waits for the program's threads, as the interpreter does
/// first at its end, which then finds nothing left to do. Other threads are traced meanwhile; the
/// calling one is not.
void program_shutDownThreads(void);

/// Ends the process as the interpreter does after an exception that nobody caught: SystemExit sets
/// the status; others print their traceback; KeyboardInterrupt ends by SIGINT.
///
/// `script` is the namespace of a script, borrowed, or NULL for another program.
_Noreturn void program_finish(PyObject *exception, PyObject *script);

#pragma GCC visibility pop
