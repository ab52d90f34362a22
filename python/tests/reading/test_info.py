"""`swifttrace info`, and `Recording.info()`: facts about a recording as a whole."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import swifttrace
from conftest import RunRecorded
from running import run_python

PROGRAM = """
import sys
import threading


def work(number):
    return number + 1


thread = threading.Thread(target=work, args=[1], name="worker")
thread.start()
thread.join()
for number in range(10):
    work(number)
"""


def info(folder: Path, *words: str) -> str:
    ended = run_python("-m", "swifttrace", "info", *words, cwd=folder)
    assert (ended.status, ended.stderr) == (0, "")
    return ended.stdout


def facts(text: str) -> dict[str, str]:
    return {line[:12].strip(): line[12:] for line in text.splitlines() if line[0] != " "}


def test_facts_are_shown(run_recorded: RunRecorded, tmp_path: Path) -> None:
    run_recorded(PROGRAM, "--values", "safe", "--function", "w*", arguments=("a b",))
    found = facts(info(tmp_path))
    assert found["recording"] == "run.swt"
    assert found["command"].endswith(" program.py 'a b'")
    assert found["folder"] == str(tmp_path)
    assert found["python"] == f"{sys.version.split()[0]} on linux-{os.uname().machine}"
    assert found["start"].startswith(time.strftime("%Y-"))
    assert found["end"] == "exit status 0"
    assert found["threads"].startswith("0 MainThread: 30 events, ")
    assert "\n            1 worker: 3 events, " in info(tmp_path)
    assert found["events"] == "33: 11 call, 11 line, 11 return"
    assert found["filters"] == "--function 'w*'"
    assert found["values"] == "safe"
    assert found["losses"] == "none"
    assert found["size"] == f"{(tmp_path / 'run.swt').stat().st_size:,} bytes"
    assert found["format"] == "version 2"


def test_json_and_python_have_the_facts(run_recorded: RunRecorded, tmp_path: Path) -> None:
    run_recorded(PROGRAM + "sys.exit(7)\n")
    read = swifttrace.open(tmp_path / "run.swt").info()
    written = json.loads(info(tmp_path, "--format", "json", "run.swt"))
    assert (read.end.state, read.end.status, read.end.exception) == ("ended", 7, None)
    assert written["end"]["status"] == 7
    assert written["events"] == read.events
    assert read.events["call"] == 12
    assert [thread.name for thread in read.processes[0].threads] == ["MainThread", "worker"]
    assert written["processes"][0]["threads"][1]["name"] == "worker"
    assert written["filters"] == "own code (default)"
    last = max(event.time for event in swifttrace.open(tmp_path / "run.swt"))
    assert read.duration == last == written["duration"]
    assert read.size == os.path.getsize(tmp_path / "run.swt") == written["size"]


@pytest.mark.parametrize(
    ("code", "status", "end"),
    [
        ("pass", 0, "exit status 0"),
        ("raise SystemExit", 0, "exit status 0"),
        ("raise SystemExit(300)", 44, "exit status 44"),
        ("raise SystemExit('no')", 1, "exit status 1"),
        ("raise SystemExit(2 ** 80)", 255, "exit status 255"),
        ("raise SystemExit(True)", 1, "exit status 1"),
        ("raise KeyError('a')", 1, "uncaught KeyError: a, exit status 1"),
        ("raise KeyboardInterrupt", -2, "uncaught KeyboardInterrupt, signal 2 (SIGINT)"),
        (
            "import os; os._exit(3)",
            3,
            "killed, or ended by os._exit() or exec; exit status not recorded",
        ),
        (
            "import os; os.kill(os.getpid(), 9)",
            -9,
            "killed, or ended by os._exit() or exec; exit status not recorded",
        ),
        (
            "import swifttrace; swifttrace.stop()",
            0,
            "the recording was stopped; exit status not recorded",
        ),
    ],
)
def test_end_of_the_program(
    run_recorded: RunRecorded, tmp_path: Path, code: str, status: int, end: str
) -> None:
    assert run_recorded(code + "\n", "--values", "safe").status == status
    assert facts(info(tmp_path))["end"] == end


def test_the_code_of_an_exit_is_read_without_the_programs_code(
    run_recorded: RunRecorded, tmp_path: Path
) -> None:
    ended = run_recorded(
        "class Leave(SystemExit):\n"
        "    @property\n"
        "    def code(self):\n"
        "        print('asked')\n"
        "        return 5\n"
        "raise Leave(3)\n"
    )
    assert (ended.status, ended.stdout) == (5, "asked\n")
    assert swifttrace.open(tmp_path / "run.swt").info().end.status is None


def test_an_uncaught_exception_has_its_stack(run_recorded: RunRecorded, tmp_path: Path) -> None:
    run_recorded(
        "def inner():\n    raise ValueError('x')\n\n\ndef outer():\n    inner()\n\n\nouter()\n"
    )
    assert f"""\
