"""Options that are too long for the environment are passed to children in the recording."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import RunRecorded
from recordings import read_whole
from running import run_python

GLOBS = [f"*/generated/package_{number}/module_{number}.py" for number in range(4000)]
FILTERS = [f"--exclude={glob}" for glob in GLOBS]

CHILDREN = """
import os, subprocess, sys

def left_out(): pass

subprocess.run(["true"], check=True)
subprocess.run([sys.executable, "child.py"], check=True)
print(max(len(value) for name, value in os.environ.items() if name.startswith("SWIFTTRACE")))
"""

CHILD = "def kept(): pass\ndef left_out(): pass\nkept()\nleft_out()\n"


def functions_by_process(folder: Path) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    recording, events = read_whole(folder / "run.swt", children=True)
    for event in events:
        found.setdefault(event.process, set()).add(event.function.name)
    return {process: found.get(process, set()) for process in recording.processes}


def test_4000_globs(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text(CHILD)
    ended = run_recorded(CHILDREN, *FILTERS, "--function=[!l]*")
    assert ended.status == 0, ended.stderr[:1000]
    assert int(ended.stdout) < 4096
    _, child = functions_by_process(tmp_path).values()
    assert child == {"<module>", "kept"}
    # Only the recording has them: there are no other files.
    assert {path.suffix for path in tmp_path.iterdir()} == {".swt", ".py"}


def test_4000_globs_of_a_program(tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text(CHILD)
    (tmp_path / "program.py").write_text(
        f"import swifttrace\nglobs = {GLOBS!r}\n"
        "with swifttrace.record('run.swt', exclude=globs, function=['[!l]*'], values='safe'):\n"
        + "".join(f"    {line}\n" for line in CHILDREN.splitlines())
    )
    assert run_python("program.py", cwd=tmp_path).status == 0
    assert list(functions_by_process(tmp_path).values())[1] == {"<module>", "kept"}


def test_a_child_that_starts_when_its_parent_has_ended(
    run_recorded: RunRecorded, tmp_path: Path
) -> None:
    (tmp_path / "child.py").write_text(CHILD)
    program = """
import os, subprocess, sys
reading, writing = os.pipe()
wait = f"read line <&{reading}; exec {sys.executable} child.py"
subprocess.Popen(["bash", "-c", wait], pass_fds=[reading]).returncode = 0  # Nobody waits for it.
os.close(reading)
os.set_inheritable(writing, True)
if os.fork() == 0:
    # Lives on for a moment, and then lets the shell go on.
    import time
    while os.getppid() == parent: time.sleep(0.01)
    os.write(writing, b"go\\n")
    os._exit(0)
"""
    program = program.replace("reading, writing", "parent = os.getpid()\nreading, writing", 1)
    ended = run_recorded(program, *FILTERS, "--function=[!l]*")
    assert (ended.stderr.count("\n"), ended.status) == (1, 0)
    names = [names for names in functions_by_process(tmp_path).values() if "kept" in names]
    assert names == [{"<module>", "kept"}]


def test_a_recording_that_is_gone(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text("print('child')\n")
    ended = run_recorded("import os\nos.remove('run.swt')\n" + CHILDREN, *FILTERS)
    assert ended.stdout.startswith("child\n")
    assert "swifttrace: ignoring SWIFTTRACE: " in ended.stderr
    assert ended.status == 0


def test_a_recording_that_is_another_by_now(run_recorded: RunRecorded, tmp_path: Path) -> None:
    run_recorded("print(1)\n", "-o", "other.swt")
    (tmp_path / "child.py").write_text("print('child')\n")
    program = "import os, shutil\nos.remove('run.swt')\nshutil.copy('other.swt', 'run.swt')\n"
    ended = run_recorded(program + CHILDREN, *FILTERS)
    assert ended.stdout.startswith("child\n")
    assert "run.swt has been replaced by another recording" in ended.stderr


def test_what_no_recording_can_hold(run_recorded: RunRecorded, tmp_path: Path) -> None:
    shutil.copy("/dev/null", tmp_path / "child.py")
    program = """
import swifttrace
try:
    with swifttrace.record("run.swt", exclude=["x" * 100_000] * 100): pass
except ValueError as error:
    print(error)
print(swifttrace._swifttrace.is_tracing())
"""
    (tmp_path / "program.py").write_text(program)
    text = run_python("program.py", cwd=tmp_path).stdout
    assert text == (
        "too many filters: 10,001,187 bytes of options; at most 8,388,608 fit\nFalse\n"
    ).replace("10,001,187", text.split()[3])


@pytest.mark.parametrize("path", ["run.swt", "a folder/r'un.swt"])
def test_short_options_stay_in_the_environment(
    run_recorded: RunRecorded, tmp_path: Path, path: str
) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "child.py").write_text(CHILD)
    ended = run_recorded("import os\nprint(os.environ['SWIFTTRACE'])\n", "-o", path, "--exclude=x*")
    assert ended.stdout.startswith("record -o ")
    assert "--exclude='x*'" in ended.stdout or "'--exclude=x*'" in ended.stdout
    assert os.path.exists(tmp_path / path)
