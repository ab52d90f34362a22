"""The selection of processes and threads of a recording, and the report of their gaps."""

from __future__ import annotations

import argparse

from .._printable import report
from .._reading.recording import Recording
from .._reading.rows import Thread
from .._reading.tables import Table
from .parsing import Parser


def check_selection(parser: Parser, options: argparse.Namespace, recording: Recording) -> None:
    """Exit with an error if `--process` or `--thread` matches nothing."""
    threads = tuple(recording.threads)
    if options.process is not None and options.process not in recording.processes:
        numbers = ", ".join(map(str, recording.processes))
        parser.error(f"the recording has no process {options.process}; it has {numbers}")
    if options.process is not None:
        threads = tuple(thread for thread in threads if thread.process == options.process)
    if options.thread is not None and all(thread.index != options.thread for thread in threads):
        last = max((thread.index for thread in threads), default=-1)
        known = f"; the last is {last}" if threads else ""
        parser.error(f"the recording has no thread {options.thread}{known}")


def report_dropped(threads: Table[Thread]) -> None:
    """Report the events that are not in the files on standard error."""
    for thread in threads:
        if thread.dropped:
            report(
                f"process {thread.process}, thread {thread.index}: {thread.dropped:,} "
                f"events are missing, from {thread.dropped_from / 1e9:.6f} s to "
                f"{thread.dropped_until / 1e9:.6f} s"
            )
