"""The lines in lcov and coverage exports equal those that coverage itself finds."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import swifttrace
from coverage import CoverageData
from exported import PROGRAM, record
from lcov_cobertura import LcovCobertura
from running import run, run_python

DRIVERS = Path(__file__).parent.parent / "stream" / "drivers"


def line_sets(path: Path) -> dict[str, list[int]]:
    """The lines of each file in a data file of coverage."""
    data = CoverageData(basename=str(path))
    data.read()
    return {file: sorted(data.lines(file) or ()) for file in data.measured_files()}


def lcov_files(path: Path) -> dict[str, Any]:
    """The files in an lcov tracefile, read by the parser of another tool."""
    files: dict[str, Any] = {}
    parsed = LcovCobertura(path.read_text(), base_dir="/").parse()
    for package in parsed["packages"].values():
        for name, found in package["classes"].items():
            files["/" + name.lstrip("/")] = found
    return files


def test_line_sets_of_a_program_are_those_of_coverage(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = ["-m", "coverage", "run", "--data-file=real", "--concurrency=thread"]
    assert run_python(*command, "program.py", cwd=tmp_path).status == 0
    record(tmp_path, PROGRAM)
    # coverage loses the child's lines before os._exit.
    recording = swifttrace.open(tmp_path / "run.swt", children=False)
    recording.export("coverage", tmp_path / "ours")
    assert line_sets(tmp_path / "ours") == line_sets(tmp_path / "real")


def test_files_reached_by_other_paths_are_called_as_coverage_calls_them(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "helper.py").write_text("def help():\n    return 1\n")
    (tmp_path / "link").symlink_to("real")
    program = "import sys\nsys.path[0] += '/./link'\nimport helper\nhelper.help()\n"
    (tmp_path / "program.py").write_text(program)
    command = ["-m", "coverage", "run", "--data-file=theirs", "program.py"]
    assert run_python(*command, cwd=tmp_path).status == 0
    record(tmp_path, program).export("coverage", tmp_path / "ours")
    assert line_sets(tmp_path / "ours") == line_sets(tmp_path / "theirs")
    assert str(tmp_path / "real" / "helper.py") in line_sets(tmp_path / "ours")


@pytest.mark.parametrize(
    ("driver", "package"),
    [
        ("jinja2_templates", "jinja2"),
        ("mistune_document", "mistune"),
        ("pyparsing_arithmetic", "pyparsing"),
        ("asyncio_tasks", "asyncio"),
    ],
)
def test_line_sets_of_real_programs_are_those_of_coverage(
    driver: str, package: str, tmp_path: Path
) -> None:
    program = str(DRIVERS / f"{driver}.py")
    command = ["-m", "coverage", "run", "--data-file=real", f"--source={package}", program]
    done = run_python(*command, cwd=tmp_path, env={"COVERAGE_CORE": "ctrace"})
    assert done.status == 0, done.stderr
    folder = f"*/{package}/*"
    command = ["-m", "swifttrace", "record", "--all", "--include", folder, program]
    done = run_python(*command, cwd=tmp_path)
    assert done.status == 0, done.stderr
    recording = swifttrace.open(tmp_path / "run.swt")
    recording.export("coverage", tmp_path / "ours")
    recording.export("lcov", tmp_path / "ours.info")
    real = {file: lines for file, lines in line_sets(tmp_path / "real").items() if lines}
    ours = line_sets(tmp_path / "ours")
    assert len(real) > 5
    assert sum(map(len, real.values())) > 500
    assert ours == real
    lcov = {
        file: sorted(line for line, found in found["lines"].items() if int(found["hits"]) > 0)
        for file, found in lcov_files(tmp_path / "ours.info").items()
    }
    # A module without statements has an event for line 0, which listings cannot show.
    shown = {file: [line for line in lines if line > 0] for file, lines in real.items()}
    assert {file: lines for file, lines in lcov.items() if lines} == {
        file: lines for file, lines in shown.items() if lines
    }


def test_coverage_reports_it(tmp_path: Path) -> None:
    program = "def never():\n    return 1\n\ndef once():\n    return 2\n\nonce()\n"
    record(tmp_path, program).export("coverage", tmp_path / ".coverage")
    report = run_python("-m", "coverage", "json", "-o", "-", cwd=tmp_path)
    assert report.status == 0, report.stderr
    found = json.loads(report.stdout)["files"]["program.py"]
    assert found["executed_lines"] == [1, 4, 5, 7]
    assert found["missing_lines"] == [2]
    assert "program.py" in run_python("-m", "coverage", "report", cwd=tmp_path).stdout


def test_lcov_counts_lines_and_calls(recording: swifttrace.Recording, tmp_path: Path) -> None:
    recording.export("lcov", tmp_path / "out.info")
    (found,) = lcov_files(tmp_path / "out.info").values()
    lines: Counter[int] = Counter(e.line for e in recording if e.kind == "line")
    calls = Counter(e.function.qualified_name for e in recording if e.kind == "call")
    shown = {line: int(each["hits"]) for line, each in found["lines"].items()}
    assert shown == dict(lines)
    assert {name: int(count) for name, (_, count) in found["methods"].items()} == dict(calls)


def test_lcov_tells_functions_of_the_same_name_apart(tmp_path: Path) -> None:
    program = "def f():\n    pass\nf()\ndef f():\n    pass\nf()\nf()\n"
    record(tmp_path, program).export("lcov", tmp_path / "out.info")
    text = (tmp_path / "out.info").read_text()
    assert "FN:1,f:1\nFN:4,f:4\n" in text
    assert "FNDA:1,f:1\nFNDA:2,f:4\n" in text


@pytest.mark.skipif(shutil.which("genhtml") is None, reason="lcov is not installed")
def test_genhtml_shows_it(recording: swifttrace.Recording, tmp_path: Path) -> None:
    recording.export("lcov", tmp_path / "out.info")
    done = run("genhtml", "out.info", "-o", "html", cwd=tmp_path)
    assert done.status == 0, done.stderr
    assert "100.0%" in done.stdout
    (page,) = (tmp_path / "html").rglob("program.py.gcov.html")
    assert "def fib(number):" in page.read_text()


def test_a_data_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    record(tmp_path, "def one():\n    pass\n").export("coverage", tmp_path / "data")
    other = record(tmp_path / "b", "x = 1\n")
    other.export("coverage", tmp_path / "data")
    assert list(line_sets(tmp_path / "data").values()) == [[1]]


@pytest.mark.parametrize("name", ["lcov", "coverage"])
def test_a_recording_without_lines(name: str, tmp_path: Path) -> None:
    recording = record(tmp_path, "pass\n", "--calls")
    with pytest.raises(ValueError, match="the recording has no lines; record it with --lines"):
        recording.export(name, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_coverage_is_missing(tmp_path: Path) -> None:
    record(tmp_path, "pass\n")
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['coverage'] = None\n")
    command = ["-m", "swifttrace", "export", "--to", "coverage", "-o", "out", "run.swt"]
    done = run_python(*command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert done.status == 2
    assert done.stderr == (
        "swifttrace export: missing package coverage: pip install coverage "
        "(see swifttrace export --help)\n"
    )


def test_jsonl_has_the_lines_of_show(recording: swifttrace.Recording, tmp_path: Path) -> None:
    recording.export("jsonl", tmp_path / "out.jsonl")
    command = ["-m", "swifttrace", "show", "--format", "json", "--c-calls", recording.path]
    shown = run_python(*command, cwd=tmp_path)
    assert shown.status == 0, shown.stderr
    ours, times, tasks, arguments = [], [], [], []
    for line in (tmp_path / "out.jsonl").read_text().splitlines():
        event = json.loads(line)
        times.append(event.pop("time"))
        tasks.append(event.pop("task", None))
        arguments.append(event.pop("arguments", {}))
        ours.append(event)
    assert ours == [json.loads(line) for line in shown.stdout.splitlines()]
    assert list(ours[0]) == [
        "event",
        "kind",
        "function",
        "file",
        "line",
        "depth",
        "thread",
        "process",
    ]
    events = list(recording)
    assert times == [event.time for event in events]
    assert tasks == [event.task for event in events]
    assert set(tasks) == {None, 1, 2, 3}
    assert arguments == [
        dict(zip(event.function.parameters, event.arguments, strict=False)) for event in events
    ]


def test_lines_are_text_for_text_those_of_show(tmp_path: Path) -> None:
    program = "def f():\n    raise KeyError('\\u00e9\\x01\\\"')\ntry: f()\nexcept KeyError: pass\n"
    recording = record(tmp_path, program)
    recording.export("jsonl", tmp_path / "out.jsonl")
    shown = run_python("-m", "swifttrace", "show", "--format", "json", "run.swt", cwd=tmp_path)
    exported = (tmp_path / "out.jsonl").read_text().splitlines()
    lines = [line.rpartition(',"time":')[0] for line in exported]
    assert [line + "}" for line in lines] == shown.stdout.splitlines()
