"""Conversion of a program's or a file's text to a form that is safe on a terminal."""

from __future__ import annotations

import sys


def printable(text: str, keep: str = "") -> str:
    r"""Return the text with an escape for each character that a terminal could interpret.

    The escapes are those of `repr()`: `\x1b`, `\n`, `\u202e`. The engine's counterpart is
    `PrintableText`.

    Args:
        text: For example a name or a path.
        keep: Characters that stay as they are, for example tabs in source text.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else ascii(c)[1:-1] for c in text)


def label(qualified_name: str, file: str) -> str:
    """Return the name of a function; for a module, with its file: `<module> app/main.py`.

    The engine's counterpart is `FunctionLabel`.
    """
    if qualified_name != "<module>" or not file:
        return printable(qualified_name)
    short = file if file.startswith("<") else "/".join(file.split("/")[-2:]).removeprefix("/")
    return f"{qualified_name} {printable(short)}"


def report(message: str) -> None:
    """Print a message on standard error, on one line."""
    if sys.stderr is not None:
        print(f"swifttrace: {printable(message)}", file=sys.stderr)
