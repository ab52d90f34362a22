"""`python -m swifttrace show`: calls left out by duration or number, and folded calls."""

import re
from pathlib import Path

import pytest
from running import Ended, run_python, without_durations

PROGRAM = """
import time


def give(value):
    return value


def check(value):
    if value > 2:
        raise KeyError(value)
    return give(value)


def count(limit):
    for number in range(limit):
        yield number


def slow(seconds):
    give("in slow")
    time.sleep(seconds)


def main():
    for number in range(1204):
        give(number)
    for _ in range(3):
        give("same")
    for number in range(5):
        try:
            check(number)
        except KeyError:
            pass
    sum(count(3))
    give("last")


main()
slow(0.3)
"""

FOLDED = [
    "<module> program.py()",
    "  main()",
    "    give(…)  ×1,207",
    "    check(value=0)",
    "      give(value=0)",
    "      └ 0",
    "    └ 0",
    "    × 2 more",
    "    check(…)  ✗ KeyError  ×2",
    "    count(limit=3)",
    "    ├ yield 0",
    "    ↻ count  ├ yield …  ×2",
    "    ↻ count",
    "    └ None",
    "    give(value='last')",
    "    └ 'last'",
    "  └ None",
    "  slow(seconds=0.3)",
    "    give(value='in slow')",
    "    └ 'in slow'",
    "  └ None",
    "└ None",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("condensed")
    (path / "program.py").write_text(PROGRAM)
    command = ["-m", "swifttrace", "record", "--values", "safe", "program.py"]
    assert run_python(*command, cwd=path).status == 0
    return path


def show(folder: Path, *options: str) -> Ended:
    return run_python("-m", "swifttrace", "show", *options, "run.swt", cwd=folder)


def lines(folder: Path, *options: str) -> list[str]:
    shown = show(folder, *options)
    assert (shown.stderr, shown.status) == ("", 0)
    return without_durations(shown.stdout)


class TestDuration:
    def test_short_calls_are_left_out(self, folder: Path) -> None:
        assert lines(folder, "--min-duration", "200ms") == [
            "<module> program.py()",
            "  slow(seconds=0.3)",
            "  └ None",
            "└ None",
        ]

    def test_a_duration_of_nothing_changes_nothing(self, folder: Path) -> None:
        everything = show(folder, "--lines", "--calls", "--returns").stdout
        options = ["--min-duration", "0ns", "--lines", "--calls", "--returns"]
        assert show(folder, *options).stdout == everything
        # One nanosecond leaves out no calls either, but delays each until its end.
        options[1] = "1ns"
        assert show(folder, *options).stdout == everything

    def test_other_formats(self, folder: Path) -> None:
        options = ["--format", "sentences", "--calls", "--min-duration", "0.2s"]
        assert [line.split()[2] for line in lines(folder, *options)] == ["<module>", "slow"]

    def test_what_is_shown_lasted_as_long_or_longer(self, folder: Path) -> None:
        calls = re.compile(r"└ .*  ([0-9.]+) (ns|µs|ms|s)$")
        units = {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9}

        def durations(*options: str) -> list[float]:
            found = [calls.search(line) for line in show(folder, *options).stdout.splitlines()]
            return [float(one[1]) * units[one[2]] for one in found if one]

        everything = durations()
        middle = sorted(everything)[len(everything) // 2]
        assert durations("--min-duration", f"{middle:.0f}ns") == [
            duration for duration in everything if duration >= middle
        ]

    @pytest.mark.parametrize("text", ["1", "ms", "-1ms", "1 hour", "1e400s"])
    def test_what_is_no_duration(self, folder: Path, text: str) -> None:
        refused = show(folder, f"--min-duration={text}")
        assert refused.status == 2
        assert "expected a number with s, ms, us or ns" in refused.stderr

    def test_a_call_that_did_not_end_is_shown(self, tmp_path: Path) -> None:
        program = "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGKILL)\nf()\n"
        (tmp_path / "program.py").write_text(program)
        assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == -9
        assert lines(tmp_path, "--min-duration", "1000s") == ["<module> program.py()", "  f()"]

    def test_what_is_held_is_bounded(self, tmp_path: Path) -> None:
        # After a megabyte of text, the outermost call is shown before its duration is known.
        program = "def f():\n    for i in range(50000): pass\n    g()\ndef g(): pass\nf()\n"
        (tmp_path / "program.py").write_text(program)
        assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == 0
        options = ["--min-duration", "1000s", "--calls", "--lines"]
        shown = lines(tmp_path, *options)
        assert shown[0] == "<module> program.py()"
        assert "  f()" in shown
        assert len(shown) > 50_000
        assert not any("g()" in line for line in shown)


class TestFolding:
    def test_calls_that_did_the_same_are_one(self, folder: Path) -> None:
        shown = lines(folder, "--fold")
        assert shown == FOLDED

    def test_calls_are_told_apart_by_lines(self, folder: Path) -> None:
        shown = lines(folder, "--fold", "--function", "check", "--calls", "--returns")
        assert shown == ["check(…)  ×3", "check(…)  ✗ KeyError  ×2"]

    def test_the_time_is_the_sum(self, tmp_path: Path) -> None:
        program = "import time\ndef f(): time.sleep(0.05)\nfor _ in range(4): f()\n"
        (tmp_path / "program.py").write_text(program)
        assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == 0
        line = show(tmp_path, "--fold", "--function", "f").stdout
        found = re.fullmatch(r"f\(\)  └  ×4  (\d+) ms\n", line)
        assert found
        assert int(found[1]) >= 200

    def test_calls_after_the_last_moment_are_not_counted(self, tmp_path: Path) -> None:
        program = "import time\ndef f(): pass\nf(), f(), time.sleep(0.4), f(), f(), f()\n"
        (tmp_path / "program.py").write_text(program)
        assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == 0
        second = show(tmp_path, "--times", "relative", "--returns").stdout.splitlines()[1]
        options = ["--fold", "--function", "f", "--until", str(float(second.split()[0]) + 0.2)]
        assert lines(tmp_path, *options) == ["f()  └  ×2"]

    def test_a_tree_is_needed(self, folder: Path) -> None:
        for options in (["--fold", "--format", "json"], ["--fold", "--lines"]):
            refused = show(folder, *options)
            assert refused.status == 2
            assert "--fold needs --format tree and calls" in refused.stderr


class TestChildren:
    def test_only_the_first_calls_are_shown(self, folder: Path) -> None:
        shown = lines(folder, "--max-children", "1", "--depth", "3")
        assert shown == [
            "<module> program.py()",
            "  main()",
            "    give(value=0)",
            "    └ 0",
            "    … 1,216 more calls",
            "  └ None",
            "  … 1 more call",
            "└ None",
        ]

    def test_what_is_folded_counts_as_one(self, folder: Path) -> None:
        shown = lines(folder, "--max-children", "2", "--fold")
        assert shown[:9] == [*FOLDED[:8], "    … 7 more calls"]

    def test_none(self, folder: Path) -> None:
        assert lines(folder, "--max-children", "0") == ["… 1 more call"]

    def test_the_last_lines(self, folder: Path) -> None:
        everything = show(folder, "--max-children", "3").stdout.splitlines()
        tail = show(folder, "--max-children", "3", "--tail", "4").stdout.splitlines()
        assert tail == everything[-4:]
        assert len(everything) > 4

    def test_a_tree_is_needed(self, folder: Path) -> None:
        refused = show(folder, "--max-children", "3", "--format", "sentences")
        assert refused.status == 2
        assert "--max-children needs --format tree and calls" in refused.stderr
