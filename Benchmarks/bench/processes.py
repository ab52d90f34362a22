"""Runs a command and measures it."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any


def clean_environment(*folders: Path) -> dict[str, str]:
    """Return an environment without settings of tracers, in which `bench` can be imported.

    Args:
        folders: Further folders for Python's path.
    """
    left = ["SWIFTTRACE", "PYTHONDONTWRITEBYTECODE", "COVERAGE_CORE"]
    environment = {key: value for key, value in os.environ.items() if key not in left}
    here = Path(__file__).resolve().parent.parent
    environment["PYTHONPATH"] = os.pathsep.join(map(str, [here, *folders]))
    environment["PYTHONHASHSEED"] = "0"
    return environment


def attempt(command: list[str], environment: dict[str, str], folder: str, limit: float) -> Any:
    """Run a command. Return its measurements and output, or the reason of a failure in one line."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return f"more than {limit:.0f} s"
    seconds = time.perf_counter() - start
    if done.returncode:
        last = done.stderr.strip().splitlines() or ["no message"]
        return f"status {done.returncode}: {last[-1][:200]}"
    return {"wall": seconds, "stdout": done.stdout}
