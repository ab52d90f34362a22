"""A recording that cannot continue ends with one line, without effect on the program."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CompileC, RunRecorded
from recordings import COUNTING, check_steps, counted, read_whole
from running import Ended, run_python

# More events than fit in any of the limits of these tests.
STEPS = "for _ in range(60_000): step()\nprint(count[0])\n"

# Makes a file system report that it has no shared mappings, or that the user's quota is reached.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

void *mmap(void *start, size_t length, int protection, int flags, int file, off_t offset) {
  static void *(*next)(void *, size_t, int, int, int, off_t);
  if (next == NULL) next = dlsym(RTLD_NEXT, "mmap");
  struct stat status;
  // The program's own memory has 8 bytes.
  if (getenv("NO_SHARED") != NULL && (flags & MAP_SHARED) && fstat(file, &status) == 0
      && S_ISREG(status.st_mode) && status.st_size > 8) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  return next(start, length, protection, flags, file, offset);
}

int posix_fallocate(int file, off_t offset, off_t length) {
  static int (*next)(int, off_t, off_t);
  if (next == NULL) next = dlsym(RTLD_NEXT, "posix_fallocate");
  const char *quota = getenv("QUOTA");
  if (quota != NULL && offset + length > atoll(quota)) return EDQUOT;
  return next(file, offset, length);
}
"""


@pytest.fixture
def shim(compile_c: CompileC) -> str:
    """A value for LD_PRELOAD: a library that makes system calls fail."""
    others = os.environ.get("LD_PRELOAD", "").split(":")  # `make asan` preloads the sanitizer.
    return ":".join(filter(None, [*others, compile_c(SHIM)]))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A new file system of 300 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no program `mount`")
    if done.returncode:
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def check_cut_off(recorded: Ended, folder: Path, file: Path, reason: str) -> None:
    """Checks that the program ended as untraced, and that the recording ended before it."""
    first, last = recorded.stderr.splitlines()
    assert first == f"swifttrace: Recorder failed, tracing has ended: {file}: {reason}"
    assert last.startswith("swifttrace: recorded ")
    assert last.endswith(f": {file}")
    assert (recorded.stdout, recorded.status) == ("60000\n", 0)
    assert counted(folder) == 60_000
    recording, events = read_whole(file)
    assert recording.ended == "failed"
    check_steps(events, 2000)


def test_a_full_disk(run_recorded: RunRecorded, tmp_path: Path, small_disk: Path) -> None:
    file = small_disk / "run.swt"
    recorded = run_recorded(COUNTING + STEPS, "-o", str(file))
    check_cut_off(recorded, tmp_path, file, "No space left on device")


def test_a_disk_that_is_full_from_the_start(run_recorded: RunRecorded, small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(300 * 1024))
    recorded = run_recorded("print('not run')", "-o", str(small_disk / "run.swt"))
    assert (recorded.stdout, recorded.status) == ("", 2)
    (line,) = recorded.stderr.splitlines()
    assert line.startswith(f"swifttrace record: cannot write to {small_disk}/run.swt: No space")
    assert os.listdir(small_disk) == ["filler"]


def test_a_full_disk_without_shared_mappings(
    run_recorded: RunRecorded, tmp_path: Path, small_disk: Path, shim: str
) -> None:
    file = small_disk / "run.swt"
    environment = {"LD_PRELOAD": shim, "NO_SHARED": "1"}
    recorded = run_recorded(COUNTING + STEPS, "-o", str(file), env=environment)
    check_cut_off(recorded, tmp_path, file, "No space left on device")


@pytest.mark.parametrize("restores", [False, True])
def test_a_limit_of_file_sizes(run_recorded: RunRecorded, tmp_path: Path, restores: bool) -> None:
    program = COUNTING + "import resource, signal\n"
    if restores:
        program += "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
    program += "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
    recorded = run_recorded(program + STEPS)
    check_cut_off(recorded, tmp_path, tmp_path / "run.swt", "File too large")


