"""The engine, a Swift library. Use the package `swifttrace`."""

from collections.abc import Callable
from typing import Any, NoReturn

from ._types import EngineTarget

compiled_for: str
"""The version of CPython whose headers the engine was compiled with, such as `3.11.7`."""

def start(
    strategies: list[tuple[str, EngineTarget]],
    depth: int | None,
    all_threads: bool,
    foreign_too: bool,
    foreign: list[str],
    own: list[str],
    hidden: list[str],
    include: list[str],
    exclude: list[str],
    functions: list[str],
    /,
) -> None: ...
def stop() -> None: ...
def is_tracing() -> bool: ...
def call(function: Callable[..., object], arguments: tuple[object, ...], /) -> object: ...
def run_file(path: str, globals: dict[str, Any], /) -> object: ...
def finish(exception: BaseException, /) -> NoReturn: ...
