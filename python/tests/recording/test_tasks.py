"""Tasks that run one coroutine are kept apart, in all kinds of recordings."""

import signal
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import swifttrace
from exported import TASKS, record
from running import run_python, without_folder

SOURCES = ["settrace", "monitoring"] if sys.version_info >= (3, 12) else ["settrace"]

# Long enough for chunks to be evicted. Each task that ends is followed by another one.
MANY = """
import asyncio


def step(name):
    return name


async def worker(name):
    for _ in range(40):
        step(name)
        await asyncio.sleep(0)


async def main():
    for start in range(0, 400, 10):
        await asyncio.gather(*(worker(number) for number in range(start, start + 10)))


asyncio.run(main())
"""


def names_of_tasks(recording: swifttrace.Recording) -> dict[tuple[int, int | None], set[str]]:
    """The names with which each task calls `step`, by thread index and number of the task."""
    names = defaultdict(set)
    for event in recording:
        if event.kind == "call" and event.function.name == "step":
            names[event.thread, event.task].add(event.arguments[0])
    return dict(names)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("options", [[], ["--values", "safe"], ["--all"]])
def test_each_event_has_its_task(tmp_path: Path, source: str, options: list[str]) -> None:
    recording = record(tmp_path, TASKS, "--source", source, *options)
    by_task = defaultdict(list)
    for event in recording:
        if event.function.name in ("main", "worker", "turn", "step"):
            by_task[event.task].append((event.kind, event.function.name, event.line))
        elif event.function.name == "<module>":
            assert event.task is None
    assert list(by_task) == [1, 2, 3, 4]
    assert {name for _, name, _ in by_task[1]} == {"main"}
    assert by_task[2] == by_task[3] == by_task[4]
    assert [event[:2] for event in by_task[2]].count(("call", "step")) == 4
    assert [event[:2] for event in by_task[2]].count(("resume", "worker")) == 4


def test_a_task_is_what_one_object_runs(tmp_path: Path) -> None:
    recording = record(tmp_path, TASKS, "--values", "safe")
    assert names_of_tasks(recording) == {(0, 2): {"'a'"}, (0, 3): {"'b'"}, (0, 4): {"'c'"}}


def test_a_coroutine_that_the_library_awaits_is_a_task(tmp_path: Path) -> None:
    program = TASKS.replace("worker(name) for", "asyncio.wait_for(worker(name), 60) for")
    recording = record(tmp_path, program, "--values", "safe")
    assert names_of_tasks(recording) == {(0, 2): {"'a'"}, (0, 3): {"'b'"}, (0, 4): {"'c'"}}


def test_what_a_task_awaits_through_the_library_is_no_task(tmp_path: Path) -> None:
    program = """
import asyncio
import contextlib


class Manager:
    async def __aenter__(self):
        await asyncio.sleep(0)

    async def __aexit__(self, *error):
        await asyncio.sleep(0)


async def main():
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(Manager())


asyncio.run(main())
"""
    recording = record(tmp_path, program)
    assert {e.task for e in recording if e.function.name.startswith("__a")} == {1}


def test_an_ended_task_is_not_taken_for_a_later_one(tmp_path: Path) -> None:
    names = names_of_tasks(record(tmp_path, MANY, "--values", "safe"))
    assert len(names) == 400
    assert all(len(each) == 1 for each in names.values())


def test_the_newest_events_alone(tmp_path: Path) -> None:
    options = ["--values", "safe", "--max-size", "256K", "--keep", "last"]
    recording = record(tmp_path, MANY, *options)
    assert recording.threads[0].dropped > 0
    names = names_of_tasks(recording)
    names.pop((0, None), None)
    assert 10 < len(names) < 400
    assert all(len(each) == 1 for each in names.values())


