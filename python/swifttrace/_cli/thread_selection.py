"""The processes and threads of a recording: those that a command selects, and their gaps."""

from __future__ import annotations

import argparse

from .._printable import report
from .._reading.recording import Recording
from .._reading.rows import Thread
from .._reading.tables import Table
from .parsing import Parser
from .unmatched import listed, refuse


def check_selection(parser: Parser, options: argparse.Namespace, recording: Recording) -> None:
    """Exit with status 1 if `--process` or `--thread` matches nothing."""
    threads = tuple(recording.threads)
    if options.process is not None and options.process not in recording.processes:
        known = listed(map(str, recording.processes))
        refuse(parser, f"nothing matched --process {options.process}; processes: {known}")
    if options.process is not None:
        threads = tuple(thread for thread in threads if thread.process == options.process)
    if options.thread is not None and all(thread.index != options.thread for thread in threads):
        known = listed(f"{thread.index} {thread.name}".rstrip() for thread in threads)
        refuse(parser, f"nothing matched --thread {options.thread}; threads: {known}")


def report_dropped(threads: Table[Thread]) -> None:
    """Print on standard error which events are not in the files."""
    for thread in threads:
        if thread.dropped:
            report(
                f"process {thread.process}, thread {thread.index}: {thread.dropped:,} "
                f"events are missing, from {thread.dropped_from / 1e9:.6f} s to "
                f"{thread.dropped_until / 1e9:.6f} s"
            )
