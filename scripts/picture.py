"""Draws docs/images/show.svg, the picture of README.md: a command and its output on a terminal.

    picture.py PATH     record and show examples/calculate.py, and write the picture

Runs with a Python that has swifttrace and rich: `make picture`.
"""

import io
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
RECORD = ["record", "--values", "safe", "calculate.py", "x = 2 + 3", "x / 0"]
SHOW = ["show", "--function", "answer", "--function", "evaluate", "run.swt"]


def run(folder: Path) -> str:
    """Returns both commands and their output, with terminal escape codes."""
    swifttrace = [sys.executable, "-m", "swifttrace"]
    recording = str(folder / "run.swt")
    text = ""
    for words, options in (RECORD, ["-o", recording]), (SHOW, ["--color", "always"]):
        command = [*swifttrace, words[0], *options, *words[1:]]
        command = [recording if word == "run.swt" else word for word in command]
        done = subprocess.run(command, cwd=EXAMPLES, check=True, capture_output=True, text=True)
        text += f"\x1b[2m$\x1b[0m \x1b[1mswifttrace {shlex.join(words)}\x1b[0m\n"
        text += done.stdout + done.stderr.replace(str(folder), "/app")
    return text


def draw(text: str, path: Path) -> None:
    """Writes the picture, with a dark background that suits light and dark pages."""
    width = max(map(len, re.sub(r"\x1b\[\d*m", "", text).splitlines()))
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text))
    svg = console.export_svg(title="swifttrace", unique_id="show")
    # Without fonts from a server, which code hosts block.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono")
    lines = [line.rstrip() for line in svg.splitlines()]
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        draw(run(Path(folder)), Path(sys.argv[1]))
