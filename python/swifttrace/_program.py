"""The program to trace: found, and run as the interpreter would run it."""

from __future__ import annotations

import builtins
import dataclasses
import importlib.machinery
import importlib.util
import io
import os
import pkgutil
import runpy
import sys
import types
from collections.abc import Callable, Sequence
from typing import NoReturn

from . import _swifttrace

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


class NotRunnableError(Exception):
    """There is no such program, or it cannot be run. The message says why, in one line."""


@dataclasses.dataclass(frozen=True)
class Main:
    """What the interpreter puts into `__main__`, and the code it runs there.

    Args:
        code: The program.
        file: `__file__`, or None where it has none.
        loader: `__loader__`.
        spec: `__spec__`, for what is run by a module's name.
    """

    code: types.CodeType
    file: str | None = None
    loader: object = None
    spec: importlib.machinery.ModuleSpec | None = None


@dataclasses.dataclass(frozen=True)
class Program:
    """A program that is ready to run.

    Args:
        load: Compiles the program, or raises what keeps it from running. Part of the run: finding
            `package.module` imports `package`.
        arguments: `sys.argv`.
        search_path: `sys.path[0]`.
        own: Files, and folders ending in a separator, that are the program's own code wherever they
            lie.
    """

    load: Callable[[], Main]
    arguments: Sequence[str]
    search_path: str
    own: Sequence[str] = ()

    def run(self, start: Callable[[], None]) -> None:
        """Run the program as the interpreter would, ending as it would end.

        Args:
            start: Called when all is prepared; starts the tracing.
        """
        sys.argv[:] = self.arguments
        _replace_search_path(self.search_path)
        start()
        try:
            main = self.load()
            namespace = _make_main_module(main).__dict__
            if main.spec is not None and main.file is not None:
                sys.argv[0] = main.file
            _swifttrace.run(main.code, namespace)
        except BaseException as error:
            _finish(error)


def find_script(path: str, arguments: Sequence[str]) -> Program:
    """Find a script, or a folder or zip file that holds a `__main__`.

    Raises:
        NotRunnableError: There is no such file, or it cannot be read.
    """
    argv = [path, *arguments]
    if pkgutil.get_importer(path) is not None:
        return Program(lambda: _load_module("__main__"), argv, path, [os.path.join(path, "")])
    try:
        with io.open_code(os.path.abspath(path)):
            pass
    except OSError as error:
        raise NotRunnableError(f"cannot open {path}: {error.strerror}") from error
    # As the interpreter: absolute, symbolic links left in; the search path follows them.
    file = os.path.abspath(path)
    folder = os.path.dirname(os.path.realpath(path))
    return Program(lambda: _load_script(file), argv, folder, [file])


def find_module(name: str, arguments: Sequence[str]) -> Program:
    """Find a module to run as `python -m` does.

    Raises:
        NotRunnableError: There is no such module.
    """
    _replace_search_path(os.getcwd())
    top = name.partition(".")[0]
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError) as error:
        raise NotRunnableError(f"cannot run module {name!r}: {error}") from error
    if spec is None:
        raise NotRunnableError(f"no module named {top!r}")
    folders = [os.path.join(folder, "") for folder in spec.submodule_search_locations or ()]
    own = [*folders, *([spec.origin] if spec.origin else [])]
    return Program(lambda: _load_module(name), ["-m", *arguments], os.getcwd(), own)


def compile_code(source: str, arguments: Sequence[str]) -> Program:
    """Take code to run as `python -c` does."""
    loader = importlib.machinery.BuiltinImporter

    def load() -> Main:
        return Main(compile(source, "<string>", "exec", dont_inherit=True), loader=loader)

    return Program(load, ["-c", *arguments], "", ["<string>"])


def _load_script(file: str) -> Main:
    with io.open_code(file) as stream:
        code = pkgutil.read_code(stream)
    if code is None:
        with io.open_code(file) as stream:
            code = compile(stream.read(), file, "exec", dont_inherit=True)
    return Main(code, file, importlib.machinery.SourceFileLoader("__main__", file))


def _load_module(name: str) -> Main:
    # What `python -m` itself uses: it knows of packages, of `__main__` and of what warns.
    _, spec, code = runpy._get_module_details(name)  # type: ignore[attr-defined]
    return Main(code, spec.origin, spec.loader, spec)


def _replace_search_path(first: str) -> None:
    """Put the program's folder where `python -m swifttrace`, or the command, has put its own."""
    if not sys.flags.safe_path:
        sys.path[0] = first


def _make_main_module(main: Main) -> types.ModuleType:
    """Make the `__main__` that the interpreter would have made."""
    module = types.ModuleType("__main__")
    namespace = module.__dict__
    namespace["__builtins__"] = builtins
    if "__annotations__" in sys.modules["__main__"].__dict__:
        namespace["__annotations__"] = {}
    namespace["__loader__"] = main.loader
    namespace["__spec__"] = main.spec
    if main.spec is not None:
        namespace["__package__"] = main.spec.parent
    if main.file is not None:
        namespace["__file__"] = main.file
        namespace["__cached__"] = main.spec.cached if main.spec is not None else None
    sys.modules["__main__"] = module
    return module


def _finish(error: BaseException) -> NoReturn:
    """End the process as the error, which the program did not catch, ends it."""
    traceback = error.__traceback__
    while traceback is not None and _is_ours(traceback.tb_frame.f_code.co_filename):
        traceback = traceback.tb_next
    if isinstance(error, runpy._Error):  # type: ignore[attr-defined]
        error = SystemExit(f"{sys.executable}: {error}")
    _swifttrace.finish(error.with_traceback(traceback))


def _is_ours(file: str) -> bool:
    return file.startswith(_PACKAGE + os.sep)
