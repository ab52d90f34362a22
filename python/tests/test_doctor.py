"""`python -m swifttrace doctor` checks whether tracing and recording will work."""

import json
import os
import shutil
import site
import sys
from pathlib import Path
from typing import Any

import pytest
import swifttrace
from running import Ended, run_python

NOTHING_FOUND = "none hold a monitoring ID or a trace function"


def doctor(cwd: Path, *options: str, **environment: str) -> Ended:
    return run_python("-m", "swifttrace", "doctor", *options, cwd=cwd, env=environment)


def checks(ended: Ended) -> dict[str, dict[str, Any]]:
    """The checks in JSON output, by name."""
    return {check["name"]: check for check in json.loads(ended.stdout)["checks"]}


def doctor_after(program: str, cwd: Path) -> dict[str, dict[str, Any]]:
    """The checks of `doctor` in a process that has run a program before."""
    lines = [
        program,
        "import sys, runpy",
        "sys.argv = ['swifttrace', 'doctor', '--format', 'json']",
        "runpy.run_module('swifttrace', run_name='__main__', alter_sys=True)",
    ]
    (cwd / "before.py").write_text("\n".join(lines))
    return checks(run_python("before.py", cwd=cwd))


def test_all_is_well(tmp_path: Path) -> None:
    ended = doctor(tmp_path, "--format", "json")
    assert (ended.stderr, ended.status) == ("", 0)
    answer = json.loads(ended.stdout)
    assert (answer["version"], answer["is_well"]) == (swifttrace.__version__, True)
    found = checks(ended)
    version = sys.version.split()[0]
    assert found["interpreter"]["details"]["version"] == version
    assert found["interpreter"]["details"]["executable"] == sys.executable
    assert found["swifttrace"]["details"]["compiled_for"] == version
    assert found["swifttrace"]["details"]["swift"][0].isdigit()
    assert found["source"]["details"]["auto"] == (
        "settrace" if sys.version_info < (3, 12) else "monitoring"
    )
    assert found["other tools"]["text"] == NOTHING_FOUND
    # Python reads .pth files only in site-packages, which `make asan` does not use.
    package = Path(swifttrace.__file__).parent
    assert found["children"]["details"]["is_read"] == (
        str(package.parent) in site.getsitepackages()
    )
    recordings = found["recordings"]["details"]
    assert (recordings["folder"], recordings["events"]) == (str(tmp_path), 7)
    assert recordings["free"] == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
    assert recordings["shares_mappings"]
    assert list(tmp_path.iterdir()) == []


def test_the_text_has_a_line_for_each_check(tmp_path: Path) -> None:
    ended = doctor(tmp_path)
    assert (ended.stderr, ended.status) == ("", 0)
    rows = [line.split(maxsplit=2) for line in ended.stdout.splitlines()]
    assert [name for _, name, _ in rows[:3]] == ["interpreter", "swifttrace", "source"]
    assert {status for status, *_ in rows} <= {"ok", "note"}


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    ended = doctor(tmp_path, "-o", str(tmp_path / "missing"))
    assert (ended.stderr, ended.status) == ("", 1)
    (line,) = [line for line in ended.stdout.splitlines() if line.startswith("fail")]
    assert line.endswith(
        f"cannot record in {tmp_path}/missing: No such file or directory; "
        "choose another folder with -o"
    )


def test_a_full_disk(tmp_path: Path) -> None:
    # A resource limit has the effect of a full disk.
    program = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))"
    found = doctor_after(program, tmp_path)
    assert found["recordings"]["status"] == "fail"
    assert "File too large" in found["recordings"]["text"]
    assert {file.name for file in tmp_path.iterdir()} == {"before.py"}


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="there is no /dev/shm")
def test_another_folder(tmp_path: Path) -> None:
    found = checks(doctor(tmp_path, "-o", "/dev/shm", "--format", "json"))
    assert found["recordings"]["details"]["folder"] == "/dev/shm"


def test_a_trace_function_is_named(tmp_path: Path) -> None:
    program = "import sys\ndef tracer(*_): pass\nsys.settrace(tracer)"
    other = doctor_after(program, tmp_path)["other tools"]
    assert other["status"] == "note"
    assert other["details"]["functions"] == {"sys.settrace": "__main__.tracer"}
    assert other["text"].startswith("__main__.tracer is set by sys.settrace; ")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is missing")
def test_a_tool_of_sys_monitoring_is_named(tmp_path: Path) -> None:
    program = "import sys\nsys.monitoring.use_tool_id(4, 'some profiler')"
    found = doctor_after(program, tmp_path)
    assert found["other tools"]["details"]["monitoring"] == {"4": "some profiler"}
    assert found["other tools"]["text"] == "some profiler holds ID 4 of sys.monitoring"
    assert found["source"]["details"]["auto"] == "monitoring"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is missing")
def test_tools_that_hold_all_of_sys_monitoring(tmp_path: Path) -> None:
    program = "import sys\nfor n in 3, 4, 5: sys.monitoring.use_tool_id(n, f'tool {n}')"
    found = doctor_after(program, tmp_path)
    assert found["source"]["status"] == "note"
    assert found["source"]["details"]["auto"] == "settrace"
    assert "other tools hold the IDs of sys.monitoring" in found["source"]["text"]


def test_a_package_outside_of_site_packages(tmp_path: Path) -> None:
    package = Path(swifttrace.__file__).parent
    shutil.copytree(package, tmp_path / "copy" / "swifttrace")
    ended = doctor(tmp_path, "--format", "json", PYTHONPATH=str(tmp_path / "copy"))
    children = checks(ended)["children"]
    assert (children["status"], ended.status) == ("note", 0)
    assert f"{tmp_path}/copy/swifttrace.pth is missing" in children["text"]


def test_an_optional_package_that_is_missing(tmp_path: Path) -> None:
    program = (
        "import importlib.metadata as m\nold = m.version\n"
        "def version(name):\n"
        "    if name == 'rich': raise m.PackageNotFoundError(name)\n"
        "    return old(name)\n"
        "m.version = version"
    )
    found = doctor_after(program, tmp_path)
    assert found["rich"]["status"] == "ok"
    assert "pip install 'swifttrace[terminal]'" in found["rich"]["text"]


def test_an_unknown_option(tmp_path: Path) -> None:
    ended = doctor(tmp_path, "--formt", "json")
    assert (ended.stdout, ended.status) == ("", 2)
    assert "did you mean --format?" in ended.stderr
