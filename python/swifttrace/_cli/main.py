"""The entry point of the command line: runs the module of a command."""

from __future__ import annotations

import importlib
import sys

# A script with such a name can be traced as ./record.
_COMMANDS = (
    *("record", "show", "export", "doctor"),
    *("stats", "tree", "callers", "callees", "paths", "diff"),
)


def main() -> None:
    """Run a command, or trace a program, and exit with its status."""
    is_command = len(sys.argv) > 1 and sys.argv[1] in _COMMANDS
    importlib.import_module(f".{sys.argv[1] if is_command else 'trace'}", __package__).main()
