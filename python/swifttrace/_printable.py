"""Text of a program or a file in the form that is shown to people."""

from __future__ import annotations

import sys


def printable(text: str, keep: str = "") -> str:
    r"""Return the text without what a terminal could take for a command.

    Whatever `repr()` would escape is escaped in the same way: `\x1b`, `\n`, `\u202e`. The engine's
    `PrintableText` does the same.

    Args:
        text: Such as a name or a path.
        keep: Characters that stay, such as tabs in source text.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else ascii(c)[1:-1] for c in text)


def label(qualified_name: str, file: str) -> str:
    """Return what a function is called, a module's own code with its file: `<module> app/main.py`.

    The engine's `FunctionLabel` does the same.
    """
    if qualified_name != "<module>" or not file:
        return printable(qualified_name)
    short = file if file.startswith("<") else "/".join(file.split("/")[-2:]).removeprefix("/")
    return f"{qualified_name} {printable(short)}"


def report(message: str) -> None:
    """Print a message of swifttrace's own on standard error, in one line."""
    if sys.stderr is not None:
        print(f"swifttrace: {printable(message)}", file=sys.stderr)
