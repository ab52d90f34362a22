"""Starting and stopping leaves nothing behind."""

from pathlib import Path

from running import run_python

CYCLES = Path(__file__).with_name("cycles.py")


def test_nothing_grows(tmp_path: Path) -> None:
    ended = run_python(CYCLES, 20_000, cwd=tmp_path)
    assert ended.status == 0, ended.stdout + ended.stderr
