"""Children that run Python: the environment tells them to record too."""

from __future__ import annotations

import os
import shlex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._filters import Filters
    from ._recorder import Recorder

OPTIONS = "SWIFTTRACE"
"""The options of the command line, for children and for programs that nobody starts by hand."""

FAMILY = "SWIFTTRACE_FAMILY"
"""The recording that a child's belongs to."""

OWN = "SWIFTTRACE_OWN"
"""Files and folders that count as the user's own code wherever they lie."""


def follow(recorder: Recorder, filters: Filters) -> dict[str, str | None]:
    """Have children record beside a recording that has been started.

    Args:
        recorder: The recording, and its options.
        filters: What of the code is recorded.

    Returns:
        What the environment had before, for `restore`.
    """
    path = os.path.abspath(recorder.path)
    changes = {
        OPTIONS: shlex.join(["record", "-o", path, *_options(recorder, filters)]),
        FAMILY: ":".join(str(number) for number in recorder.family),
        OWN: os.pathsep.join(filters.own),
    }
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    return before


def restore(before: dict[str, str | None]) -> None:
    """Put back what the environment had before `follow`."""
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _options(recorder: Recorder, filters: Filters) -> Iterator[str]:
    """Return the options of the command line that stand for the same."""
    if set(recorder.events) - {"c_call"} != {"call", "line", "return", "exception"}:
        yield from (f"--{event}s" for event in recorder.events if event != "c_call")
    if "c_call" in recorder.events:
        yield "--c-calls"
    if recorder.values is not None:
        yield f"--values={recorder.values}"
    if recorder.max_size is not None:
        yield f"--max-size={recorder.max_size}"
    yield f"--keep={recorder.keep}"
    if recorder.min_duration:
        yield f"--min-duration={recorder.min_duration}ns"
    for name in ("include", "exclude", "function"):
        yield from (f"--{name}={glob}" for glob in getattr(filters, name))
    if filters.depth is not None:
        yield f"--depth={filters.depth}"
    if filters.all:
        yield "--all"
