"""A progress bar on a terminal, drawn by `rich`, for work that takes longer than a second."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TextIO

from .._printable import printable

_PATIENCE = 1.0  # Seconds before a bar is shown.
_STEP = 0.1


@contextlib.contextmanager
def progress_bar(name: str, read: Callable[[], tuple[int, int]]) -> Iterator[None]:
    """Show the progress of the block on standard error: a bar, or a line if `rich` is missing.

    Shows nothing in the first second, and nothing at all if standard error is not a terminal.

    Args:
        name: The name of the work.
        read: Returns the finished amount and the total, which is 0 while it is unknown. Called in
            another thread.
    """
    terminal = sys.stderr
    if terminal is None or not terminal.isatty():
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_show, args=(terminal, name, read, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _show(
    terminal: TextIO, name: str, read: Callable[[], tuple[int, int]], ended: threading.Event
) -> None:
    if ended.wait(_PATIENCE):
        return
    try:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import Progress
    except ImportError:
        advice = "for a progress bar: pip install 'swifttrace[terminal]'"
        while not (total := read()[1]):
            if ended.wait(_STEP):
                return
        print(
            f"swifttrace: {printable(name)}: {total:,} events; {advice}", file=terminal, flush=True
        )
        return
    # rich must not redirect the program's output.
    console = Console(file=terminal)
    bar = Progress(console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    with bar as progress:
        task = progress.add_task(escape(printable(name)))
        while True:
            done, total = read()
            progress.update(task, completed=done, total=total or None)
            if ended.wait(_STEP):
                return
