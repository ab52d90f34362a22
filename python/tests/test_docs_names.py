"""Files and names of the code that the pages mention exist, at the named places."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["Sources", "Tests", "Fuzzing", "Benchmarks", "examples", "python", "scripts", ".ci"]
CODE = {".swift", ".c", ".h", ".py", ".pyi", ".toml", ".cfg"}

PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("Sources/**/*.docc/*.md")]
)

# Names of CPython, of Linux, of generated files, and of the example strategy.
FOREIGN = {
    *["gi_frame_state", "f_blockstack", "f_valuestack", "PR_SET_MM_MAP"],
    *["PyMonitoring_FirePyStartEvent", "pytest/__main__.py"],
    *["python3.pc", "python3-embed.pc"],
    *["YieldLogger", "YieldLogger.swift", "YieldLoggerTests.swift"],
}

FILE = re.compile(r"[\w./+-]+\.(?:swift|c|h|pyi?|toml|cfg|pc|pth)")
FOLDER = re.compile(rf"(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./+-]*")
# Names of code contain a capital or an underscore; other words are not checked.
NAME = re.compile(r"[A-Za-z_]\w*")
LOOKS_LIKE_CODE = re.compile(r"[a-z][A-Z]|\w_\w")
LINK = re.compile(r"\]\((?!doc:|<|\w+://)([^)#\s]+)(?:#[^)]*)?\)")
NAME_IN_FILE = re.compile(r"`(\w+)`\s+(?:in\s+|\()`([\w+./-]+\.(?:swift|c|h|py))`")


@cache
def files() -> dict[str, list[Path]]:
    """All files of the project, by name."""
    found: dict[str, list[Path]] = {}
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*"):
            if ".build" not in file.parts:
                found.setdefault(file.name, []).append(file)
    for file in ROOT.iterdir():
        found.setdefault(file.name, []).append(file)
    return found


@cache
def words() -> set[str]:
    """All names in the code, except those in this file."""
    code = [file for same in files().values() for file in same if file.suffix in CODE]
    return {
        word
        for file in [*code, ROOT / "Makefile"]
        if file != Path(__file__)
        for word in NAME.findall(file.read_text())
    }


def problems(text: str) -> list[str]:
    """The names in a page that do not exist in the code."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = []
    for span in re.findall(r"`([^`]+)`", text):
        name = Path(span).name
        if span in FOREIGN or name in FOREIGN:
            continue
        if FOLDER.fullmatch(span) or (FILE.fullmatch(span) and "/" in span):
            # Relative to the project's folder, or to that of the benchmarks.
            if not any((base / span).exists() for base in [ROOT, ROOT / "Benchmarks"]):
                found.append(f"no file `{span}`")
        elif FILE.fullmatch(span):
            if name not in files():
                found.append(f"no file `{span}`")
        elif NAME.fullmatch(span) and LOOKS_LIKE_CODE.search(span) and span not in words():
            found.append(f"no `{span}` in the code")
    for word, path in NAME_IN_FILE.findall(text):
        places = files().get(Path(path).name, [])
        if not any(word in NAME.findall(file.read_text()) for file in places):
            found.append(f"no `{word}` in `{path}`")
    return found


def dead_links(page: Path) -> list[str]:
    """The links of a page to files that do not exist."""
    targets = LINK.findall(page.read_text())
    return [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_names_in_a_page_exist(page: Path) -> None:
    assert problems(page.read_text()) == []
    assert dead_links(page) == []


def test_a_name_that_leads_nowhere_is_found() -> None:
    text = "`find_stack` in `settrace.c`, `Sources/CTraceHook/gone.c`, `gone.swift`, `addWriters`"
    assert problems(text) == [
        "no `find_stack` in the code",
        "no file `Sources/CTraceHook/gone.c`",
        "no file `gone.swift`",
        "no `addWriters` in the code",
        "no `find_stack` in `settrace.c`",
    ]


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[here](page.md#top), [gone](gone.md), [away](https://swift.org)\n")
    assert dead_links(page) == ["gone.md"]
