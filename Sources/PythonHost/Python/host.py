"""What the Swift host has done in Python: programs made ready, exceptions put into words.

The host runs this once, in a namespace that is no module, and calls the functions by their names. It
hides frames of this file, whose name is `<swifttrace>`, from strategies and from tracebacks.
"""

import builtins
import sys

_search_path = None
"""What the last program's start put in front of `sys.path`."""


def set_arguments(*arguments):
    """Set `sys.argv` before any program has run."""
    sys.argv[:] = arguments or [""]


def prepare_script(path, *arguments):
    """Return the code and the fresh `__main__` of a script, or of a folder or zip file."""
    import importlib.machinery
    import io
    import os
    import pkgutil

    sys.argv[:] = [path, *arguments]
    if pkgutil.get_importer(path) is not None:
        _put_first(path)
        return _prepare_module("__main__")
    # As the interpreter: absolute, symbolic links left in; the search path follows them.
    file = os.path.abspath(path)
    with io.open_code(file) as stream:
        code = pkgutil.read_code(stream)
    if code is None:
        with io.open_code(file) as stream:
            code = compile(stream.read(), file, "exec", dont_inherit=True)
    _put_first(os.path.dirname(os.path.realpath(path)))
    loader = importlib.machinery.SourceFileLoader("__main__", file)
    return code, _make_main(loader, None, file)


def prepare_module(name, *arguments):
    """Return the code and the fresh `__main__` of a module. Imports the packages around it."""
    import os

    sys.argv[:] = ["-m", *arguments]
    _put_first(os.getcwd())
    code, namespace = _prepare_module(name)
    sys.argv[0] = namespace.get("__file__", name)
    return code, namespace


def prepare_code(source, *arguments):
    """Return the code and the fresh `__main__` of a text, as of `python -c`."""
    import importlib.machinery

    sys.argv[:] = ["-c", *arguments]
    _put_first("")
    code = compile(source, "<string>", "exec", dont_inherit=True)
    return code, _make_main(importlib.machinery.BuiltinImporter, None, None)


def prepare_expression(source):
    """Return the code of an expression, and the `__main__` that the last program left."""
    code = compile(source.strip(), "<expression>", "eval", dont_inherit=True)
    return code, sys.modules["__main__"].__dict__


def _prepare_module(name):
    import runpy

    try:
        # What `python -m` itself uses: it knows of packages, of `__main__` and of what warns.
        if name == "__main__":
            _, spec, code = runpy._get_main_module_details(runpy._Error)
        else:
            _, spec, code = runpy._get_module_details(name, runpy._Error)
    except runpy._Error as error:
        raise ImportError(str(error), name=name) from None
    return code, _make_main(spec.loader, spec, spec.origin)


def _put_first(folder):
    global _search_path
    if sys.flags.safe_path:
        return
    if _search_path is not None and sys.path and sys.path[0] is _search_path:
        del sys.path[0]
    # A str of its own, so that it is known again; the interned "" would be anybody's.
    _search_path = str(folder.encode("utf-8", "surrogatepass"), "utf-8", "surrogatepass")
    sys.path.insert(0, _search_path)


def _make_main(loader, spec, file):
    """Make the `__main__` that the interpreter would have made, and return its namespace."""
    module = type(sys)("__main__")
    namespace = module.__dict__
    namespace["__builtins__"] = builtins
    if "__annotations__" in sys.modules["__main__"].__dict__:
        namespace["__annotations__"] = {}
    namespace["__loader__"] = loader
    namespace["__spec__"] = spec
    if spec is not None:
        namespace["__package__"] = spec.parent
    if file is not None:
        namespace["__file__"] = file
        namespace["__cached__"] = spec.cached if spec is not None else None
    sys.modules["__main__"] = module
    return namespace


def describe(error):
    """Return the exit status and the message of a SystemExit, or None and the traceback."""
    _hide_host(error)
    if isinstance(error, SystemExit):
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
    """Write out what the program has printed. What cannot be written stays for the end to tell."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # noqa: S110 - also: no stream at all
            pass


def foreign_folders():
    """Return the folders whose code is not the user's own, each ending in a separator."""
    import os
    import site
    import sysconfig

    paths = sysconfig.get_paths()
    folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += site.getsitepackages()
    if user_site := site.getusersitepackages():
        folders.append(user_site)
    spellings = [name for f in folders for name in (os.path.abspath(f), os.path.realpath(f))]
    return [os.path.join(folder, "") for folder in dict.fromkeys(spellings)]


def own_files(kind, name):
    """Return the files, and folders ending in a separator, that are a program's own.

    Raises:
        OSError, ImportError: There is no such program.
    """
    import importlib.util
    import io
    import os
    import pkgutil

    if kind == "code":
        return ["<string>"]
    if kind == "script":
        if pkgutil.get_importer(name) is not None:
            return [os.path.join(name, "")]
        with io.open_code(os.path.abspath(name)):
            return [os.path.abspath(name)]
    _put_first(os.getcwd())
    top = name.partition(".")[0]
    try:
        spec = importlib.util.find_spec(top)
    except ValueError:
        spec = None
    if spec is None:
        raise ModuleNotFoundError(f"No module named {top!r}", name=top)
    folders = [os.path.join(folder, "") for folder in spec.submodule_search_locations or ()]
    return [*folders, *([spec.origin] if spec.origin else [])]


def finish():
    """Do what the interpreter does first at its end: join the threads, call `atexit` functions.

    It does both again, and finds nothing left; here they are still traced.
    """
    import atexit

    threading = sys.modules.get("threading")
    for step in (getattr(threading, "_shutdown", None), atexit._run_exitfuncs):
        try:
            if step is not None:
                step()
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
