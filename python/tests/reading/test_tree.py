"""`tree`: one merged tree of the calls."""

import csv
import json
from pathlib import Path

import pytest
import swifttrace
from running import Ended, run_python

PROGRAM = """\
import threading, time

def leaf(n):
    time.sleep(n / 1000)

def quick():
    pass

def work():
    for _ in range(3): leaf(4)
    leaf(2)

def again(n):
    leaf(1) if n == 0 else again(n - 1)

work()
leaf(10)
quick()
again(5)
thread = threading.Thread(target=leaf, args=[20])
thread.start()
thread.join()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording of the program."""
    path: Path = tmp_path_factory.mktemp("tree")
    (path / "program.py").write_text(PROGRAM)
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=path).status == 0
    return path


def tree(folder: Path, *arguments: str) -> Ended:
    return run_python("-m", "swifttrace", "tree", *arguments, cwd=folder)


def shape(recording: swifttrace.CallTree) -> list[tuple[int, str, int]]:
    return [(node.depth, node.function.name, node.calls) for node in recording]


def test_calls_on_the_same_stack_are_one_node(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    found = recording.tree(min_share=0)
    # Another thread's call is on another stack, but looks equal: it is the outermost there.
    assert sorted(shape(found)) == sorted(
        [
            (0, "<module>", 1),
            (1, "work", 1),
            (2, "leaf", 4),
            (1, "leaf", 1),
            (1, "quick", 1),
            (1, "again", 6),
            (2, "leaf", 1),
            (0, "leaf", 1),
        ]
    )
    assert [node.function.name for node in found[:2]] == ["<module>", "work"]
    assert found.total == sum(node.total for node in found if node.depth == 0)
    module = found[0]
    assert module.total == module.own + sum(node.total for node in found if node.depth == 1)
    assert {node.repeats for node in found if node.function.name == "again"} == {6}
    assert module.function.file.endswith("program.py")
    assert sum(node.share for node in found if node.depth == 0) == pytest.approx(1)


def test_siblings_are_sorted_by_time(folder: Path) -> None:
    found = swifttrace.open(folder / "run.swt").tree(min_share=0)
    below = [node.total for node in found if node.depth == 1]
    assert below == sorted(below, reverse=True)


def test_a_share_and_a_depth_cut_the_tree(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    found = recording.tree(min_share=0.05)
    assert "quick" not in [node.function.name for node in found]
    module = found[0]
    assert module.cut >= 1
    assert 0 < module.cut_time < 0.05 * found.total * module.cut
    assert shape(recording.tree(depth=1, min_share=0)) == [(0, "<module>", 1), (0, "leaf", 1)]
    with pytest.raises(ValueError, match="min_share must be between 0 and 1, not 2"):
        recording.tree(min_share=2)
    with pytest.raises(ValueError, match="depth must be positive, not 0"):
        recording.tree(depth=0)


def test_a_tree_begins_with_functions(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    assert shape(recording.tree("work")) == [(0, "work", 1), (1, "leaf", 4)]
    assert shape(recording.tree("nothing")) == []


def test_a_reversed_tree_shows_the_callers(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    found = recording.tree("leaf", reverse=True, min_share=0)
    assert (found[0].function.name, found[0].calls) == ("leaf", 7)
    assert sorted(shape(found)[1:]) == sorted(
        [
            (1, "work", 4),
            (2, "<module>", 4),
            (1, "<module>", 1),
            (1, "again", 1),
            (2, "<module>", 1),
        ]
    )
    assert found.total == found[0].total == sum(n.total for n in recording.callers("leaf"))


def test_a_thread_is_selected(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    assert shape(recording.tree(thread=1)) == [(0, "leaf", 1)]
    assert tree(folder, "run.swt", "--thread", "9").status == 1


def test_the_table_says_what_was_cut(folder: Path) -> None:
    ended = tree(folder, "--min-share", "5%", "run.swt")
    assert ended.status == 0, ended.stderr
    head, first, *rest = ended.stdout.splitlines()
    assert head.split() == ["share", "total", "own", "calls", "function", "file"]
    assert "<module> " in first
    assert " ms " in first
    assert any(line.endswith(":3") and "    leaf  " in line for line in rest)
    assert "quick" not in ended.stdout
    top = tree(folder, "--top", "1", "--min-share", "0", "run.swt").stdout.splitlines()
    assert len(top) == 3
    assert top[2].strip() == "… 7 more rows (--top)"


def test_json_and_csv_hold_all_numbers(folder: Path) -> None:
    nodes = json.loads(tree(folder, "--format", "json", "run.swt", "work").stdout)
    assert [(n["depth"], n["function"]["name"], n["calls"]) for n in nodes] == [
        (0, "work", 1),
        (1, "leaf", 4),
    ]
    assert nodes[0]["share"] == 1
    rows = list(
        csv.DictReader(tree(folder, "--format", "csv", "run.swt", "work").stdout.split("\n"))
    )
    assert [(row["depth"], row["function"], row["calls"]) for row in rows] == [
        ("0", "work", "1"),
        ("1", "leaf", "4"),
    ]


def test_nothing_matches(folder: Path) -> None:
    ended = tree(folder, "run.swt", "nothing")
    assert (ended.status, ended.stdout) == (1, "")
    assert ended.stderr.startswith("swifttrace: nothing matched 'nothing'; functions that ran: ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--min-share", "x"], "argument --min-share: invalid percentage 'x': expected a number"),
        (["--min-share", "101"], "argument --min-share: invalid percentage '101'"),
        (["--depth", "0"], "--depth must be positive, not 0"),
    ],
)
def test_bad_input(folder: Path, words: list[str], message: str) -> None:
    ended = tree(folder, *words, "run.swt")
    assert ended.status == 2
    assert message in ended.stderr