end         uncaught ValueError, exit status 1
              <module> {tmp_path.name}/program.py  {tmp_path}/program.py:9
              outer  {tmp_path}/program.py:6
              inner  {tmp_path}/program.py:2
""" in info(tmp_path)
    end = swifttrace.open(tmp_path / "run.swt").info().end
    assert [(frame.name, frame.line) for frame in end.stack] == [
        ("<module>", 9),
        ("outer", 6),
        ("inner", 2),
    ]


def test_a_running_program_is_running(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print('ready', flush=True)\ninput()\n")
    command = [sys.executable, "-m", "swifttrace", "record", "program.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert facts(info(tmp_path))["end"] == "still running"
        process.send_signal(signal.SIGKILL)
    assert facts(info(tmp_path))["end"].startswith("killed, ")


def test_children_are_listed(run_recorded: RunRecorded, tmp_path: Path) -> None:
    child = "import subprocess, sys\nsubprocess.run([sys.executable, 'child.py'])\n"
    (tmp_path / "child.py").write_text("def g():\n    pass\ng()\n")
    run_recorded(child)
    first, second = swifttrace.open(tmp_path / "run.swt").info().processes
    assert second.parent == first.process
    assert second.end.state == "stopped"
    assert second.events["call"] == 2
    shown = info(tmp_path)
    assert f"{second.process}: " in shown
    assert f"child of {first.process}, the recording was stopped" in shown


def test_tasks_and_losses_are_counted(run_recorded: RunRecorded, tmp_path: Path) -> None:
    run_recorded(
        "import asyncio\n"
        "async def one(): await asyncio.sleep(0)\n"
        "async def main():\n"
        "    for _ in range(20000): await asyncio.gather(one(), one())\n"
        "asyncio.run(main())\n",
        "--max-size",
        "256K",
        "--keep",
        "last",
    )
    ended = run_python("-m", "swifttrace", "info", cwd=tmp_path)
    assert (ended.status, ended.stderr.count("events are missing")) == (0, 1)
    found = facts(ended.stdout)
    assert found["losses"].endswith(" oldest events evicted")
    assert found["size"].endswith(" bytes, at most 262,144 for each process")
    assert int(found["tasks"].replace(",", "")) > 100


def test_an_old_recording_has_no_end(tmp_path: Path) -> None:
    old = Path(__file__).parent.parent / "recording" / "version1"
    paths = sorted(old.glob("*.swt.gz"))
    assert paths
    for packed in paths:
        path = tmp_path / packed.stem
        path.write_bytes(gzip.decompress(packed.read_bytes()))
        read = swifttrace.open(path).info()
        assert read.processes[0].format == 1
        assert read.end.status is None
        assert sum(read.events.values()) == sum(1 for _ in swifttrace.open(path))


def test_filters_of_the_python_interface_are_kept(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import swifttrace\ndef f(): pass\nwith swifttrace.record('run.swt', function=['f']): f()\n"
    )
    assert run_python("program.py", cwd=tmp_path).status == 0
    found = facts(info(tmp_path))
    assert found["filters"] == "--function f"
    assert found["end"] == "the recording was stopped; exit status not recorded"
