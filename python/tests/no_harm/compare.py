"""Runs the cases against swifttrace and its peers, and writes docs/no-harm.md.

    python compare.py PEERS [WORDS OF A CASE]

PEERS is the Python of an environment with the peers; the Python that runs this file must have
swifttrace. The page has a section for each version of Python; only the one of this version is
rewritten. With words, the other cases keep the rows that they have.
"""

import concurrent.futures
import datetime
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from cases import CASES, Case, Outcome, harm
from outcomes import run
from tools import PEERS, SWIFTTRACE, UNTRACED, Tool

PAGE = Path(__file__).resolve().parents[3] / "docs" / "no-harm.md"
TIMEOUT = 40  # Seconds; no case takes one second untraced.
# Python warns about a fork if a tool has started a thread.
ENVIRONMENT = {"PYTHONWARNINGS": "ignore"}

HEAD = """\
# No harm

Effects of tracers on the programs that they trace. `make no-harm`, with `PYTHON=...` for another
interpreter, runs every case of [python/tests/no_harm](../python/tests/no_harm/cases) untraced and
under each tracer, and writes the section of its Python on this page.

A case is a program that records what it observes. A cell is `ok` if the program's observations,
exit status and output equal those of the untraced run; otherwise it describes the difference.
`n/a`: the tracer cannot run such a program. swifttrace is run with its default options, with `-o
FILE`, and with `--all --format sentences --events -o FILE`; a cell shows the worst result. The
commands used for the other tools are listed above each table.

Every case has been seen to fail: `make no-harm` first runs them under tracers that do harm on
purpose ([harmful](../python/tests/no_harm/harmful)), and stops at a case that none of them fails.

A cell is one run of one case on one machine; if a case depends on a timer, another run may differ.
A case may be irrelevant to the purpose of a tracer: coverage shows no values, and so cannot run a
`__repr__`.

Free-threaded builds of CPython are not in the table. swifttrace's module declares
`Py_MOD_GIL_USED`: such an interpreter enables the GIL when it is imported, and prints a warning.
"""


def peers_versions(python: str) -> dict[str, str]:
    """The versions of the peers that are installed in an environment."""
    code = """
import importlib.metadata, json, sys
versions = {}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))
"""
    names = [tool.module for tool in PEERS if not tool.comes_with_python]
    done = subprocess.run(
        [python, "-c", code, *names], check=True, stdout=subprocess.PIPE, text=True
    )
    versions: dict[str, str] = json.loads(done.stdout)
    return versions


def cell(case: Case, ways: list[Tool], python: str, untraced: Outcome, folder: Path) -> str:
    """Returns the worst effect of all ways of running a case."""
    if untraced.status != case.status or case.facts not in (None, untraced.facts):
        return "cannot be run here"
    for tool in ways[:1] if case.is_inside else ways:
        seen = run(case, tool, python, folder, ENVIRONMENT, TIMEOUT)
        if seen is None:
            return "n/a"
        found = harm(case, seen, untraced)
        if found:
            return found
    return "ok"


def row(case: Case, columns: list[tuple[list[Tool], str]], folder: Path) -> list[str]:
    """Returns the effects of each tool on a case."""
    # All runs have the same interpreter and the same folder, whose path is in tracebacks.
    untraced = {}
    for python in dict.fromkeys(python for _, python in columns):
        untraced[python] = run(case, UNTRACED, python, folder, ENVIRONMENT)
    cells = []
    for ways, python in columns:
        expected = untraced[python]
        assert expected is not None
        cells.append(cell(case, ways, python, expected, folder))
    return cells


def in_table(case: Case) -> str:
    """The name of a case in the table."""
    return case.name.replace("|", "\\|")


def section(peers_python: str, words: str, kept: dict[str, str]) -> str:
    """The table of this Python.

    Args:
        peers_python: The Python of the peers.
        words: Words in the names of the cases to run.
        kept: The rows of the other cases, by the name of the case.
    """
    versions = peers_versions(peers_python)
    peers = [tool for tool in PEERS if tool.comes_with_python or tool.module in versions]
    columns = [(list(SWIFTTRACE.values()), sys.executable), *(([t], peers_python) for t in peers)]
    cases = [case for case in CASES if sys.version_info >= case.since]
    titles = [
        f"swifttrace {importlib.metadata.version('swifttrace')}",
        *(f"{tool.name} {versions.get(tool.module, '')}".strip() for tool in peers),
    ]
    chosen = [case for case in cases if words in case.name]
    table = dict(kept)
    with (
        tempfile.TemporaryDirectory(prefix="no-harm-") as folder,
        concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        folders = [Path(folder, str(number)) for number in range(len(chosen))]
        rows = pool.map(row, chosen, [columns] * len(chosen), folders)
        for case, cells in zip(chosen, rows, strict=True):
            table[in_table(case)] = f"| {in_table(case)} | {' | '.join(cells)} |"
            print(table[in_table(case)], flush=True)
    lines = [f"| case | {' | '.join(titles)} |", "| --- " * (len(titles) + 1) + "|"]
    lines += [table[in_table(case)] for case in cases]
    cells_of = [re.split(r"(?<!\\) \| ", line[2:-2]) for line in lines[2:]]
    harmed = [
        sum(cells[index] not in ("ok", "n/a") for cells in cells_of)
        for index in range(1, len(titles) + 1)
    ]
    lines.append(f"| **harmed, of {len(cases)}** | {' | '.join(map(str, harmed))} |")
    how = "; ".join(f"{tool.name}: {tool.shown}" for tool in peers)
    today = datetime.datetime.now(datetime.UTC).date()
    system = f"{platform.system()} {platform.machine()}, {' '.join(platform.libc_ver())}"
    about = f"{today}, {system}. {how}."
    return f"## CPython {platform.python_version()}\n\n{about}\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    sections = {}
    if PAGE.exists():
        for text in re.split("^(?=## )", PAGE.read_text(), flags=re.MULTILINE)[1:]:
            sections[text.splitlines()[0]] = text.strip() + "\n"
    # Not resolved, because the link in the environment identifies it.
    peers_python, words = str(Path(sys.argv[1]).absolute()), " ".join(sys.argv[2:])
    old = sections.get(f"## CPython {platform.python_version()}", "") if words else ""
    kept = dict(re.findall(r"^(\| (.+?) \| .*)$", old, re.MULTILINE))
    new = section(peers_python, words, {name: line for line, name in kept.items()})
    sections[new.splitlines()[0]] = new
    PAGE.write_text("\n".join([HEAD, *(sections[title] for title in sorted(sections))]))


if __name__ == "__main__":
    main()
