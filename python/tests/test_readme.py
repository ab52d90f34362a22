"""README.md is correct: the output of commands, the picture, and measured numbers."""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = [block for block in re.findall(r"```\n(.*?)```", README, re.DOTALL) if block[0] == "$"]


def masked(text: str) -> list[str]:
    """The lines of an output, without parts that differ between runs."""
    text = re.sub(r"\d[\d.]* (?:ns|µs|ms|s)\b", "TIME", text)
    text = re.sub(r"[\d,]+ (events|bytes)", r"N \1", text)
    text = re.sub(r"process \d+", "process N", text)
    text = re.sub(r"0x[0-9a-f]+", "ADDRESS", text)
    # The message of older Pythons.
    text = text.replace("integer division or modulo by zero", "division by zero")
    # Normalizes the columns of tables, but not the indentation of trees.
    return [re.sub(r"(?<=\S) {2,}", "  ", line).rstrip() for line in text.splitlines()]


def answer(command: str, folder: Path) -> str:
    """The output of a command line in a folder, as a terminal shows it."""
    words = command.replace("swifttrace ", f"exec {sys.executable} -m swifttrace ", 1)
    done = subprocess.run(
        ["bash", "-c", words],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout + ("Killed\n" if done.returncode == -9 else "")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[2:40])
def test_commands_print_what_is_shown(block: str, tmp_path: Path) -> None:
    folder = tmp_path / "app"
    shutil.copytree(ROOT / "examples", folder)
    for step in re.findall(r"^\$ .*\n(?:(?!\$ ).*\n)*", block, re.MULTILINE):
        command, _, shown = step[2:].partition("\n")
        found = masked(answer(command, folder).replace(str(tmp_path), ""))
        expected = masked(shown)
        if command.startswith("swifttrace stats"):  # Rows with equal counts are ordered by time.
            found.sort()
            expected.sort()
        assert found == expected, command


def test_there_are_three_questions() -> None:
    assert len(BLOCKS) == 3
    assert len(README.splitlines()) < 150


def test_the_picture_is_of_a_run(tmp_path: Path) -> None:
    pytest.importorskip("rich")
    script = ROOT / "scripts" / "picture.py"
    subprocess.run([sys.executable, script, tmp_path / "show.svg"], check=True)
    texts = []
    for path in (tmp_path / "show.svg", ROOT / "docs" / "images" / "show.svg"):
        lines: dict[str, str] = {}
        for place, text in re.findall(r'y="([\d.]+)"[^>]*>([^<]+)</text>', path.read_text()):
            lines[place] = lines.get(place, "") + html.unescape(text).replace("\xa0", " ")
        texts.append(masked("\n".join(lines.values())))
    assert texts[0] == texts[1]
    assert any("✗ ZeroDivisionError" in line for line in texts[1])


def row(text: str, name: str) -> list[str]:
    """The cells of the first table row that begins with `name`, without the name."""
    (found,) = re.findall(rf"^\| {re.escape(name)} \|(.*)\|$", text, re.MULTILINE)[:1]
    return [cell.strip() for cell in found.split("|")]


def test_the_numbers_are_those_that_were_measured() -> None:
    harm = (ROOT / "docs" / "no-harm.md").read_text()
    harm = harm[harm.index("## CPython 3.12") :]
    cases = re.findall(r"programs harmed, of (\d+)", README)[0]
    measured = row(harm, f"**harmed, of {cases}**")
    assert row(README, f"programs harmed, of {cases}") == [*measured, "not measured"]
    cost = (ROOT / "docs" / "benchmarks.md").read_text()
    cost = cost[cost.index("<!-- bench: untraced -->") :]
    tracers = (
        *("swifttrace Recorder (auto)", "swifttrace Recorder, call+return (auto)"),
        *("trace --count", "VizTracer, no C functions", "hunter CallPrinter"),
        *("coverage, C tracer", "coverage, sysmon"),
    )
    shown = " ".join(row(README, "time × untraced"))
    assert re.findall(r"\d+\.\d+", shown) == [row(cost, tracer)[1].split()[0] for tracer in tracers]
