"""Tracing that the environment asks for. Imported by swifttrace.pth when Python starts.

`SWIFTTRACE` has the options of the command line, without a program. Whatever is wrong is said in
one line, and the program runs untraced.
"""

from __future__ import annotations

import os
import sys


def start() -> None:
    """Start what the environment asks for, unless swifttrace's own command is started."""
    from . import _children

    options = os.environ.get(_children.OPTIONS, "")
    if not options or _is_command():
        return
    family = os.environ.get(_children.FAMILY)
    try:
        _start(options, family)
    except SystemExit:
        return  # The parser has said why.
    except Exception as error:  # Whatever it is, the program runs.
        sys.stderr.write(f"swifttrace: {_children.OPTIONS} is not followed: {error}\n")


def _is_command() -> bool:
    words = sys.orig_argv
    module = words[words.index("-m") + 1 :][:1] if "-m" in words else []
    scripts = [os.path.basename(word) for word in words[1:2]]
    return "swifttrace" in (*scripts, *(name.partition(".")[0] for name in module))


def _start(text: str, family: str | None) -> None:
    import shlex

    from . import _children
    from ._filters import Filters
    from ._strategies import Strategy
    from ._tracing import begin

    words = shlex.split(text)
    strategies: tuple[Strategy, ...]
    if words[:1] == ["record"]:
        from ._record_command import make_parser, recorder_of

        options = make_parser().parse_args(words[1:])
        recorder = recorder_of(options)
        recorder.options = tuple(words)
        if family is not None:
            first, second = family.split(":")
            recorder.family = int(first), int(second)
            recorder.is_child = True
        strategies = (recorder,)
    else:
        from ._cli import make_parser, strategies_of

        options = make_parser().parse_args(words)
        strategies = strategies_of(options)
    if options.script is not None or options.module is not None or options.code is not None:
        raise ValueError(f"it names a program: {text}")
    own = [path for path in os.environ.get(_children.OWN, "").split(os.pathsep) if path]
    filters = Filters(
        options.include, options.exclude, options.function, options.depth, options.all, own
    )
    begin(strategies, filters, options.source)


start()
