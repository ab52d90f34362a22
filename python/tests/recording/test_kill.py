"""A program can be killed at any moment: its events up to then are in the file."""

import os
import random
from pathlib import Path

import pytest
from recordings import COUNTING, check_steps, counted, read_whole
from running import run_python

KILLS = int(os.environ.get("SWIFTTRACE_TEST_KILLS", "200" if "CI" in os.environ else "60"))

# Forks children that record, and kills each at a random moment after its first step.
KILLER = """\
import os, random, signal, sys, time
import swifttrace

folder, kills, seed, longest = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
OPTIONS = eval(sys.argv[5])
moments = random.Random(seed)


def child(program):
    with swifttrace.record("run.swt", **OPTIONS):
        exec(program, {"__name__": "counting"})


with open("program.py") as file: program = compile(file.read(), "program.py", "exec")
for number in range(kills):
    place = f"{folder}/{number}"
    os.mkdir(place)
    process = os.fork()
    if process == 0:
        os.chdir(place)
        child(program)
        os._exit(1)
    while True:
        try:
            with open(place + "/count", "rb") as file:
                if any(file.read(8)):
                    break
        except FileNotFoundError:
            pass
    end = time.perf_counter() + moments.random() * longest
    while time.perf_counter() < end:
        pass
    os.kill(process, signal.SIGKILL)
    assert os.waitpid(process, 0)[1] == signal.SIGKILL
"""


def kill(
    folder: Path, program: str, count: int, options: str, longest: float = 0.004
) -> list[Path]:
    """Kills `number` processes. Returns their folders, each with `run.swt` and `count`."""
    seed = random.randrange(1 << 32)
    print("seed", seed)  # Shown if the test fails.
    (folder / "program.py").write_text(program)
    (folder / "killer.py").write_text(KILLER)
    done = run_python("killer.py", folder, count, seed, longest, options, cwd=folder)
    assert (done.stdout, done.stderr, done.status) == ("", "", 0)
    return [folder / str(number) for number in range(count)]


@pytest.mark.parametrize(
    ("share", "options"),
    [(0.4, "{}"), (0.3, "{'values': 'safe'}"), (0.1, "{'max_size': '1G'}")],
)
def test_nothing_is_lost(tmp_path: Path, share: float, options: str) -> None:
    program = COUNTING + "while True: step()\n"
    for folder in kill(tmp_path, program, round(KILLS * share), options):
        check_steps(read_whole(folder / "run.swt")[1], counted(folder))


def test_the_last_events_are_kept(tmp_path: Path) -> None:
    program = COUNTING + "def step(): count[0] += 1\nwhile True: step()\n"
    # The program runs long enough for chunks to be evicted many times.
    options = "{'events': ['call'], 'function': ['step'], 'max_size': '256K', 'keep': 'last'}"
    lost = 0
    for folder in kill(tmp_path, program, round(KILLS * 0.2), options, 0.15):
        recording, events = read_whole(folder / "run.swt")
        assert (folder / "run.swt").stat().st_size <= 256 * 1024
        (thread,) = recording.threads
        # Each call is an event. The last one may not have been counted.
        assert thread.dropped + len(events) - counted(folder) in (0, 1)
        lost += thread.dropped > 0
    assert lost > 0, "no program has reached the limit"
