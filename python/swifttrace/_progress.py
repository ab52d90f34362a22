"""A progress bar for what takes longer than a second, where there is a terminal and `rich`."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

_PATIENCE = 1.0  # Seconds that pass before a bar is worth it.
_STEP = 0.1


@contextlib.contextmanager
def progress_bar(name: str, read: Callable[[], tuple[int, int]]) -> Iterator[None]:
    """Show on standard error how far the block has come.

    Args:
        name: What is being done.
        read: Tells what is done and what there is to do. Called in another thread.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        yield
        return
    ended = threading.Event()

    def show() -> None:
        if ended.wait(_PATIENCE):
            return
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(name)
            while True:
                done, total = read()
                progress.update(task, completed=done, total=total or None)
                if ended.wait(_STEP):
                    return

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
