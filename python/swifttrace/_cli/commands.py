"""The commands: their names, and a line of help for each, grouped by question."""

from __future__ import annotations

COMMANDS = {
    "record": "write every event of a program to a file",
    "info": "how the program ended, and what the file has",
    "show": "the events in order, as a tree",
    "tree": "all calls as one tree, the slowest first",
    "stats": "counts and times of functions or lines",
    "callers": "the stacks by which a function was reached",
    "callees": "the stacks of calls from a function",
    "paths": "the stacks on which exceptions were raised",
    "diff": "where two runs first differ",
    "export": "for Perfetto, flame graphs, callgrind, coverage and others",
    "doctor": "whether tracing and recording will work here",
}

# Questions, and the commands that answer them. A script with such a name can be traced as ./record.
_QUESTIONS = {
    "to record": ("record", "doctor"),
    "what happened": ("info", "show", "paths"),
    "where the time went": ("tree", "stats"),
    "who calls what": ("callers", "callees"),
    "what changed": ("diff",),
    "for other tools": ("export",),
}


def listing() -> str:
    """Return the commands for the help."""
    lines = ["commands (swifttrace COMMAND --help):"]
    for question, names in _QUESTIONS.items():
        lines.append(f"  {question}:")
        lines += [f"    {name:10}{COMMANDS[name]}" for name in names]
    return "\n".join(lines) + "\n"


def hint(name: str) -> str:
    """Return a question after the command that was probably meant; empty if there is none."""
    import difflib

    close = difflib.get_close_matches(name, COMMANDS, 1)
    return f"; did you mean swifttrace {close[0]}?" if close else ""
