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
    answer = run(
        *[sys.executable, toolchain.ROOT / "scripts" / "swift.py", "package", "dump-symbol-graph"],
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


def main() -> None:
    interpreter.check()
    docc = Path(toolchain.swift()).resolve().parent / "docc"
    graphs = symbol_graphs()
    shutil.rmtree(DOCS, ignore_errors=True)
    missing: list[str] = []
    for module in MODULES:
        # `NAME@OTHER.symbols.json` is about extensions of what belongs to another module.
        own = DOCS / "symbols" / module
        own.mkdir(parents=True)
        shutil.copy(graphs / f"{module}.symbols.json", own)
        missing += undocumented(own / f"{module}.symbols.json")
        run(
            *[docc, "convert", toolchain.ROOT / "Sources" / module / f"{module}.docc"],
            *["--additional-symbol-graph-dir", own, "--output-dir", DOCS / f"{module}.doccarchive"],
            *["--fallback-display-name", module, "--fallback-bundle-identifier", module],
            *["--fallback-default-module-kind", "Library", "--warnings-as-errors"],
        )
    if missing:
        print(*missing, sep="\n", file=sys.stderr)
        interpreter.fail(f"{len(missing)} public symbols have no documentation")
    run(
        *[docc, "merge", *(DOCS / f"{module}.doccarchive" for module in MODULES)],
        *["--synthesized-landing-page-name", "swifttrace"],
        *["--output-path", DOCS / "swifttrace.doccarchive"],
    )
    print(DOCS / "swifttrace.doccarchive")


if __name__ == "__main__":
    main()
