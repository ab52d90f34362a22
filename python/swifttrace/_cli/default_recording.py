"""The recording that a command reads: `run.swt` by default."""

from __future__ import annotations

import argparse
import os

from .._reading.recording import Recording
from .._tracing.output_names import DEFAULT_NAME
from .parsing import Parser

_HELP = f"a file that swifttrace record has written (default: {DEFAULT_NAME})"


def add_recording(parser: Parser, count: int = 1) -> None:
    """Add the argument that names one recording, or the two of `diff`."""
    if count == 1:
        parser.add_argument("recording", nargs="?", default=DEFAULT_NAME, help=_HELP)
    else:
        parser.add_argument(
            "recordings",
            nargs="*",
            metavar="recording",
            help=f"the earlier one, and the later one (default: {DEFAULT_NAME})",
        )


def use_default(parser: Parser, options: argparse.Namespace) -> None:
    """Complete the arguments: `recordings` has the paths, and `patterns` the names, if any."""
    if "recordings" in options:
        if not 1 <= len(options.recordings) <= 2:
            parser.error("expected two recordings to compare")
        options.recordings += [DEFAULT_NAME] * (2 - len(options.recordings))
        return
    options.recordings = [options.recording]
    if "patterns" not in options:
        return
    if options.recording != DEFAULT_NAME and not _is_recording(options.recording):
        options.patterns.insert(0, options.recording)
        options.recordings = [DEFAULT_NAME]
    elif len(options.patterns) == 1 and os.path.isfile(options.patterns[0]):
        parser.error(f"missing name: what to look for in {options.patterns[0]}")


def _is_recording(name: str) -> bool:
    return name.endswith(".swt") or os.sep in name or os.path.exists(name)


def open_recording(parser: Parser, path: str, children: bool) -> Recording:
    """Return a recording; exit with status 2 if it cannot be read."""
    try:
        return Recording(path, children=children)
    except FileNotFoundError as error:
        hint = "; name a recording, or make one with swifttrace record"
        parser.error(f"cannot read {path}: {error.strerror}{hint if path == DEFAULT_NAME else ''}")
    except OSError as error:
        parser.error(f"cannot read {path}: {error.strerror}")
    except ValueError as error:
        parser.error(str(error))
