"""Finding the program to trace, and running it as the interpreter would."""

from __future__ import annotations

import builtins
import importlib.machinery
import importlib.util
import io
import os
import runpy
import stat
import sys
import types

from .. import _swifttrace
from .._paths import PACKAGE, current_folder, real
from . import command_line, search_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn


# Since these releases (gh-152132), CPython removes `__file__` from `__main__` before it handles the
# exception that ended a script.
_FORGETS_FIRST = sys.version_info >= ((3, 14, 7) if sys.version_info >= (3, 14) else (3, 13, 15))


class NotRunnableError(Exception):
    """A program that does not exist or cannot be run. The message has the reason, in one line."""


class Program:
    """A program that is ready to run.

    Args:
        execute: Runs the program in the namespace of `__main__`.
        arguments: `sys.argv`.
        search_path: `sys.path[0]`; None for no such entry.
        words: The words after the interpreter's options when it runs without swifttrace.
        own: Files, and folders ending in a separator, that are the program's own code wherever they
            are.
        attributes: The names that the interpreter sets in `__main__` when it starts the program.
    """

    def __init__(
        self,
        execute: Callable[[dict[str, Any]], object],
        arguments: Sequence[str],
        search_path: str | None,
        words: Sequence[str],
        own: Sequence[str] = (),
        attributes: dict[str, object] | None = None,
    ) -> None:
        self.execute = execute
        self.arguments = arguments
        self.search_path = search_path
        self.words = words
        self.own = own
        self.attributes = attributes or {}

    def run(self, start: Callable[[], None]) -> None:
        """Run the program as the interpreter would, and end as it would.

        Args:
            start: Starts tracing. Called right before the program.
        """
        main = _make_main_module(self.attributes)
        sys.argv[:] = self.arguments
        command_line.name_program(self.words)
        search_path.use_programs(self.search_path)
        script = main.__dict__ if "__file__" in self.attributes else None
        start()
        try:
            self.execute(main.__dict__)
            forget_script(script)
            return
        except BaseException as error:
            failure = error
        # Outside the handler: otherwise this exception would be the context of those that exit
        # handlers and hooks raise.
        _finish(failure, script)


def find_script(path: str, arguments: Sequence[str]) -> Program:
    """Find a script, or a folder or zip file that holds a `__main__`.

    Raises:
        NotRunnableError: There is no such file, or it cannot be read.
    """
    argv = [path, *arguments]
    # Like the interpreter's `__file__`: absolute, but with `..` and symbolic links, which the
    # search path does not have.
    file = os.path.join(current_folder() or "", path)
    if _has_importer(path):
        own = [os.path.join(file, "")]
        return Program(_module_runner("__main__", False), argv, file, argv, own)
    try:
        compiled = _read_compiled(file)
    except OSError as error:
        raise NotRunnableError(f"cannot open {path}: {error.strerror}") from error
    loader: object
    if compiled is None:
        loader = importlib.machinery.SourceFileLoader("__main__", file)
        execute = _script_runner(file)
    else:
        loader = importlib.machinery.SourcelessFileLoader("__main__", file)
        execute = _code_runner(compiled)
    attributes: dict[str, object] = {"__file__": file, "__loader__": loader}
    if sys.version_info < (3, 15):
        attributes["__cached__"] = None
    return Program(execute, argv, os.path.dirname(real(path)), argv, [file], attributes)


def find_module(name: str, arguments: Sequence[str]) -> Program:
    """Find a module to run as `python -m` does.

    Raises:
        NotRunnableError: There is no such module.
    """
    folder = current_folder()
    top = name.partition(".")[0]
    try:
        with search_path.Programs(folder):
            spec = importlib.util.find_spec(top)
    except (ImportError, ValueError) as error:
        raise NotRunnableError(f"cannot run module {name!r}: {error}") from error
    if spec is None:
        raise NotRunnableError(f"no module named {top!r}")
    words = ["-m", name, *arguments]
    own = files_of(spec)
    return Program(_module_runner(name, True), ["-m", *arguments], folder, words, own)


def files_of(spec: importlib.machinery.ModuleSpec) -> list[str]:
    """Return the folders, with a separator at the end, and the file of a module."""
    folders = [os.path.join(folder, "") for folder in spec.submodule_search_locations or ()]
    return [*folders, *([spec.origin] if spec.origin else [])]


