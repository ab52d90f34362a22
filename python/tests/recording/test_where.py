"""Invalid paths for a recording: one line, status 2, and the program does not run."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from conftest import RunRecorded
from recordings import read_whole

PROGRAM = "def f(): pass\nf()\nprint('run')\n"


def refused(run_recorded: RunRecorded, *options: str) -> str:
    """The error line of a recording that is refused, without its end."""
    ended = run_recorded(PROGRAM, *options)
    assert (ended.stdout, ended.status) == ("", 2)
    (line,) = ended.stderr.splitlines()
    end = " (see swifttrace record --help)"
    assert line.endswith(end)
    return line.removeprefix("swifttrace record: ").removesuffix(end)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("nowhere/run.swt", "No such file or directory"),
        ("program.py/run.swt", "Not a directory"),
        ("x" * 300 + ".swt", "File name too long"),
        ("/proc/run.swt", "No such file or directory"),
    ],
)
def test_a_path_that_cannot_be_written(
    run_recorded: RunRecorded, tmp_path: Path, path: str, line: str
) -> None:
    for force in [(), ("--force",)]:
        said = refused(run_recorded, "-o", path, *force)
        assert said == f"cannot write to {tmp_path / path}: {line}"


if os.geteuid() != 0:  # Root can write everywhere.

    def test_a_folder_that_may_not_be_written(run_recorded: RunRecorded, tmp_path: Path) -> None:
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o500)
        said = refused(run_recorded, "-o", "closed/run.swt")
        assert said == f"cannot write to {folder}/run.swt: Permission denied"


def test_a_recording_that_is_there(run_recorded: RunRecorded, tmp_path: Path) -> None:
    assert run_recorded(PROGRAM).status == 0
    before = (tmp_path / "run.swt").read_bytes()
    line = f"{tmp_path}/run.swt exists already; --force replaces a recording"
    assert refused(run_recorded, "-o", "run.swt") == line
    assert (tmp_path / "run.swt").read_bytes() == before
    assert run_recorded(PROGRAM + "f()\n", "--force").status == 0
    _, events = read_whole(tmp_path / "run.swt")
    assert sum(event.event == "call" and event.function.name == "f" for event in events) == 2


def test_children_are_replaced_too(run_recorded: RunRecorded, tmp_path: Path) -> None:
    program = "import os\ndef f(): pass\nif os.fork() == 0: f()\nelse: os.wait()\n"
    assert run_recorded(program).status == 0
    assert len(list(tmp_path.glob("*.swt"))) == 2
    other = tmp_path / "run.7.swt"
    other.write_bytes(b"not ours")
    (tmp_path / "empty.swt").touch()
    assert run_recorded(PROGRAM, "--force").status == 0
    names = {path.name for path in tmp_path.glob("*.swt")}
    assert names == {"run.swt", "run.7.swt", "empty.swt"}


@pytest.mark.parametrize("content", [b"precious", b"SWTRACE", bytes(5000)])
def test_what_is_no_recording_is_not_replaced(
    run_recorded: RunRecorded, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "run.swt").write_bytes(content)
    for options in [("-o", "run.swt"), ("--force",)]:
        refused(run_recorded, *options)
        assert (tmp_path / "run.swt").read_bytes() == content


def test_an_empty_file_is_replaced_alone(run_recorded: RunRecorded, tmp_path: Path) -> None:
    for name in ("run.swt", "other.swt"):
        (tmp_path / name).touch()
    assert run_recorded(PROGRAM, "--force").status == 0
    assert read_whole(tmp_path / "run.swt")[1]
    assert (tmp_path / "other.swt").exists()


def test_a_folder(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for force in [(), ("--force",)]:
        said = refused(run_recorded, "-o", "folder", *force)
        assert said == f"cannot write to {tmp_path}/folder: Is a directory"


def test_a_device_and_a_pipe(run_recorded: RunRecorded, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    null = tmp_path / "null"
    made = subprocess.run(["mknod", null, "c", "1", "3"], capture_output=True, check=False)
    for name in ["pipe", *(["null"] if made.returncode == 0 else [])]:
        for force in [(), ("--force",)]:
            said = refused(run_recorded, "-o", name, *force)
            assert said == f"cannot write to {tmp_path / name}: it is not a regular file"
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode)
    assert made.returncode != 0 or stat.S_ISCHR(null.stat().st_mode)


def test_a_symbolic_link(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "run.swt").symlink_to("precious")
    refused(run_recorded, "-o", "run.swt")
    refused(run_recorded, "--force")
    assert (tmp_path / "precious").read_text() == "precious"
