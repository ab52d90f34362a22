"""Text of a program or a file in a form that is safe on a terminal."""

from __future__ import annotations

import sys


def printable(text: str, keep: str = "") -> str:
    r"""Return the text with an escape for each character that a terminal could interpret.

    Characters that `repr()` would escape are escaped as it does: `\x1b`, `\n`, `\u202e`. It
    mirrors the engine's `PrintableText`.

    Args:
        text: A name or a path, for example.
        keep: Characters that are not escaped, for example tabs in source text.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else ascii(c)[1:-1] for c in text)


def label(qualified_name: str, file: str) -> str:
    """Return the name of a function; a module's code has its file too: `<module> app/main.py`.

    It mirrors the engine's `FunctionLabel`.
    """
    if qualified_name != "<module>" or not file:
        return printable(qualified_name)
    short = file if file.startswith("<") else "/".join(file.split("/")[-2:]).removeprefix("/")
    return f"{qualified_name} {printable(short)}"


def report(message: str) -> None:
    """Print a message of swifttrace on standard error, in one line."""
    if sys.stderr is not None:
        print(f"swifttrace: {printable(message)}", file=sys.stderr)
