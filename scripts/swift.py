"""Runs SwiftPM for the Python interpreter that runs this file.

python3.12 scripts/swift.py test --filter Recorder
"""

import os
import sys

import interpreter
import toolchain


def main() -> None:
    interpreter.check()
    swift = toolchain.swift()
    interpreter.check_headers()
    options = interpreter.link_options()
    subcommand, *arguments = sys.argv[1:]
    scratch = toolchain.ROOT / "build" / f"swift-{interpreter.key()}"
    command = [swift, subcommand, "--package-path", str(toolchain.ROOT)]
    command += ["--scratch-path", str(scratch), *options]
    # Tests that start Python programs use this interpreter.
    os.execve(swift, [*command, *arguments], {**toolchain.environment(), "PYTHON": sys.executable})


main()
