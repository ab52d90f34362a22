"""Names of recordings: an older `run.swt` is renamed, and `%p` and `%t` in names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import swifttrace
from conftest import RunRecorded
from running import run_python

PROGRAM = "def f(): pass\nf()\n"
WITH_CHILD = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'])\n"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.swt")}


def test_an_older_recording_is_renamed_with_its_children(
    run_recorded: RunRecorded, tmp_path: Path
) -> None:
    assert "the older one" not in run_recorded(WITH_CHILD).stderr
    (child,) = names(tmp_path) - {"run.swt"}
    first = list(swifttrace.open(tmp_path / "run.swt"))
    ended = run_recorded(PROGRAM)
    assert ended.status == 0
    assert ended.stderr.endswith("/run.swt (the older one is now run-1.swt)\n")
    assert names(tmp_path) == {"run.swt", "run-1.swt", child.replace("run.", "run-1.")}
    assert list(swifttrace.open(tmp_path / "run-1.swt")) == first
    assert run_recorded(PROGRAM).stderr.endswith(" (the older one is now run-2.swt)\n")


def test_other_files_are_renamed_too(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "run.swt").write_bytes(b"precious")
    (tmp_path / "run.7.swt").write_bytes(b"not a child")
    assert run_recorded(PROGRAM).status == 0
    assert (tmp_path / "run-1.swt").read_bytes() == b"precious"
    assert names(tmp_path) == {"run.swt", "run-1.swt", "run.7.swt"}


def test_a_recording_that_is_being_written_stays(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text("print('ready', flush=True)\ninput()\n")
    command = [sys.executable, "-m", "swifttrace", "record", "waits.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        ended = run_recorded(PROGRAM)
        assert ended.status == 0
        assert ended.stderr.endswith(f"{tmp_path}/run-1.swt (run.swt is in use)\n")
        process.communicate("\n")
    for name in ("run.swt", "run-1.swt"):
        assert swifttrace.open(tmp_path / name).info().end.status == 0


def test_a_folder_of_that_name_stays(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "run.swt").mkdir()
    assert run_recorded(PROGRAM).status == 0
    assert (tmp_path / "run.swt").is_dir()
    assert list(swifttrace.open(tmp_path / "run-1.swt"))


def test_process_and_time_in_names(run_recorded: RunRecorded, tmp_path: Path) -> None:
    program = "import os\nprint(os.getpid())\n" + WITH_CHILD
    ended = run_recorded(program, "-o", "a-%p-%t-100%%-%x.swt")
    process = ended.stdout.split()[0]
    stem = rf"a-{process}-\d{{8}}-\d{{6}}-100%-%x"
    found = sorted(names(tmp_path))
    assert len(found) == 2
    assert re.fullmatch(rf"{stem}\.\d+\.swt", found[0])
    assert re.fullmatch(rf"{stem}\.swt", found[1])
    assert len(swifttrace.open(tmp_path / found[1]).processes) == 2


def test_a_name_from_python_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import swifttrace\n"
        "with swifttrace.record('a%p.swt', children=True):\n"
        "    import subprocess, sys\n"
        "    subprocess.run([sys.executable, '-c', '1'])\n"
    )
    assert run_python("program.py", cwd=tmp_path).status == 0
    assert "a%p.swt" in names(tmp_path)
    assert len(swifttrace.open(tmp_path / "a%p.swt").processes) == 2


def test_the_environment_has_names_too(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import os\nprint(os.getpid())\n")
    options = {"SWIFTTRACE": f"record -o {tmp_path}/%p.swt"}
    process = run_python("program.py", cwd=tmp_path, env=options).stdout.strip()
    assert names(tmp_path) == {f"{process}.swt"}
    assert os.path.getsize(tmp_path / f"{process}.swt") > 0