@pytest.mark.parametrize("mapped", [True, False])
def test_no_file_may_be_written_any_more(
    run_recorded: RunRecorded, tmp_path: Path, shim: str, mapped: bool
) -> None:
    program = COUNTING + "import resource, signal\n"
    program += "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
    program += "for _ in range(500): step()\n"
    program += "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    environment = {} if mapped else {"LD_PRELOAD": shim, "NO_SHARED": "1"}
    recorded = run_recorded(program + "print(1)\n", env=environment)
    assert (recorded.stdout, recorded.status) == ("1\n", 0)
    assert len(recorded.stderr.splitlines()) == 1
    _, events = read_whole(tmp_path / "run.swt")
    check_steps(events, 500 if mapped else 0)


def test_a_quota(run_recorded: RunRecorded, tmp_path: Path, shim: str) -> None:
    environment = {"LD_PRELOAD": shim, "QUOTA": "300000"}
    recorded = run_recorded(COUNTING + STEPS, env=environment)
    check_cut_off(recorded, tmp_path, tmp_path / "run.swt", "Disk quota exceeded")


def test_no_shared_mappings(run_recorded: RunRecorded, tmp_path: Path, shim: str) -> None:
    program = (
        COUNTING + "for _ in range(20_000): step()\nif os.fork() == 0: step()\nelse: os.wait()\n"
    )
    recorded = run_recorded(program, env={"LD_PRELOAD": shim, "NO_SHARED": "1"})
    assert (recorded.stdout, recorded.status) == ("", 0)
    (line,) = recorded.stderr.splitlines()
    assert line.startswith("swifttrace: recorded ")
    recording, events = read_whole(tmp_path / "run.swt", children=True)
    first, second = recording.processes
    check_steps([event for event in events if event.process == first], 20_000)
    check_steps([event for event in events if event.process == second], 1)


def test_a_kill_without_shared_mappings(
    run_recorded: RunRecorded, tmp_path: Path, shim: str
) -> None:
    program = COUNTING + "for _ in range(20_000): step()\nos.kill(os.getpid(), 9)\n"
    recorded = run_recorded(program, env={"LD_PRELOAD": shim, "NO_SHARED": "1"})
    assert recorded.status == -9
    # All chunks but the one that was in memory.
    check_steps(read_whole(tmp_path / "run.swt")[1], 4000)


def test_a_removed_folder(run_recorded: RunRecorded, tmp_path: Path) -> None:
    folder = tmp_path / "removed"
    folder.mkdir()
    program = COUNTING + "import shutil; shutil.rmtree('removed')\n" + STEPS
    recorded = run_recorded(program, "-o", str(folder / "run.swt"))
    assert (recorded.stdout, recorded.status) == ("60000\n", 0)
    (line,) = recorded.stderr.splitlines()
    assert "recorded " in line
    assert not folder.exists()


def test_a_removed_folder_and_a_child(run_recorded: RunRecorded, tmp_path: Path) -> None:
    folder = tmp_path / "removed"
    folder.mkdir()
    program = COUNTING + "import shutil, subprocess, sys; shutil.rmtree('removed')\n"
    program += "if os.fork() == 0: step(); print('child', flush=True); os._exit(3)\n"
    program += "print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)\n"
    program += "subprocess.run([sys.executable, '-c', 'print(1)'])\n"
    recorded = run_recorded(program, "-o", str(folder / "run.swt"))
    assert (recorded.stdout, recorded.status) == ("child\n3\n1\n", 0)
    lines = recorded.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("swifttrace: Recorder failed, tracing has ended: ")
    assert lines[1].startswith("swifttrace: ignoring SWIFTTRACE: ")
    assert lines[2].startswith("swifttrace: recorded ")


def test_a_truncated_file_is_read_up_to_there(run_recorded: RunRecorded, tmp_path: Path) -> None:
    assert run_recorded(COUNTING + STEPS).status == 0
    os.truncate(tmp_path / "run.swt", 300_000)
    command = [sys.executable, "-m", "swifttrace", "show", "run.swt"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode == 1
    assert "the file ends within the chunk at offset" in shown.stderr
    assert shown.stdout.count("step()") > 500


def test_the_python_interface_raises(tmp_path: Path) -> None:
    code = "import swifttrace\nwith swifttrace.record('/nowhere/run.swt'): pass"
    ended = run_python("-c", code, cwd=tmp_path)
    assert (
        "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/run.swt'" in ended.stderr
    )
