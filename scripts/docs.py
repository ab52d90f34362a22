"""Builds the documentation site in build/docs: pages, Python API and Swift libraries.

Sphinx builds the pages and the Python API, configured by docs/site/conf.py. The toolchain's `docc`
builds an archive for each Swift module, from its public symbols and its catalog in Sources; the
merged archives are build/docs/swift. A broken link, a warning, or an undocumented public symbol is
an error.

    docs.py PYTHON_OF_SPHINX          build all
    docs.py PYTHON_OF_SPHINX pages    build without the Swift libraries

DOCS_BASE is the path of the site on its server (default: /). Only DocC needs it.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import interpreter
import toolchain

# Modules that users import, and TraceFormat, whose types occur in their APIs.
MODULES = ["SwiftTrace", "PythonHost", "TraceReading", "TraceReplay", "TraceFormat"]
DOCS = toolchain.ROOT / "build" / "docs"
# Kept between builds, outside of the site.
WORK = toolchain.ROOT / "build" / "docs-work"


def run(*command: object) -> str:
    """Returns the output of a command. If the command fails, prints the output and exits."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        interpreter.fail(f"`{Path(words[0]).name}` failed; its messages are above")
    return done.stdout


def symbol_graphs() -> Path:
    """Returns the folder in which SwiftPM writes the symbol graphs of the modules."""
    swift = [sys.executable, toolchain.ROOT / "scripts" / "swift.py"]
    # SwiftPM also needs the modules of the tests for the graphs, but does not build them itself.
    run(*swift, "build", "--build-tests")
    answer = run(
        *[*swift, "package", "dump-symbol-graph"],
        *["--minimum-access-level", "public", "--skip-synthesized-members"],
    )
    return Path(answer.rpartition("Files written to ")[2].strip())


def undocumented(graph: Path) -> "list[str]":
    """Returns a line for each symbol of a module without documentation, with its location."""
    lines = []
    for symbol in json.loads(graph.read_text())["symbols"]:
        comment = symbol.get("docComment", {"lines": [{"text": ""}]})["lines"][0]["text"].strip()
        # A list of parameters does not describe the symbol.
        if comment and not comment.startswith("- "):
            continue
        place = symbol["location"]
        path = place["uri"].removeprefix("file://").removeprefix(f"{toolchain.ROOT}/")
        name = ".".join(symbol["pathComponents"])
        lines.append(f"{path}:{place['position']['line'] + 1}: {name} has no documentation")
    return sorted(lines)


def convert(module: str, catalog: Path, graph: Path, archive: Path, base: str = "") -> None:
    """Creates the archive of a module. A warning of docc is an error."""
    run(
        *[Path(toolchain.swift()).resolve().parent / "docc", "convert", catalog],
        *["--additional-symbol-graph-dir", graph.parent, "--output-dir", archive],
        *["--fallback-display-name", module, "--fallback-bundle-identifier", module],
        *["--fallback-default-module-kind", "Library", "--warnings-as-errors"],
        *(["--hosting-base-path", base] if base else []),
    )


def build_swift_reference() -> None:
    """Builds build/docs/swift, the merged archive of all modules."""
    graphs = symbol_graphs()
    shutil.rmtree(WORK / "swift", ignore_errors=True)
    missing: list[str] = []
    base = f"{os.environ.get('DOCS_BASE', '').strip('/')}/swift".strip("/")
    archives = [WORK / "swift" / f"{module}.doccarchive" for module in MODULES]
    for module, archive in zip(MODULES, archives, strict=True):
        # In a folder of its own, because docc reads all graphs of a folder.
        graph = WORK / "swift" / "symbols" / module / f"{module}.symbols.json"
        graph.parent.mkdir(parents=True)
        shutil.copy(graphs / graph.name, graph)
        missing += undocumented(graph)
        catalog = toolchain.ROOT / "Sources" / module / f"{module}.docc"
        convert(module, catalog, graph, archive, base)
    if missing:
        print(*missing, sep="\n", file=sys.stderr)
        interpreter.fail(f"{len(missing)} public symbols have no documentation")
    whole = WORK / "swift" / "swifttrace.doccarchive"
    run(
        *[Path(toolchain.swift()).resolve().parent / "docc", "merge", *archives],
        *["--synthesized-landing-page-name", "swifttrace", "--output-path", whole],
    )
    shutil.copytree(whole, DOCS / "swift")


def build_pages(sphinx_python: str) -> None:
    """Builds the pages and the Python API, from the installed package."""
    environment = {**os.environ, "SWIFTTRACE_PACKAGES": sysconfig.get_path("platlib")}
    # Without the saved environment, because Sphinx checks only pages that it reads again.
    options = ["--fresh-env", "--quiet", "--fail-on-warning", "--keep-going"]
    command = [
        *[sphinx_python, "-m", "sphinx", *options, "-c", str(toolchain.ROOT / "docs" / "site")],
        *["-d", str(WORK / "doctrees"), str(toolchain.ROOT), str(DOCS)],
    ]
    if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode:
        interpreter.fail("the pages have errors; they are listed above")
    shutil.copy(DOCS / "README.html", DOCS / "index.html")


def main() -> None:
    interpreter.check()
    sphinx_python, *words = sys.argv[1:]
    shutil.rmtree(DOCS, ignore_errors=True)
    build_pages(sphinx_python)
    if words != ["pages"]:
        build_swift_reference()
    print(DOCS / "index.html")


if __name__ == "__main__":
    main()
