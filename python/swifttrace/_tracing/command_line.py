"""The command line that this interpreter was started with."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def split(words: Sequence[str]) -> tuple[list[str], str, list[str]]:
    """Split a command line as the interpreter does.

    Returns:
        The interpreter and its options; `-m`, `-c`, or "" for a script; the words after that.
    """
    place = 1
    while place < len(words):
        word = words[place]
        if word == "--":
            place += 1
            break
        if word == "-" or not word.startswith("-"):
            break
        place += 1
        if word.startswith("--"):
            place += word == "--check-hash-based-pycs"
            continue
        for index, letter in enumerate(word):
            if letter in "cm":
                # Options may be written together, such as `-Bm module` and `-mmodule`.
                options = [word[:index]] if index > 1 else []
                rest = [word[index + 1 :]] if word[index + 1 :] else []
                return [*words[: place - 1], *options], f"-{letter}", [*rest, *words[place:]]
            if letter in "WX":
                place += index == len(word) - 1
                break
    return [*words[:place]], "", [*words[place:]]


def is_swifttrace() -> bool:
    """Return whether the interpreter was started as `swifttrace` or `python -m swifttrace`."""
    _, kind, program = split(sys.orig_argv)
    name = program[0] if program else ""
    if kind == "-m":
        return name.partition(".")[0] == "swifttrace"
    return kind == "" and os.path.basename(name) == "swifttrace"


def is_by_module() -> bool:
    """Return whether the interpreter was started with `-m`."""
    return split(sys.orig_argv)[1] == "-m"


def name_program(words: Sequence[str]) -> None:
    """Replace swifttrace with the program in `sys.orig_argv`.

    A program that restarts itself runs these words again.

    Args:
        words: The words after the interpreter's options when the program runs untraced.
    """
    if is_swifttrace():
        sys.orig_argv[:] = [*split(sys.orig_argv)[0], *words]
