"""Builds the documentation site in build/docs: pages, Python API and Swift libraries.

Sphinx makes the pages and the Python API, by docs/site/conf.py. Each Swift module is one archive,
made by the toolchain's `docc` from the public symbols and the catalog in Sources; together they are
build/docs/swift. A broken link, a warning, or a public symbol without a sentence is an error.

    docs.py PYTHON_OF_SPHINX          build all
    docs.py PYTHON_OF_SPHINX pages    build without the Swift libraries

DOCS_BASE is the path of the site on its server (default: /), which only DocC needs to know.
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

# Those that users import, and the one whose types these show.
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
    # It asks for the modules of the tests too, but does not build them.
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
        # A list of parameters alone does not describe the symbol.
        if comment and not comment.startswith("- "):
            continue
        place = symbol["location"]
        path = place["uri"].removeprefix("file://").removeprefix(f"{toolchain.ROOT}/")
        name = ".".join(symbol["pathComponents"])
        lines.append(f"{path}:{place['position']['line'] + 1}: {name} has no documentation")
    return sorted(lines)


def convert(module: str, catalog: Path, graph: Path, archive: Path, base: str = "") -> None:
    """Makes the archive of a module; a warning of docc's is an error."""
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
        # Alone in its folder: docc reads all of them.
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
    # The saved environment is not used: a page that is not read again would not be checked again.
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
