"""Facts that several places print, and names of files and functions in documents."""

import functools
import re
import sys
from pathlib import Path

import pytest
from running import run_python
from swifttrace import _swifttrace

TOP = Path(__file__).resolve().parents[2]
FOLDERS = ("docs", "Sources", "Tests", "python", "scripts", "Fuzzing", "Benchmarks", ".ci")


@pytest.mark.parametrize("command", [[], ["record"]], ids=["trace", "record"])
def test_help_says_what_auto_is_with_this_python(tmp_path: Path, command: list[str]) -> None:
    program = "import swifttrace._swifttrace as s\ndef f():\n    print(s.source())\nf()\n"
    (tmp_path / "program.py").write_text(program)
    options = [*command, "-o", "out"]
    source = run_python("-m", "swifttrace", *options, "program.py", cwd=tmp_path).stdout.strip()
    assert source == _swifttrace.auto_source
    assert (source == "monitoring") == (sys.version_info >= (3, 12))
    text = run_python("-m", "swifttrace", *command, "--help", cwd=tmp_path).stdout
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = {"monitoring": "sys.monitoring", "settrace": "PyEval_SetTrace"}[source]
    assert f"auto: with Python {version} {name}" in " ".join(text.split())


def documents() -> list[Path]:
    return sorted(
        [*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"), *TOP.glob("Sources/**/*.docc/*.md")]
    )


@functools.cache
def tracked() -> set[str]:
    """The paths of the tree's files and folders, without what builds leave there."""
    files = [path for name in FOLDERS for path in (TOP / name).rglob("*")]
    files += TOP.glob("*")
    return {str(path.relative_to(TOP)) for path in files if ".build" not in path.parts}


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(TOP)))
def test_files_and_functions_that_documents_name_are_there(document: Path) -> None:
    paths = tracked()
    names = {path.rsplit("/", 1)[-1] for path in paths}
    text = document.read_text()
    missing = []
    kinds = re.compile(r"_?[A-Za-z]\w*(\+\w+)?\.(swift|c|h)|_\w+\.py")
    folders = re.compile(r"(Sources|Tests|python|scripts|docs|Fuzzing|Benchmarks)/[\w/+.-]+")
    for word in re.findall(r"`([^`\n]+)`", text):
        known = (
            paths
            if folders.fullmatch(word)
            else names
            if kinds.fullmatch(word)
            else {word.rstrip("/")}
        )
        if word.rstrip("/") not in known:
            missing.append(word)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith(("doc:", "<")):
            path = (document.parent / target).resolve()
            if not path.exists():
                missing.append(target)
    # `name` (`file.c`), or `name` in `file.c`: the file has the name.
    pairs = re.findall(r"`(\w+)`\s+(?:in|\()\s*`?([\w+]+\.(?:c|h|swift|py))\b", text)
    for name, file in pairs:
        found = [TOP / path for path in paths if path.rsplit("/", 1)[-1] == file]
        if file.rsplit(".", 1)[1] in ("c", "h", "swift") and not any(
            re.search(rf"\b{name}\b", path.read_text()) for path in found
        ):
            missing.append(f"{name} in {file}")
    if "YieldLogger" in text:  # The example of CONTRIBUTING.
        missing = [name for name in missing if "YieldLogger" not in name]
    assert missing == []
