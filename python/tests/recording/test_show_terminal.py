"""`python -m swifttrace show`: source text beside lines, and colors."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from running import Ended, run_python

PROGRAM = (
    "def fail():\n"
    "\traise KeyError  # \x1b[31m \u202e \xfc\n"
    "def main():\n"
    "    try:\n"
    "        fail()\n"
    "    except KeyError: pass\n"
    "main()\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM)
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == 0
    return tmp_path


def show(folder: Path, *options: str) -> Ended:
    return run_python("-m", "swifttrace", "show", *options, "run.swt", cwd=folder)


def sources(folder: Path, function: str) -> list[str]:
    options = ["--lines", "--source", "--function", function]
    shown = show(folder, *options)
    assert (shown.stderr, shown.status) == ("", 0)
    return [re.sub(r"^  · .*program\.py:", "", line) for line in shown.stdout.splitlines()]


class TestSource:
    def test_it_stands_beside_lines(self, folder: Path) -> None:
        assert sources(folder, "main") == [
            "4  try:",
            "5  fail()",
            "6  except KeyError: pass",
        ]

    def test_what_a_terminal_would_obey_is_escaped(self, folder: Path) -> None:
        assert sources(folder, "fail") == ["2  raise KeyError  # \\x1b[31m \\u202e ü"]

    def test_a_long_line_is_cut(self, folder: Path) -> None:
        (folder / "program.py").write_text(f"\n\n\n\n{'y' * 600}\n")
        assert sources(folder, "main") == ["4", f"5  {'y' * 500}...", "6"]

    def test_a_file_that_is_no_more(self, folder: Path) -> None:
        plain = show(folder, "--lines").stdout
        (folder / "program.py").unlink()
        assert show(folder, "--lines", "--source").stdout == plain
        # `show` does not wait for a pipe without a writer.
        os.mkfifo(folder / "program.py")
        assert show(folder, "--lines", "--source").stdout == plain

    def test_bytes_that_are_no_text(self, folder: Path) -> None:
        # Python rejects such source text.
        (folder / "program.py").write_bytes(b"\n\n\n\xff\xfe a\r\nb")
        assert sources(folder, "main")[:2] == ["4", "5"]
        (folder / "program.py").write_bytes(b"# coding: latin-1\n\n\n\xff\xfe a\r\n\x00b")
        assert sources(folder, "main")[:2] == ["4  \xff\xfe a", "5  \\x00b"]

    @pytest.mark.parametrize("options", [[], ["--calls"], ["--lines", "--format", "json"]])
    def test_lines_of_a_tree_are_needed(self, folder: Path, options: list[str]) -> None:
        refused = show(folder, "--source", *options)
        assert refused.status == 2
        assert "--source needs --format tree and --lines" in refused.stderr


def on_a_terminal(folder: Path, *options: str, **environment: str) -> str:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "swifttrace", "show", *options, "run.swt"]
    variables = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
    variables |= {"TERM": "xterm", **environment}
    subprocess.run(command, cwd=folder, stdout=slave, env=variables, check=True)
    os.close(slave)
    text = b""
    try:
        while piece := os.read(master, 1 << 16):
            text += piece
    except OSError:
        pass  # On Linux, the end of the terminal's output.
    os.close(master)
    return text.decode().replace("\r\n", "\n")


class TestColor:
    def test_a_file_or_a_pipe_has_none(self, folder: Path) -> None:
        assert "\x1b" not in show(folder, "--events").stdout

    def test_colors_are_all_that_differs(self, folder: Path) -> None:
        options = ["--events", "--source"]
        plain = show(folder, *options).stdout
        colored = show(folder, *options, "--color", "always").stdout
        assert re.sub(r"\x1b\[\d+m", "", colored) == plain
        assert "\x1b[36mmain\x1b[0m()\n" in colored
        assert "\x1b[31m✗ KeyError\x1b[0m  \x1b[2m" in colored
        assert colored.count("\x1b[0m") * 2 == len(re.findall(r"\x1b\[\d+m", colored))

    def test_on_a_terminal(self, folder: Path) -> None:
        assert "\x1b[36mmain\x1b[0m()\n" in on_a_terminal(folder)
        for options, environment in (
            ([], {"NO_COLOR": "1"}),
            ([], {"TERM": "dumb"}),
            (["--color", "never"], {}),
        ):
            text = on_a_terminal(folder, *options, **environment)
            assert "main()\n" in text
            assert "\x1b" not in text
        assert "\x1b" in on_a_terminal(folder, NO_COLOR="")
        assert "\x1b" in on_a_terminal(folder, "--color", "always", NO_COLOR="1")

    def test_other_formats_have_none(self, folder: Path) -> None:
        assert "\x1b" not in show(folder, "--format", "json", "--color", "always").stdout

    def test_folded_calls(self, tmp_path: Path) -> None:
        program = "def f(x): return x\nfor i in range(3): f(i)\nfor i in range(3): f(0)\n"
        (tmp_path / "program.py").write_text(program)
        record = ["-m", "swifttrace", "record", "--values", "safe", "program.py"]
        assert run_python(*record, cwd=tmp_path).status == 0
        options = ["--fold", "--color", "always", "--function", "f"]
        (line,) = show(tmp_path, *options).stdout.splitlines()
        assert line.startswith("\x1b[36mf\x1b[0m(…)  ×6  ")
        options[2] = "never"
        (plain,) = show(tmp_path, *options).stdout.splitlines()
        assert re.sub(r"\x1b\[\d+m", "", line) == plain
