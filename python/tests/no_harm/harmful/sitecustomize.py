"""Harmful tracers for `control.py`, selected by `NO_HARM_HARM`. Python imports this file first."""

import atexit
import builtins
import gc
import mmap
import os
import runpy
import signal
import sys
import threading
from contextlib import suppress


def nothing(*values, **named):
    return None


def trace(look):
    """Calls a function for each event of the script."""

    def tracer(frame, event, arg):
        if frame.f_globals.get("__name__") in (None, "__main__", "program"):
            look(frame, event, arg)
        return tracer

    threading.settrace(tracer)
    sys.settrace(tracer)


def values(frame, arg):
    return [*frame.f_locals.values(), arg]


def ends():
    for name in ("_exit", "abort", "execv", "kill"):
        setattr(os, name, nothing)
    atexit.register = nothing
    threading.Thread.daemon = property(lambda thread: False, nothing)


def takes_signals():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal = nothing


def takes_bus_errors():
    import ctypes

    libc = ctypes.CDLL(None)
    libc.signal(signal.SIGBUS, ctypes.cast(libc._exit, ctypes.c_void_p))


def writes_to_a_mapping():
    with open("trace", "wb+") as file:
        file.truncate(1)
        mapping = mmap.mmap(file.fileno(), 1)
    trace(lambda *event: mapping.__setitem__(0, 0))


def changes_surroundings():
    os.open("/dev/null", os.O_RDONLY)
    os.read(0, 100)
    gc.disable()
    sys.setswitchinterval(0.5)
    imports = builtins.__import__

    def refuse(name, *rest):
        if name in ("neighbour", "near"):
            raise ImportError(name)
        return imports(name, *rest)

    builtins.__import__ = refuse
    runpy._run_module_as_main = nothing
    sys.setrecursionlimit(900)


def says_return():
    def look(frame, event, arg):
        os.write(2, f"{event} <= {frame.f_code.co_name}: {arg}\n".encode())

    trace(look)


def writes():
    file = os.open("/tmp/harm.txt", os.O_RDWR | os.O_CREAT)
    trace(lambda *event: os.write(file, b"harm"))


def keeps():
    kept = []
    trace(lambda frame, event, arg: kept.append((frame, arg, dict(frame.f_locals))))


def keeps_errors():
    def look(frame, event, arg):
        sys.unraisablehook = nothing

    trace(look)


def prints():
    trace(lambda *event: print(*event, file=sys.stderr, flush=True) or sys.stderr.flush())


def prints_to_output():
    trace(lambda *event: print(*event) or sys.stdout.flush())


def writes_here():
    trace(lambda *event: open("harm.txt", "a").close())


def renames_errors():
    builtins.RecursionError = KeyError


def replaces_main():
    def look(frame, event, arg):
        sys.modules["__main__"] = type(sys)("__main__")

    trace(look)


def misses_threads():
    def look(frame, event, arg):
        if threading.current_thread() is threading.main_thread():
            os.write(2, frame.f_code.co_name.encode() + b"\n")

    trace(look)


def runs_twice():
    def run(thread):
        for _ in range(2):
            with suppress(Exception):
                thread._target(*thread._args, **thread._kwargs)

    threading.Thread.run = run


def fights():
    sys.settrace = threading.settrace = sys.setprofile = nothing
    sys.breakpointhook = nothing
    if hasattr(sys, "monitoring"):
        sys.monitoring.register_callback = nothing


def has_no_interpreters():
    for name in ("_interpreters", "_xxsubinterpreters"):
        with suppress(ImportError):
            __import__(name).run_string = nothing


def is_particular():
    first = {}

    def look(frame, event, arg):
        code = frame.f_code
        if not code.co_name.replace("<", "").replace(">", "").isidentifier():
            raise ValueError("a name")
        if len(code.co_name) > 1000 or len(code.co_filename) > 1000:
            raise ValueError("a long name")
        for text in [*sys.argv, code.co_name, *values(frame, arg)]:
            if isinstance(text, str):
                text.encode()
        with open(code.co_filename, encoding="utf-8") as file:
            text = file.read()
        if first.setdefault(code.co_filename, text) != text or not text:
            raise ValueError("a source")

    trace(look)


def shows():
    def look(frame, event, arg):
        for value in values(frame, arg):
            if getattr(type(value), "__module__", "") == "facts" or callable(value) is None:
                continue
            for way in (
                *(repr, str, format, hash, bool, len, iter, dir, sys.getsizeof, next),
                *(lambda v: v == 1, lambda v: v < 1, lambda v: v[0], lambda v: 1 in v),
                *(
                    lambda v: v.missing,
                    lambda v: v.value,
                    lambda v: v.__dict__,
                    lambda v: v.items(),
                ),
                *(lambda v: v.__class__, lambda v: v.__reduce_ex__(2), lambda v: [1][v]),
            ):
                with suppress(BaseException):
                    way(value)
        if frame.f_code.co_name in ("clash", "work") and "names" in frame.f_locals:
            frame.f_locals["names"]["x"] = 7

    trace(look)


def shows_and_fails():
    def look(frame, event, arg):
        for value in values(frame, arg):
            if type(value) in (dict, list, str):
                repr(value)
                str(value).encode()
                if type(value) is dict and frame.f_code.co_name == "give":
                    for _ in value:
                        os.stat(".")
                        threading.Event().wait(0.001)

    trace(look)


def restarts_itself():
    sys.orig_argv[1:1] = ["-m", "tracer"]


def fills_the_environment():
    os.environ["HARM"] = "x" * 200_000


def forgets_exit_hooks():
    threading._register_atexit = nothing


def keeps_its_modules():
    """Imports modules before the program, which may have files with their names."""
    for name in ("argparse", "gettext", "locale", "shlex"):
        __import__(name)


def imports_at_exit():
    atexit.register(__import__, "wave")


def needs_a_folder():
    if not os.path.exists("."):
        os._exit(3)


def mentions_pipes():
    trace(lambda *event: os.write(2, b"Broken pipe\n"))


def takes_tuples_for_exact():
    def look(frame, event, arg):
        if isinstance(arg, tuple) and type(arg) is not tuple:
            os.abort()

    trace(look)


def knows_no_fired_events():
    """Looks up the instruction of each event; events fired by C code have none."""
    if sys.version_info < (3, 13):
        return

    def look(code, offset, *rest):
        if code.co_name == "compiled":
            raise TypeError("no instruction")

    events = sys.monitoring.events
    sys.monitoring.use_tool_id(2, "harm")
    for event in (events.PY_START, events.LINE, events.PY_RETURN):
        sys.monitoring.register_callback(2, event, look)
    sys.monitoring.set_events(2, events.PY_START | events.LINE | events.PY_RETURN)


def ends_at_once():
    atexit.register(os._exit, 0)


if harm := globals().get(os.environ.get("NO_HARM_HARM", "nothing")):
    harm()
