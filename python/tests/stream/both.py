"""Runs one program under sys.settrace and under swifttrace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# Both runs have these folders on the path, and so the same modules.
FOLDERS = [Path(__file__).with_name("preload"), Path(__file__).parent]
TIMEOUT = 120  # Seconds.

# Removes causes of differences between two runs: the order of sets of strings, existing bytecode
# files, and the locale.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


def record_both(
    program: str, folder: Path, *, source: str, c_calls: bool, preload: Sequence[str] = ()
) -> tuple[Path, Path]:
    """Runs a program twice. Fails unless both runs succeed and print equal text.

    Args:
        program: The program's text.
        source: The source of swifttrace's events.
        folder: An empty folder. The program is in a subfolder that never changes, because imports
            check when a folder was last changed.
        c_calls: Whether C calls are recorded.
        preload: Modules that are loaded before the recording starts.

    Returns:
        The output files of the reference and of swifttrace.
    """
    (folder / "program").mkdir()
    script = folder / "program" / "script.py"
    script.write_text(program, encoding="utf-8")
    reference, native = folder / "reference.marshal", folder / "swifttrace.json"
    options = ["--all", "--format", "json", "--source", source]
    # sys.monitoring does not have these events.
    if source == "settrace":
        options += ["--opcodes", *(["--c-calls"] if c_calls else [])]
    commands: list[list[object]] = [
        ["-m", "recorder", reference, *options, "-o", os.devnull, script],
        ["-m", "swifttrace", *options, "-o", native, script],
    ]
    # One after the other in the same folder, so that paths are equal.
    runs = [_run(command, folder / "run", preload) for command in commands]
    assert [run.returncode for run in runs] == [0, 0], "\n".join(
        run.stdout + run.stderr for run in runs
    )
    # Without stderr, which has addresses, and warnings that 3.12 prints only under sys.settrace.
    assert runs[0].stdout == runs[1].stdout
    return reference, native


def _run(
    command: Sequence[object], folder: Path, preload: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    folder.mkdir()
    try:
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=folder,
            env={
                **os.environ,
                **ENVIRONMENT,
                "PYTHONPATH": os.pathsep.join(
                    [*map(str, FOLDERS), *filter(None, [os.environ.get("PYTHONPATH")])]
                ),
                "PRELOAD": " ".join(preload),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    finally:
        shutil.rmtree(folder)
