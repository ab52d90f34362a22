#pragma once

#include "compat.h"

#pragma GCC visibility push(hidden)

/// Calls a function as the interpreter starts a program: with no frame below, and with the whole
/// recursion limit. Returns a new reference, or NULL with the program's exception, whose traceback
/// begins with the function.
PyObject *program_call(PyObject *function, PyObject *arguments);

/// Runs code in a namespace. Returns like program_call.
PyObject *program_run(PyObject *code, PyObject *globals);

/// Runs a script, read and compiled like the one that the interpreter is started with. Returns like
/// program_call.
PyObject *program_runFile(PyObject *path, PyObject *globals);

/// Runs the exit hooks of `threading` and waits for the program's threads. The interpreter does
/// this first at its end, and then finds nothing left to do. Other threads are traced meanwhile;
/// the calling one is not.
void program_shutDownThreads(void);

/// Ends the process like the interpreter after an uncaught exception: SystemExit sets the status;
/// others print their traceback; KeyboardInterrupt ends the process by SIGINT.
///
/// `script` is the namespace of a script, borrowed, or NULL for another program.
_Noreturn void program_finish(PyObject *exception, PyObject *script);

#pragma GCC visibility pop
