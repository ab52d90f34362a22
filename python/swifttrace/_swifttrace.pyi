"""The engine, a Swift library. Use the package `swifttrace`."""

from collections.abc import Callable
from types import CodeType
from typing import Any, Literal, NoReturn, NotRequired, TypeAlias, TypedDict

from ._tracing.options import RecorderSettings
from ._types import EngineTarget, ProfileFunction, Source, TextFile, TraceFunction

auto_source: Source
"""The source that `auto` selects, except for opcodes and C calls."""

compiled_for: str
"""The version of CPython whose headers the engine was compiled with, such as `3.11.7`."""

_RequestedName: TypeAlias = Literal["call", "line", "return", "exception", "opcode", "c_call"]
_PythonName: TypeAlias = Literal[_RequestedName, "c_return", "c_exception"]
_KindName: TypeAlias = Literal[_PythonName, "resume", "yield", "await", "unwind"]

class Filter(TypedDict):
    """The code that is traced."""

    all: bool
    """Whether the code in `library_folders` is traced too."""
    library_folders: list[str]
    """Folders whose code is not the user's own, each ending in a separator."""
    own: list[str]
    """Files, and folders ending in a separator, that are the user's own wherever they are."""
    hidden: list[str]
    """Prefixes of paths that are never traced: swifttrace's own folder."""
    include: list[str]
    exclude: list[str]
    function: list[str]

class Logger(TypedDict):
    """A strategy that writes text, without the file that it writes to."""

    kind: str
    events: NotRequired[list[str]]
    """The events to write. Required for the kinds `tree` and `json`, absent for the others."""
    color: NotRequired[bool]
    """Whether the text has colors. Required for the kind `tree`, absent for the others."""
    source: NotRequired[bool]
    """Whether each line is followed by its source. Required and absent like `color`."""

class TextStrategy(Logger):
    """A strategy that writes text."""

    target: EngineTarget

class EngineRecorder(RecorderSettings):
    """A recorder."""

    kind: Literal["record"]
    path: bytes
    reports: bool
    """Whether the first process prints a summary at the end."""
    python: str
    """`sys.version`."""
    platform: str
    arguments: list[str]
    options: list[str]
    run_id: tuple[int, int]
    is_child: bool

class LineCounter(TypedDict):
    """Counts how often each line runs."""

    kind: Literal["count"]
    target: TextFile
    modules: list[str]
    """Modules that are not counted."""
    folders: list[str]
    """Folders that are not counted."""
    counts_running_frames: bool

class LineTracer(TypedDict):
    """Prints the lines as `python -m trace --trace` does."""

    kind: Literal["trace"]
    target: TextFile
    modules: list[str]
    folders: list[str]
    start: int | None
    """Nanoseconds since 1970; None if lines are printed without their time."""
    is_spaced: bool
    gathered: int
    """Characters that are buffered before they are written."""
    sources: TextFile
    """Receives the name of a file, and puts the file's source into `box`."""
    box: list[bytes]

class CodeLister(TypedDict):
    """Calls a function with the code objects of each called function and of its caller."""

    kind: Literal["functions", "callers"]
    target: Callable[[CodeType, CodeType | None], object]

EngineStrategy: TypeAlias = TextStrategy | EngineRecorder | LineCounter | LineTracer | CodeLister

class StartRequest(TypedDict):
    strategies: list[EngineStrategy]
    filter: Filter
    depth: int | None
    all_threads: bool
    may_be_running: bool
    """Whether a running session makes `start` return 0. Otherwise it raises RuntimeError."""
    source: Source

class ThreadSelection(TypedDict):
    process: int | None
    """The number of the only process; None for all."""
    thread: int | None
    """The number of the only thread in its process; None for all."""

class ShowRequest(ThreadSelection):
    loggers: list[Logger]
    descriptor: int
    begin: int | None
    """Nanoseconds since the start of the recording, like `end`."""
    end: int | None
    depth: int | None
    tail: int | None
    times: Literal["none", "relative", "absolute"]
    follow: bool
    include: list[str]
    exclude: list[str]
    function: list[str]
    min_duration: int
    """Nanoseconds."""
    fold: bool
    max_children: int | None
    tasks: bool

class ExportRequest(ThreadSelection):
    format: str
    descriptor: int

class ViewRequest(ThreadSelection):
    name: str
    """`stats`, `callers`, `callees`, `paths`, `tree` or `diff`."""
    globs: list[str]
    """Globs on functions; on classes of exceptions for `paths`. For `tree`, none for all calls."""
    by_thread: bool
    """Whether `stats` counts each thread separately."""
    lines: bool
    """Whether `stats` counts lines too."""
    values: bool
    """Whether `diff` compares values."""
    reverse: bool
    """Whether `tree` has callers below functions, not callees."""
    share: float
    """Least share of the time that a node of `tree` must have, from 0 to 1."""
    depth: int | None
    """Maximum number of levels of `tree`."""
    other: object | None
    """The second recording of `diff`."""

def start(request: StartRequest, /) -> int: ...
def change_filter(filter: Filter, /) -> None: ...
def source() -> Source | None: ...
def stop(number: int = ..., /) -> None: ...
def flush() -> None: ...
def is_tracing(here: bool = False, /) -> bool: ...
def show(recording: object, request: ShowRequest, /) -> None: ...
def open_recording(path: str | bytes, children: bool, /) -> object: ...
def event_kinds() -> tuple[tuple[_PythonName, _KindName, _RequestedName], ...]: ...
def read_events(recording: object, count: int, /) -> tuple[tuple[Any, ...], ...]: ...
def describe(recording: object, /) -> tuple[tuple[Any, ...], ...]: ...
def contents(
    recording: object, functions: bool, /
) -> tuple[
    tuple[
        tuple[tuple[str, ...], tuple[tuple[Any, ...] | None, ...], tuple[tuple[Any, ...], ...]], ...
    ],
    tuple[str, ...],
]: ...
def arrow_stream(recording: object, table: str, requested_schema: object, /) -> object: ...
def arrow_schema(table: str, /) -> object: ...
def export(recording: object, request: ExportRequest, /) -> None: ...
def count_lines(
    recording: object, selection: ThreadSelection, /
) -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]: ...
def view(recording: object, request: ViewRequest, /) -> tuple[Any, ...]: ...
def source_lines(path: bytes, /) -> tuple[str, ...]: ...
def progress(recording: object, /) -> tuple[int, int]: ...
def writer(path: str | bytes, /) -> int | None: ...
def call(function: Callable[..., object], arguments: tuple[object, ...], /) -> object: ...
def run_file(path: str, globals: dict[str, Any], /) -> object: ...
def shut_down_threads() -> None: ...
def finish(exception: BaseException, script: dict[str, Any] | None, /) -> NoReturn: ...
def steps() -> list[Any]: ...

class Guarded:
    def __new__(cls, function: Callable[..., Any], undo: Callable[..., object], /) -> Any: ...

def settrace(function: TraceFunction | None, /) -> None: ...
def gettrace() -> TraceFunction | None: ...
def setprofile(function: ProfileFunction | None, /) -> None: ...
def getprofile() -> ProfileFunction | None: ...
def settrace_running_threads(function: TraceFunction | None, /) -> None: ...
def setprofile_running_threads(function: ProfileFunction | None, /) -> None: ...
