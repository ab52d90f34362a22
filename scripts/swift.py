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
    library = interpreter.library_dir()
    if library is None:
        interpreter.fail(f"{sys.executable} has no shared libpython, which a Swift program links")
    subcommand, *arguments = sys.argv[1:]
    scratch = toolchain.ROOT / "build" / f"swift-{interpreter.key()}"
    command = [swift, subcommand, "--package-path", str(toolchain.ROOT)]
    command += ["--scratch-path", str(scratch)]
    # The programs find this very libpython, whatever LD_LIBRARY_PATH their user has.
    command += ["-Xlinker", "-rpath", "-Xlinker", str(library)]
    linker = interpreter.dynamic_linker()
    if linker:
        command += ["-Xlinker", f"--dynamic-linker={linker}"]
    # The tests may start Python programs; they are to run under the same interpreter.
    os.execve(swift, [*command, *arguments], {**toolchain.environment(), "PYTHON": sys.executable})


main()
