"""Builds the documentation of the Swift libraries: build/docs/swifttrace.doccarchive.

Each module is one archive, made by the toolchain's `docc` of its public symbols and of its catalog
in Sources; together they are one more. A link that leads nowhere, and a public symbol without a
sentence about it, is an error.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import interpreter
import toolchain

# Those that users import, and the one whose types these show.
MODULES = ["SwiftTrace", "PythonHost", "TraceReading", "TraceFormat"]
DOCS = toolchain.ROOT / "build" / "docs"


def run(*command: object) -> str:
    """The output of a command; it is shown, and that is all, where the command fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        interpreter.fail(f"`{Path(words[0]).name}` failed; its messages are above")
    return done.stdout


def symbol_graphs() -> Path:
    """The folder in which SwiftPM writes what is known of the modules' symbols."""
    swift = [sys.executable, toolchain.ROOT / "scripts" / "swift.py"]
    # It asks for the modules of the tests too, but does not build them.
    run(*swift, "build", "--build-tests")
    answer = run(
        *[*swift, "package", "dump-symbol-graph"],
        *["--minimum-access-level", "public", "--skip-synthesized-members"],
    )
    return Path(answer.rpartition("Files written to ")[2].strip())


def undocumented(graph: Path) -> "list[str]":
    """A line for each symbol of a module that no sentence is about, with its place."""
    lines = []
    for symbol in json.loads(graph.read_text())["symbols"]:
        comment = symbol.get("docComment", {"lines": [{"text": ""}]})["lines"][0]["text"].strip()
        # A list of parameters alone does not say what they are for.
        if comment and not comment.startswith("- "):
            continue
        place = symbol["location"]
        path = place["uri"].removeprefix("file://").removeprefix(f"{toolchain.ROOT}/")
        name = ".".join(symbol["pathComponents"])
        lines.append(f"{path}:{place['position']['line'] + 1}: {name} has no documentation")
    return sorted(lines)


def convert(module: str, catalog: Path, graph: Path, archive: Path) -> None:
    """Makes the archive of a module; a warning of docc's is an error."""
    run(
        *[Path(toolchain.swift()).resolve().parent / "docc", "convert", catalog],
        *["--additional-symbol-graph-dir", graph.parent, "--output-dir", archive],
        *["--fallback-display-name", module, "--fallback-bundle-identifier", module],
        *["--fallback-default-module-kind", "Library", "--warnings-as-errors"],
    )


def main() -> None:
    interpreter.check()
    graphs = symbol_graphs()
    shutil.rmtree(DOCS, ignore_errors=True)
    missing: list[str] = []
    archives = [DOCS / f"{module}.doccarchive" for module in MODULES]
    for module, archive in zip(MODULES, archives, strict=True):
        # Alone in its folder: docc reads all of them.
        graph = DOCS / "symbols" / module / f"{module}.symbols.json"
        graph.parent.mkdir(parents=True)
        shutil.copy(graphs / graph.name, graph)
        missing += undocumented(graph)
        convert(module, toolchain.ROOT / "Sources" / module / f"{module}.docc", graph, archive)
    if missing:
        print(*missing, sep="\n", file=sys.stderr)
        interpreter.fail(f"{len(missing)} public symbols have no documentation")
    whole = DOCS / "swifttrace.doccarchive"
    run(
        *[Path(toolchain.swift()).resolve().parent / "docc", "merge", *archives],
        *["--synthesized-landing-page-name", "swifttrace", "--output-path", whole],
    )
    print(whole)


if __name__ == "__main__":
    main()
