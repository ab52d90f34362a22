"""Recordings may contain secrets: other users can neither read nor redirect them."""

import os
import stat
import sys
from pathlib import Path

import pytest
from conftest import RunRecorded
from running import run, run_python

PROGRAM = """\
import os, subprocess, sys

def f(x): return x

f(1)
if os.fork() == 0:
    f(2)
    os._exit(0)
os.wait()
subprocess.run([sys.executable, "-c", "def g(): pass\\ng()"])
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", ["0", "022", "077", "0777"])
def test_recordings_are_the_users_alone(tmp_path: Path, mask: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = f"umask {mask}; exec {sys.executable} -m swifttrace record program.py"
    assert run("sh", "-c", command, cwd=tmp_path).status == 0
    files = list(tmp_path.glob("*.swt"))
    assert len(files) == 3
    assert [mode(file) for file in files] == [0o600] * 3


@pytest.mark.parametrize("mask", [0, 0o22, 0o777])
def test_text_is_the_users_alone(tmp_path: Path, mask: int) -> None:
    (tmp_path / "program.py").write_text("def f(): pass\nf()\n")
    code = f"import os, runpy, sys; os.umask({mask}); sys.argv = sys.argv[1:]; "
    code += "runpy.run_module('swifttrace', run_name='__main__', alter_sys=True)"
    ended = run_python("-c", code, "swifttrace", "-o", "out.txt", "program.py", cwd=tmp_path)
    assert ended.status == 0
    assert mode(tmp_path / "out.txt") == 0o600


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("def f(): pass\nf()\n")
    (tmp_path / "out.txt").write_text("")
    (tmp_path / "out.txt").chmod(0o640)
    ended = run_python("-m", "swifttrace", "-o", "out.txt", "program.py", cwd=tmp_path)
    assert ended.status == 0
    assert mode(tmp_path / "out.txt") == 0o640
    assert "f()" in (tmp_path / "out.txt").read_text()


def test_a_link_is_not_recorded_to(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "run.swt").symlink_to("elsewhere")
    recorded = run_recorded("print('not run')")
    assert (recorded.stdout, recorded.status) == ("", 2)
    assert not (tmp_path / "elsewhere").exists()


def test_a_childs_file_follows_no_link(run_recorded: RunRecorded, tmp_path: Path) -> None:
    program = "import os\nfor number in range(1, 200):\n"
    program += "    os.symlink('elsewhere', f'run.{os.getpid() + number}.swt')\n"
    program += "if os.fork() == 0:\n    os._exit(0)\nos.wait()\n"
    assert run_recorded(program).status == 0
    assert not (tmp_path / "elsewhere").exists()
    assert len(list(tmp_path.glob("run.*-2.swt"))) == 1


def live(folder: Path, output: str) -> tuple[int, str]:
    (folder / "program.py").write_text("def f(): pass\nf()\n")
    ended = run_python("-m", "swifttrace", "-o", output, "program.py", cwd=folder)
    return ended.status, ended.stderr


def test_a_users_own_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/second").symlink_to("text")
    (tmp_path / "first").symlink_to("folder/second")
    assert live(tmp_path, "first") == (0, "")
    assert "f()" in (tmp_path / "folder/text").read_text()


def test_devices_and_pipes(tmp_path: Path) -> None:
    assert live(tmp_path, "/dev/null") == (0, "")
    status, text = live(tmp_path, "/dev/stderr")
    assert status == 0
    assert "f()" in text


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make another user's link")
@pytest.mark.parametrize("folder_mode", [0o1777, 0o777, 0o700])
def test_another_users_link_is_refused(tmp_path: Path, folder_mode: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "out.txt").symlink_to(tmp_path / "victim")
    os.chown(folder / "out.txt", 65534, 65534, follow_symlinks=False)
    folder.chmod(folder_mode)
    (tmp_path / "victim").write_text("precious")
    status, errors = live(tmp_path, str(folder / "out.txt"))
    assert status == 2
    assert "out.txt" in errors
    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make another user's file")
def test_another_users_file_in_a_shared_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "out.txt").write_text("waiting")
    os.chown(folder / "out.txt", 65534, 65534)
    folder.chmod(0o1777)
    status, _ = live(tmp_path, str(folder / "out.txt"))
    assert status == 2
    assert (folder / "out.txt").read_text() == "waiting"
