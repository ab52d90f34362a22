"""Runs a case in a new process, traced or not."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from cases import Case, Outcome
from tools import MANY, MANY_WORDS, Tool

HERE = Path(__file__).resolve().parent
LARGEST = 20_000_000  # Maximum number of bytes read from a file.


def run(
    case: Case,
    tool: Tool,
    python: str,
    folder: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Outcome | None:
    """Runs a case to its end.

    Args:
        case: The case to run.
        tool: The tracer to run it under.
        python: The interpreter of the tool's environment.
        folder: The folder to run it in. It is emptied first.
        env: Additional environment variables.
        timeout: Seconds until all its processes are killed.

    Returns:
        The outcome; None if the tool cannot run such a command.
    """
    text = tool.program(case.program)
    words = list(case.command) if case.is_inside else tool.command(case.command)
    if text is None or words is None:
        return None
    # All ways of running use one folder, whose path is in tracebacks.
    shutil.rmtree(folder, ignore_errors=True)
    home = folder / "home"
    home.mkdir(parents=True)
    for name, content in {**case.files, "program.py": text}.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    given = set(home.rglob("*"))
    command = case.shell.replace("{}", shlex.join([python, *words]))
    if MANY_WORDS in words:
        (folder / "many.txt").write_text("\n".join(MANY))
        command = f"mapfile -t MANY <{shlex.quote(str(folder))}/many.txt; " + command.replace(
            MANY_WORDS, '"${MANY[@]}"'
        )
    facts = folder / "facts.txt"
    paths = [str(HERE / "facts"), os.environ.get("PYTHONPATH", "")]
    output = [folder / "stdout", folder / "stderr"]
    with output[0].open("wb") as stdout, output[1].open("wb") as stderr:
        process = subprocess.Popen(
            # A shell ignores SIGINT in background jobs.
            ["env", "--default-signal=INT", "bash", "-c", f"set -o pipefail; {command}"],
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            env={
                **os.environ,
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                "NO_HARM_FACTS": str(facts),
                **({} if case.is_inside else tool.env),
                **(env or {}),
            },
            start_new_session=True,
        )
        status: int | None
        try:
            process.communicate(case.stdin.encode(), timeout)
            status = process.returncode
        except subprocess.TimeoutExpired:
            status = None
        # Processes that it started and left running are in its session too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    left = [_text(path) for path in sorted(home.rglob("*")) if path not in given]
    # Addresses differ between runs. faulthandler lists the imported extension modules.
    shown = [re.sub("0x[0-9a-f]{6,}", "0x...", _text(path)) for path in output]
    shown = [re.sub(r"\nExtension modules: .*\n", "", text) for text in shown]
    return Outcome(*shown, status, _text(facts), "".join(left))


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(LARGEST).decode(errors="backslashreplace")