def compile_code(source: str, arguments: Sequence[str]) -> Program:
    """Prepare code to run as `python -c` does."""
    # Compiled before tracing starts, because compilation can run code that is not the program's.
    compiled: types.CodeType | BaseException
    try:
        compiled = _compile(source)
    except BaseException as error:
        compiled = error

    def execute(namespace: dict[str, Any]) -> object:
        if isinstance(compiled, BaseException):
            raise compiled
        return _code_runner(compiled)(namespace)

    words = ["-c", source, *arguments]
    return Program(execute, ["-c", *arguments], "", words, ["<string>"])


def _compile(text: str) -> types.CodeType:
    if sys.version_info >= (3, 14):
        import textwrap

        text = textwrap.dedent(text)
    code = compile(text, "<string>", "exec", dont_inherit=True)
    if sys.version_info >= (3, 13):
        # Like the interpreter, whose tracebacks show lines of this code from 3.13.
        import linecache

        register = getattr(linecache, "_register_code")  # noqa: B009 - unknown to type checkers
        register(code if sys.version_info >= (3, 14) else "<string>", text, "<string>")
    return code


def _has_importer(path: str) -> bool:
    """Return whether modules can be imported from the path: a folder or zip file, for example."""
    if sys.path_importer_cache.get(path) is not None:
        return True
    for hook in sys.path_hooks:
        try:
            hook(path)
            return True
        except ImportError:
            continue
    return False


def _read_compiled(file: str) -> types.CodeType | None:
    """Return the code of a file that holds compiled code; None for a source file.

    Raises:
        OSError: There is no such file, or it cannot be read.
    """
    if not stat.S_ISREG(os.stat(file).st_mode):
        return None  # A pipe can be read only once.
    with io.open_code(file) as stream:
        if stream.read(4) != importlib.util.MAGIC_NUMBER:
            return None
        # Imported here, because most programs are source files.
        import pkgutil

        stream.seek(0)
        return pkgutil.read_code(stream)  # type: ignore[no-any-return,unused-ignore]


def _script_runner(file: str) -> Callable[[dict[str, Any]], object]:
    return lambda namespace: _swifttrace.run_file(file, namespace)


def _code_runner(code: types.CodeType) -> Callable[[dict[str, Any]], object]:
    return lambda namespace: _swifttrace.call(exec, (code, namespace))


def _module_runner(name: str, sets_argument: bool) -> Callable[[dict[str, Any]], object]:
    # The interpreter calls this function for `-m`, for folders and for zip files. The function
    # finds `__main__` in sys.modules.
    run = runpy._run_module_as_main  # type: ignore[attr-defined]
    return lambda namespace: _swifttrace.call(run, (name, sets_argument))


def _make_main_module(attributes: dict[str, object]) -> types.ModuleType:
    """Make the `__main__` that the interpreter would have made."""
    module = types.ModuleType("__main__")
    namespace = module.__dict__
    if "__annotations__" in sys.modules["__main__"].__dict__:
        namespace["__annotations__"] = {}
    namespace["__builtins__"] = builtins
    namespace["__loader__"] = importlib.machinery.BuiltinImporter
    namespace.update(attributes)
    sys.modules["__main__"] = module
    return module


def forget_script(namespace: dict[str, Any] | None) -> None:
    """Remove the names from `__main__` that the interpreter removes when a script ends."""
    if namespace is not None:
        namespace.pop("__file__", None)
        namespace.pop("__cached__", None)


def _finish(error: BaseException, script: dict[str, Any] | None) -> NoReturn:
    """End the process as an uncaught exception ends it.

    Args:
        error: The exception.
        script: The namespace of `__main__` if the program is a script, else None.
    """
    traceback = error.__traceback__
    while traceback is not None and _is_ours(traceback.tb_frame.f_code.co_filename):
        traceback = traceback.tb_next
    if _FORGETS_FIRST:
        forget_script(script)
    _swifttrace.finish(error.with_traceback(traceback), script)


def _is_ours(file: str) -> bool:
    return file.startswith(PACKAGE)
