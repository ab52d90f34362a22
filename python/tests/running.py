"""Runs programs in new processes, and returns their output and status."""

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TIMEOUT = 60  # Seconds; a program that hangs fails its test instead of blocking all tests.


@dataclasses.dataclass(frozen=True)
class Ended:
    """A program that has ended. Its texts are exact, byte for byte."""

    stdout: str
    stderr: str
    status: int

    def lines(self) -> list[str]:
        """The lines of output of a program that must succeed without a message."""
        assert (self.stderr, self.status) == ("", 0)
        return without_folder(self.stdout).splitlines()


def run(
    *command: object, cwd: Path, stdin: str = "", env: Mapping[str, str] | None = None
) -> Ended:
    """Runs a command to its end.

    Args:
        command: The command and its arguments.
        cwd: The folder to run it in.
        stdin: Its standard input.
        env: Additions to this process's environment.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        input=stdin.encode(),
        env={**os.environ, **(env or {})},
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    stdout, stderr = [text.decode(errors="surrogateescape") for text in (done.stdout, done.stderr)]
    return Ended(stdout, stderr, done.returncode)


def run_python(
    *arguments: object, cwd: Path, stdin: str = "", env: Mapping[str, str] | None = None
) -> Ended:
    """Runs this Python with arguments."""
    return run(sys.executable, *arguments, cwd=cwd, stdin=stdin, env=env)


def without_folder(tree: str) -> str:
    """A tree without the folders of modules, whose names pytest generates."""
    return re.sub(r"<module> [^/\s]+/(\w+\.py)\b", r"<module> \1", tree)


def without_durations(tree: str) -> list[str]:
    """The lines of a tree, without folders, and without the durations at their ends."""
    lines = without_folder(tree).splitlines()
    return [re.sub(r"  \d+(\.\d)? (ns|µs|ms|s)$", "", line) for line in lines]
