"""`python -m swifttrace doctor`: checks whether tracing and recording will work here."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib.metadata
import io
import json
import mmap
import os
import platform
import shutil
import site
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .. import _swifttrace
from .._paths import PACKAGE
from .._tracing.filters import Filters
from .._tracing.recorder import Recorder
from .._tracing.session import begin, stop
from .._tracing.strategies import Strategy, TreeLogger
from .._version import __version__
from .parsing import HelpFormatter, Parser
from .terminal import prepare_output

_LITTLE = 64 << 20  # Bytes; a recording of many events soon needs more.
_PACKAGES = {
    "rich": "tables, colors and progress bars: pip install 'swifttrace[terminal]'",
    "pyarrow": "Parquet: pip install 'swifttrace[parquet]'",
}

_EXAMPLES = """\
examples:
  swifttrace doctor                        this interpreter, and recordings in this folder
  swifttrace doctor -o /mnt/recordings     recordings in another folder
  swifttrace doctor --format json          for programs

exit status: 0 if all works, 1 if something will not work
"""


class Check(NamedTuple):
    """The result of one check."""

    name: str
    """A word or two, such as `source`."""

    status: str
    """`ok`; `note` if tracing works with a limit; `fail` if something will not work."""

    text: str
    """The finding, and for `note` and `fail` the remedy."""

    details: dict[str, Any]
    """The facts of the finding, for programs."""


def main() -> None:
    """Run the command: print the findings. The status is 1 if something will not work."""
    parser = make_parser()
    options = parser.parse_args(sys.argv[2:])
    prepare_output(parser)
    # First, because the other checks take monitoring IDs and trace functions themselves.
    tools = _check_other_tools()
    checks = [*_check_versions(), _check_source(), tools, _check_children()]
    checks += [*_check_recordings(options.folder), *_check_packages()]
    is_well = all(check.status != "fail" for check in checks)
    try:
        _print(checks, is_well, options.format == "json")
    except BrokenPipeError:
        # The reader of the text has closed the pipe, which is not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        parser.error(f"cannot write: {error.strerror}")
    sys.exit(0 if is_well else 1)


def _print(checks: list[Check], is_well: bool, as_json: bool) -> None:
    if as_json:
        found = [check._asdict() for check in checks]
        print(json.dumps({"version": __version__, "is_well": is_well, "checks": found}, indent=2))
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            print(f"{check.status:4}  {check.name:{width}}  {check.text}")
    sys.stdout.flush()


def make_parser() -> Parser:
    """Return the parser of the command's arguments."""
    parser = Parser(
        prog="swifttrace doctor",
        description="Check whether tracing and recording will work under this interpreter.",
        epilog=_EXAMPLES,
        formatter_class=HelpFormatter,
        usage="%(prog)s [-o FOLDER] [--format FORMAT]",
        allow_abbrev=False,
    )
    parser.add_argument(
        "-o",
        dest="folder",
        metavar="FOLDER",
        default=".",
        help="folder in which recordings will be written (default: the current folder)",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="lines of text, or one object"
    )
    return parser


def _check_versions() -> Iterator[Check]:
    version = platform.python_version()
    implementation = platform.python_implementation()
    system = f"{platform.system()} {platform.machine()}"
    details = {
        "implementation": implementation,
        "version": version,
        "executable": sys.executable,
        "platform": system,
    }
    text = f"{implementation} {version} on {system}: {sys.executable}"
    yield Check("interpreter", "ok", text, details)
    try:
        from .._built import SWIFT as swift  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        swift = "unknown"
    folder = PACKAGE.rstrip(os.sep)
    compiled_for = _swifttrace.compiled_for
    details = {"folder": folder, "compiled_for": compiled_for, "swift": swift}
    text = f"{__version__}, built for CPython {compiled_for} by Swift {swift}: {folder}"
    yield Check("swifttrace", "ok", text, details)


def _check_source() -> Check:
    """Start a trace with `auto`, and report the source that it has."""
    warnings = io.StringIO()
    source = None
    try:
        with contextlib.redirect_stderr(warnings), _tracing(TreeLogger(io.StringIO())):
            source = _swifttrace.source()
    except RuntimeError as error:
        return Check("source", "fail", f"tracing does not start: {error}", {"auto": None})
    details = {"auto": source}
    if source == "monitoring":
        text = (
            "auto selects sys.monitoring, which costs less, or PyEval_SetTrace for --opcodes and "
            "--c-calls, which sys.monitoring does not have"
        )
        return Check("source", "ok", text, details)
    if sys.version_info < (3, 12):
        text = "auto selects PyEval_SetTrace: sys.monitoring needs Python 3.12 or newer"
        return Check("source", "ok", text, details)
    text = (
        "auto selects PyEval_SetTrace: other tools hold the IDs of sys.monitoring that swifttrace "
        "uses (3, 4, 5); tracing costs more until one of them is free"
    )
    return Check("source", "note", text, details)


