"""The compared tracers, with their commands and start statements."""

import dataclasses
import re
from collections.abc import Mapping, Sequence


@dataclasses.dataclass(frozen=True)
class Tool:
    """A tracer.

    Args:
        name: Its name in the table.
        module: The module to import.
        words: Arguments between `python` and the command of the program.
        for_module: Arguments for the command `-m MODULE`; None if that is impossible.
        for_code: Arguments for the command `-c CODE`; None if that is impossible.
        env: Additional environment variables.
        start: A statement that starts it within a program.
        stop: A statement that ends it.
        into: A statement that starts it with `Sink()` as its output.
        comes_with_python: Whether it is in the standard library.
        shown: Its command, for the list above the table.
    """

    name: str
    module: str
    words: Sequence[str]
    start: str
    stop: str
    for_module: Sequence[str] | None = None
    for_code: Sequence[str] | None = None
    env: Mapping[str, str] = dataclasses.field(default_factory=dict)
    into: str | None = None
    comes_with_python: bool = True
    shown: str = ""

    def command(self, program: Sequence[str]) -> list[str] | None:
        """Returns the arguments of `python` that run a command under the tracer, or None."""
        words: Sequence[str] | None = self.words
        if program[0] == "-m":
            words = self.for_module
            program = program[1:]
        elif program[0] == "-c":
            words = self.for_code
            program = program[1:]
        return None if words is None else [*words, *program]

    def program(self, text: str) -> str | None:
        """The text of a program with placeholders replaced; None if the tracer has no `into`."""
        if "INTO" in text and self.into is None:
            return None
        for word, statement in [
            ("START", self.start),
            ("STOP", self.stop),
            ("INTO", self.into or ""),
            ("MODULE", self.module),
        ]:
            text = re.sub(rf"\b{word}\b", lambda _, by=statement: by, text)
        return text


UNTRACED = Tool(
    "untraced",
    module="sys",
    words=[],
    for_module=["-m"],
    for_code=["-c"],
    start="pass",
    stop="pass",
    into="pass",
)


def swifttrace(*options: str, source: str = "auto") -> Tool:
    """swifttrace, with options of its command line and a source of events."""
    options = ("--source", source, *options)
    words = ["-m", "swifttrace", *options]
    return Tool(
        "swifttrace",
        module="swifttrace",
        words=words,
        for_module=[*words, "-m"],
        for_code=[*words, "-c"],
        start="import swifttrace; "
        f"swifttrace.start(swifttrace.EventLogger('trace.txt'), source='{source}')",
        stop="swifttrace.stop()",
        into="import swifttrace; "
        f"swifttrace.start(swifttrace.EventLogger(Sink()), source='{source}')",
        shown="`swifttrace`",
    )


# Placeholder for more filters than an environment variable or a shell command can hold.
MANY_WORDS = "MANY_WORDS"
MANY = [f"--exclude=*/generated/package_{number}/module_{number}.py" for number in range(4_000)]


def swifttrace_record() -> Tool:
    """`swifttrace record` with child processes and many filters."""
    words = ["-m", "swifttrace", "record", "-o", "run.swt", MANY_WORDS]
    return dataclasses.replace(
        swifttrace(), words=words, for_module=[*words, "-m"], for_code=[*words, "-c"]
    )


# Ways of tracing that must not change a program: live text on standard error, live text in a file,
# and all events and values of all code.
SWIFTTRACE = {
    "live": swifttrace(),
    "settrace": swifttrace(source="settrace"),
    "tree": swifttrace("-o", "trace.txt"),
    "record": swifttrace_record(),
    "all": swifttrace("--all", "--format", "sentences", "--events", "-o", "trace.txt"),
}

PEERS = [
    Tool(
        "trace",
        module="trace",
        words=["-m", "trace", "--trace"],
        for_module=["-m", "trace", "--trace", "--module"],
        start="import sys, trace; tool = trace.Trace(count=0); sys.settrace(tool.globaltrace)",
        stop="sys.settrace(None)",
        shown="`python -m trace --trace`",
    ),
    Tool(
        "VizTracer",
        module="viztracer",
        words=["-m", "viztracer", "--quiet", "--log_func_args", "-o", "trace.json", "--"],
        for_module=[
            *["-m", "viztracer", "--quiet", "--log_func_args", "-o", "trace.json"],
            *["-m"],
        ],
        start="import viztracer; tool = viztracer.VizTracer(verbose=0); tool.start()",
        stop="tool.stop()",
        comes_with_python=False,
        shown="`viztracer --log_func_args`",
    ),
    Tool(
        "hunter",
        module="hunter",
        words=[],
        for_module=["-m"],
        for_code=["-c"],
        env={"PYTHONHUNTER": "stdlib=False,action=CallPrinter"},
        start="import hunter; tool = hunter.trace(stdlib=False, action=hunter.CallPrinter)",
        stop="hunter.stop()",
        into="import hunter; hunter.trace(action=hunter.CallPrinter(stream=Sink()))",
        comes_with_python=False,
        shown="`PYTHONHUNTER='stdlib=False,action=CallPrinter'`",
    ),
    Tool(
        "coverage",
        module="coverage",
        words=["-m", "coverage", "run"],
        for_module=["-m", "coverage", "run", "-m"],
        start="import coverage; tool = coverage.Coverage(data_file=None); tool.start()",
        stop="tool.stop()",
        comes_with_python=False,
        shown="`coverage run`",
    ),
]
