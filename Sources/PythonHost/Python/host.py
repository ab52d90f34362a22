"""Functions that the Swift host calls: they prepare programs and describe exceptions.

The host runs this file once, in a namespace that does not belong to a module, and calls the
functions by name. It hides frames of this file, whose name is `<swifttrace>`, from strategies and
from tracebacks.
"""

import atexit
import builtins
import contextlib
import sys

_search_path = None
"""The entry that the start of the last program inserted at the front of `sys.path`."""

_script = None
"""The namespace of the last program, if it is a script that loses `__file__` at its end."""

# Since these releases (gh-152132), CPython removes it before it handles the exception that ended a
# script.
_FORGETS_FIRST = sys.version_info >= ((3, 14, 7) if sys.version_info >= (3, 14) else (3, 13, 15))


def set_arguments(*arguments):
    """Set `sys.argv` before any program has run."""
    sys.argv[:] = arguments or [""]


def prepare_script(path, *arguments):
    """Prepare a script, a folder or a zip file. Return a pair for `CTraceHook_hostRun` to run."""
    global _script
    import importlib.machinery
    import io
    import os
    import pkgutil

    sys.argv[:] = [path, *arguments]
    # Like CPython: `__file__` keeps `..` and symbolic links; `sys.path` has them resolved.
    file = os.path.join(_current_folder() or "", path)
    if pkgutil.get_importer(path) is not None:
        _put_first(file)
        _make_main()
        return _module_runner("__main__", False)
    with io.open_code(file) as stream:
        compiled = pkgutil.read_code(stream)
    _put_first(os.path.dirname(_by("realpath", path)))
    machinery = importlib.machinery
    kind = machinery.SourceFileLoader if compiled is None else machinery.SourcelessFileLoader
    namespace = _make_main(__file__=file, __loader__=kind("__main__", file))
    if sys.version_info < (3, 15):
        namespace["__cached__"] = None
    _script = namespace
    return (file, namespace) if compiled is None else (exec, (compiled, namespace))


def prepare_module(name, *arguments):
    """Prepare a module. Return a pair to run."""
    _find_top(name)
    sys.argv[:] = ["-m", *arguments]
    _put_first(_current_folder())
    _make_main()
    return _module_runner(name, True)


def prepare_code(source, *arguments):
    """Prepare source code, as `python -c` does. Return a pair to run."""
    sys.argv[:] = ["-c", *arguments]
    _put_first("")
    if sys.version_info >= (3, 14):
        import textwrap

        source = textwrap.dedent(source)
    code = compile(source, "<string>", "exec", dont_inherit=True)
    if sys.version_info >= (3, 13):
        import linecache

        # Like CPython, whose tracebacks show lines of this code from 3.13 on.
        key = code if sys.version_info >= (3, 14) else "<string>"
        linecache._register_code(key, source, "<string>")
    return exec, (code, _make_main())


def prepare_expression(source):
    """Prepare an expression in the `__main__` of the last program. Return a pair to run."""
    code = compile(source.strip(), "<expression>", "eval", dont_inherit=True)
    return eval, (code, sys.modules["__main__"].__dict__)


def _module_runner(name, sets_argument):
    import runpy

    # CPython calls this function for `-m`, for folders and for zip files.
    return runpy._run_module_as_main, (name, sets_argument)


def _find_top(name):
    """Find the top-level package of a module without running its code."""
    import importlib.util

    _put_first(_current_folder())
    top = name.partition(".")[0]
    try:
        spec = importlib.util.find_spec(top)
    except ValueError:
        spec = None
    if spec is None:
        raise ModuleNotFoundError(f"No module named {top!r}", name=top)
    return spec


def _current_folder():
    """Return the current folder, or None if it has been removed."""
    import os

    try:
        return os.getcwd()
    except OSError:
        return None


def _by(function, path):
    """Call a function of `os.path`; return the path if the current folder has been removed."""
    import os

    try:
        return getattr(os.path, function)(path)
    except OSError:
        return path


def _put_first(folder):
    global _search_path
    if sys.flags.safe_path:
        return
    if _search_path is not None and sys.path and sys.path[0] is _search_path:
        del sys.path[0]
    if folder is None:
        _search_path = None
        return
    # A new str, which is later recognized by identity; the interned "" would be shared.
    _search_path = str(folder.encode("utf-8", "surrogatepass"), "utf-8", "surrogatepass")
    sys.path.insert(0, _search_path)


def _make_main(**attributes):
    """Create `__main__` as the interpreter does, and return its namespace."""
    global _script
    import importlib.machinery

    _script = None
    module = type(sys)("__main__")
    namespace = module.__dict__
    if "__annotations__" in sys.modules["__main__"].__dict__:
        namespace["__annotations__"] = {}
    namespace["__builtins__"] = builtins
    namespace["__loader__"] = importlib.machinery.BuiltinImporter
    namespace.update(attributes)
    sys.modules["__main__"] = module
    return namespace


def describe(error):
    """Return the exit status and the message of a SystemExit, or None and the traceback."""
    global _script
    _hide_host(error)
    if isinstance(error, SystemExit):
        if not _FORGETS_FIRST:
            _script = None
        code = error.code
        if code is None:
            return 0, None
        return (int.__int__(code), None) if isinstance(code, int) else (1, str(code))
    import traceback

    return None, "".join(traceback.format_exception(error))


def _hide_host(error):
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_globals is globals():
        traceback = traceback.tb_next
    error.__traceback__ = traceback


def say(message):
    """Print what the interpreter prints for `sys.exit("message")`."""
    if sys.stderr is not None:
        print(message, file=sys.stderr)


def standard_output():
    """Return the program's `sys.stdout`."""
    return sys.stdout


def flush():
    """Flush the program's output. CPython reports text that cannot be written when it ends."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # A stream may be None.
            stream.flush()


def foreign_folders():
    """Return the folders of library code, each with a separator at the end."""
    import os
    import site
    import sysconfig

    paths = sysconfig.get_paths()
    folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += site.getsitepackages()
    if user_site := site.getusersitepackages():
        folders.append(user_site)
    spellings = [name for f in folders for name in (_by("abspath", f), _by("realpath", f))]
    return [os.path.join(folder, "") for folder in dict.fromkeys(spellings)]


def own_files(kind, name):
    """Return the files and folders of a program, folders with a separator at the end.

    Raises:
        OSError, ImportError: There is no such program.
    """
    import io
    import os
    import pkgutil

    if kind == "code":
        return ["<string>"]
    if kind == "script":
        file = os.path.join(_current_folder() or "", name)
        if pkgutil.get_importer(name) is not None:
            return [os.path.join(file, "")]
        with io.open_code(file):
            return [file]
    spec = _find_top(name)
    folders = [os.path.join(folder, "") for folder in spec.submodule_search_locations or ()]
    return [*folders, *([spec.origin] if spec.origin else [])]


def end_script():
    """Update `__main__` as CPython does before it handles the exception that ended a script."""
    if _FORGETS_FIRST:
        _forget_script()


def _forget_script():
    if _script is not None:
        _script.pop("__file__", None)
        _script.pop("__cached__", None)


def join_threads():
    """Wait for the program's threads, while they are still traced.

    This is the first step of the interpreter's end, which repeats it and finds no threads left.
    """
    _forget_script()
    threading = sys.modules.get("threading")
    if threading is not None:
        _end_by(threading._shutdown)


def call_exit_functions():
    """Call the `atexit` functions, the second step of the interpreter's end, while still traced."""
    _end_by(atexit._run_exitfuncs)


def _end_by(step):
    try:
        step()
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
