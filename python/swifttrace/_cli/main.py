"""The command line: runs the module of the command."""

from __future__ import annotations

import importlib
import sys

from .commands import COMMANDS


def main() -> None:
    """Run a command, or trace a program, and exit with its status."""
    is_command = len(sys.argv) > 1 and sys.argv[1] in COMMANDS
    importlib.import_module(f".{sys.argv[1] if is_command else 'trace'}", __package__).main()