def _check_other_tools() -> Check:
    """Look for tools that were started with this interpreter, by a `.pth` file for example."""
    held: dict[int, str] = {}
    if sys.version_info >= (3, 12):
        for number in range(6):
            tool = sys.monitoring.get_tool(number)
            if tool is not None:
                held[number] = str(tool)
    functions = {"sys.settrace": sys.gettrace(), "sys.setprofile": sys.getprofile()}
    named = {name: _name(function) for name, function in functions.items() if function is not None}
    details = {"monitoring": held, "functions": named}
    found = [f"{tool} holds ID {number} of sys.monitoring" for number, tool in held.items()]
    found += [f"{function} is set by {name}" for name, function in named.items()]
    if not found:
        return Check("other tools", "ok", "none hold a monitoring ID or a trace function", details)
    if named:
        found.append(
            "swifttrace replaces it under PyEval_SetTrace, and restores it at the end"
        )
    return Check("other tools", "note" if named else "ok", "; ".join(found), details)


def _name(function: object) -> str:
    """Return the name of a function, or of the class of another callable."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{getattr(named, '__module__', None)}.{getattr(named, '__qualname__', None)}"


def _check_children() -> Check:
    """Look for the `.pth` file that starts the recording of child processes."""
    folder = os.path.dirname(PACKAGE.rstrip(os.sep))
    path = os.path.join(folder, "swifttrace.pth")
    exists = os.path.exists(path)
    # Python reads such files in these folders only.
    folders = {*site.getsitepackages(), site.getusersitepackages()}
    is_read = exists and os.path.realpath(folder) in map(os.path.realpath, folders)
    details = {"file": path, "is_read": is_read}
    if is_read:
        return Check("children", "ok", "child processes that run Python are recorded", details)
    problem = f"Python does not read {path}" if exists else f"{path} is missing"
    remedy = "install swifttrace with pip, without --target"
    text = f"child processes are not recorded: {problem}; {remedy}"
    return Check("children", "note", text, details)


def _check_recordings(folder: str) -> Iterator[Check]:
    """Record a few events in the folder, and look at its file system."""
    name = "recordings"
    folder = os.path.abspath(folder)
    details: dict[str, Any] = {"folder": folder}
    path = os.path.join(folder, f".swifttrace-doctor-{os.getpid()}.swt")
    try:
        free = shutil.disk_usage(folder).free
        details["free"] = free
        details["shares_mappings"] = _can(path, _map)
        details["reserves_space"] = _can(path, _reserve)
        details["events"] = _record(path)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        text = f"cannot record in {folder}: {reason}; choose another folder with -o"
        yield Check(name, "fail", text, details)
        return
    room = f"{free / 1e9:,.1f} GB free"
    if not details["shares_mappings"]:
        text = (
            f"{folder} does not support shared mappings ({room}): a recording there loses its last "
            "events if the program is killed; record on a local disk"
        )
        yield Check(name, "note", text, details)
    elif not details["reserves_space"]:
        text = (
            f"{folder} cannot reserve space ({room}): a recording writes every block twice; record "
            "on a local disk"
        )
        yield Check(name, "note", text, details)
    elif free < _LITTLE:
        text = f"{folder} has {free:,} bytes free: a recording ends when they are used up; "
        yield Check(name, "note", text + "limit it with --max-size", details)
    else:
        text = f"{folder} maps files, reserves space, and has {room}"
        yield Check(name, "ok", text, details)


def _can(path: str, do: Callable[[int], None]) -> bool:
    """Return whether an operation on a new file succeeds.

    Raises:
        OSError: The file cannot be created.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.ftruncate(descriptor, mmap.PAGESIZE)
        do(descriptor)
        return True
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        return False
    finally:
        os.close(descriptor)
        os.unlink(path)


def _map(descriptor: int) -> None:
    with mmap.mmap(descriptor, mmap.PAGESIZE, mmap.MAP_SHARED) as mapped:
        mapped[0] = 1


def _reserve(descriptor: int) -> None:
    # Not `os.posix_fallocate`: the C library emulates that if the file system does not support it.
    fallocate = ctypes.CDLL(None, use_errno=True).fallocate
    fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
    if fallocate(descriptor, 0, 0, 1 << 20) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _record(path: str) -> int:
    """Record a few events, and return the number that can be read."""
    from .._reading.recording import Recording

    # Code of the package is never traced, nor is code from a string that the package runs.
    example = compile("def example(): pass\nexample()", "example.py", "exec")
    try:
        with _tracing(Recorder(path, children=False)):
            exec(example, {})
        count = sum(1 for _ in Recording(path))
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    if count == 0:
        raise RuntimeError("the recording has no events")
    return count


def _check_packages() -> Iterator[Check]:
    for name, purpose in _PACKAGES.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Check(name, "ok", f"not installed, optional; {purpose}", {"version": None})
        else:
            yield Check(
                name, "ok", f"{version}, for {purpose.partition(':')[0]}", {"version": version}
            )


@contextlib.contextmanager
def _tracing(strategy: Strategy) -> Iterator[None]:
    begin((strategy,), Filters())
    try:
        yield
    finally:
        stop()
