"""Starting and stopping leaves nothing behind, and CPython's own checks find no errors.

`make robust` runs more: all tests under each of the checks, and a million cycles.
"""

from pathlib import Path

import pytest
from running import run_python

TESTS = Path(__file__).parent

# All events and values, threads, and ways of stopping.
FILES = ["test_generators.py", "test_stopping_midway.py", "test_threads.py", "test_values.py"]

CHECKS = {"PYTHONMALLOC": "debug", "PYTHONDEVMODE": "1", "PYTHONWARNINGS": "error"}


@pytest.mark.memory
def test_nothing_grows(tmp_path: Path) -> None:
    ended = run_python(TESTS / "cycles.py", 10_000, cwd=tmp_path)
    assert ended.status == 0, ended.stdout + ended.stderr


def test_a_debug_allocator_and_warnings_as_errors_find_nothing(tmp_path: Path) -> None:
    files = [TESTS / name for name in FILES]
    pytest = ["-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
    ended = run_python(*pytest, *files, cwd=TESTS.parents[1], env=CHECKS)
    assert ended.status == 0, ended.stdout + ended.stderr