def test_short_calls_are_left_out_with_their_task(tmp_path: Path) -> None:
    program = """
import asyncio
import time


async def short():
    pass


async def long(seconds):
    time.sleep(seconds)


async def main():
    await asyncio.gather(short(), long(0.06), short(), long(0.07))


asyncio.run(main())
"""
    recording = record(tmp_path, program, "--values", "safe", "--min-duration", "50ms")
    calls = [(e.function.name, e.task, e.arguments) for e in recording if e.kind == "call"]
    assert calls == [
        ("<module>", None, ()),
        ("main", 1, ()),
        ("long", 2, ("0.06",)),
        ("long", 3, ("0.07",)),
    ]


def test_threads_number_their_own(tmp_path: Path) -> None:
    program = TASKS.replace(
        "asyncio.run(main())",
        """
import threading
threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
""",
    )
    names = names_of_tasks(record(tmp_path, program, "--values", "safe"))
    assert names == {
        (thread, task): {name}
        for thread in (1, 2, 3)
        for task, name in zip((2, 3, 4), ("'a'", "'b'", "'c'"), strict=True)
    }


def test_tasks_that_begin_inside_of_another_one(tmp_path: Path) -> None:
    program = """
import asyncio


def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration:
        pass


async def inner():
    pass


async def outer():
    run(inner())
    await asyncio.sleep(0)
    run(inner())


asyncio.run(outer())
"""
    recording = record(tmp_path, program)
    runs = [(e.kind, e.function.name, e.task) for e in recording if e.event == "call"]
    assert runs[1:] == [
        ("call", "outer", 1),
        ("call", "run", 1),
        ("call", "inner", 2),
        ("resume", "outer", 1),
        ("call", "run", 1),
        ("call", "inner", 3),
    ]
    after = [e.task for e in recording if e.function.name in ("run", "outer")]
    assert set(after) == {1}


def test_an_asynchronous_generator_belongs_to_who_awaits_it(tmp_path: Path) -> None:
    program = """
import asyncio


async def count():
    for number in range(3):
        await asyncio.sleep(0)
        yield number


async def worker():
    async for _ in count():
        pass


async def main():
    await asyncio.gather(worker(), worker())


asyncio.run(main())
"""
    recording = record(tmp_path, program)
    tasks = {e.task for e in recording if e.function.name == "count"}
    assert tasks == {2, 3}


def test_a_killed_program(tmp_path: Path) -> None:
    program = TASKS.replace(
        "    step(name)\n    await",
        "    step(name)\n    if name == 'c': os.kill(os.getpid(), 9)\n    await",
    )
    (tmp_path / "program.py").write_text("import os\n" + program)
    command = ["-m", "swifttrace", "record", "--values", "safe", "program.py"]
    assert run_python(*command, cwd=tmp_path).status == -signal.SIGKILL
    names = names_of_tasks(swifttrace.open(tmp_path / "run.swt"))
    assert names == {(0, 2): {"'a'"}, (0, 3): {"'b'"}, (0, 4): {"'c'"}}


def test_a_program_without_tasks_has_none(tmp_path: Path) -> None:
    recording = record(tmp_path, "def count():\n    yield 1\n\nlist(count())\n")
    assert {event.task for event in recording} == {None}


def test_show_names_tasks(tmp_path: Path) -> None:
    record(tmp_path, TASKS, "--values", "safe")
    shown = run_python("-m", "swifttrace", "show", "--calls", "--tasks", "run.swt", cwd=tmp_path)
    assert shown.status == 0, shown.stderr
    turns = [
        f"[task {task}]       step(name='{name}')" for task, name in ((2, "a"), (3, "b"), (4, "c"))
    ]
    assert [line for line in shown.stdout.splitlines() if " step(" in line] == turns * 4
    assert without_folder(shown.stdout).startswith("<module> program.py()\n")


@pytest.mark.parametrize("options", [["--format", "json"], ["--fold"]])
def test_tasks_cannot_be_named_there(tmp_path: Path, options: list[str]) -> None:
    record(tmp_path, TASKS)
    done = run_python("-m", "swifttrace", "show", "--tasks", *options, "run.swt", cwd=tmp_path)
    assert (done.status, done.stderr.count("\n")) == (2, 1)
    assert "--tasks needs" in done.stderr
