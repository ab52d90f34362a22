"""A case: a program that must not notice that it is traced."""

import dataclasses
import re
import signal
from collections.abc import Callable, Mapping, Sequence


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The observable effects of a program, after it has ended.

    Args:
        stdout: Its output, with undecodable bytes escaped, like all texts here.
        stderr: Its standard error.
        status: Exit status, as in `subprocess`; None if the program did not end in time.
        facts: The contents of `facts.txt`, which it wrote.
        left: The contents of files that the program or its tracer left in its folder.
    """

    stdout: str
    stderr: str
    status: int | None
    facts: str
    left: str

    def text(self) -> str:
        """All text that the tracer can have written."""
        return self.stdout + self.stderr + self.left


# An additional check, after those of `harm`. Takes the traced and the untraced outcome. Returns the
# problem in a few words, or "".
Check = Callable[[Outcome, Outcome], str]


@dataclasses.dataclass(frozen=True)
class Case:
    """A program, its command, and its required outcome, traced or not.

    Args:
        name: Its subject, as in the first column of docs/no-harm.md.
        program: The text of `program.py`. The placeholders `START`, `STOP` and `MODULE` are
            replaced by statements that start and end a tracer, and its name; `INTO` starts one that
            writes to a `Sink()`. Such programs are not run under the tracer's command.
        facts: The facts that the program must write, line by line; None if they depend on the
            machine or the Python.
        status: The required exit status.
        command: The arguments of `python`.
        files: Other files in its folder.
        shell: A shell command; `{}` is replaced by the command.
        stdin: Its standard input.
        check: An additional check.
        warns: The message that swifttrace must print on standard error, if any.
        may_warn: A part of a message that swifttrace may print.
        warns_before: The first Python without that message.
        since: The first Python on which the program can run.
    """

    name: str
    program: str
    facts: str | None = ""
    status: int = 0
    command: Sequence[str] = ("program.py",)
    files: Mapping[str, str | bytes] = dataclasses.field(default_factory=dict)
    shell: str = "{}"
    stdin: str = ""
    check: Check = lambda seen, untraced: ""
    warns: str = ""
    may_warn: str = ""
    warns_before: tuple[int, int] = (4, 0)
    since: tuple[int, int] = (3, 11)

    @property
    def is_inside(self) -> bool:
        """Whether the program itself starts the tracer."""
        return re.search(r"\b(START|INTO|MODULE)\b", self.program) is not None


def harm(case: Case, seen: Outcome, untraced: Outcome) -> str:
    """Returns the tracer's effect on the program in a few words; "" if there is none."""
    if seen.status is None:
        return "does not end"
    if seen.status != untraced.status:
        return f"{_status(seen.status)}, not {_status(untraced.status)}"
    if seen.facts != untraced.facts:
        return _difference(seen.facts, untraced.facts)
    if not has_in_order(seen.stdout.splitlines(), untraced.stdout.splitlines()):
        return "standard output differs"
    return case.check(seen, untraced)


def _status(status: int | None) -> str:
    if status is None:
        return "no end"
    # A shell reports 128 plus the number of the signal.
    number = -status if status < 0 else status - 128
    if number in set(signal.Signals):
        return f"killed by {signal.Signals(number).name}"
    return f"status {status}"


def _difference(seen: str, untraced: str) -> str:
    ours, theirs = seen.splitlines(), untraced.splitlines()
    for line, expected in zip(ours, theirs, strict=False):
        if line != expected:
            return f"sees {_short(line)}, not {_short(expected)}"
    if len(ours) < len(theirs):
        return f"does not come to {_short(theirs[len(ours)])}"
    return f"sees {_short(ours[len(theirs)])} besides"


def _short(line: str) -> str:
    # Paths are relative to the folder of the case; addresses are masked.
    line = re.sub("0x[0-9a-f]+", "0x...", re.sub(r"/[^ ']*/home/", "", line))
    return f"`{line if len(line) <= 40 else line[:37] + '...'}`".replace("|", "/")


def has_in_order(lines: list[str], expected: list[str]) -> bool:
    """Whether the lines contain the expected ones; a tracer may write others to the stream."""
    rest = iter(lines)
    return all(line in rest for line in expected)
