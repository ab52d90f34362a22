"""Errors that `make docs` finds in the documentation of the Swift libraries."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def graph_of(folder: Path, **comments: str | None) -> Path:
    """The symbol graph of a module with functions that have these comments."""
    symbols = [
        {
            "accessLevel": "public",
            "declarationFragments": [{"kind": "identifier", "spelling": name}],
            "identifier": {"interfaceLanguage": "swift", "precise": f"s:{name}"},
            "kind": {"displayName": "Function", "identifier": "swift.func"},
            "location": {"position": {"character": 0, "line": line}, "uri": "file:///Some.swift"},
            "names": {"title": name},
            "pathComponents": [name],
            **({} if text is None else {"docComment": {"lines": [{"text": text}]}}),
        }
        for line, (name, text) in enumerate(comments.items())
    ]
    version = {"major": 0, "minor": 6, "patch": 0}
    graph = {
        "metadata": {"formatVersion": version, "generator": "a test"},
        "module": {"name": "Some", "platform": {}},
        "symbols": symbols,
        "relationships": [],
    }
    file = folder / "symbols" / "Some.symbols.json"
    file.parent.mkdir()
    file.write_text(json.dumps(graph))
    return file


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs code that uses `docs` in a new process, so that other tests do not see that module."""
    start = (
        f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); from pathlib import Path; import docs"
    )
    words = [sys.executable, "-c", f"{start}; {code}", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_symbol_that_no_sentence_is_about_is_told(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, told="Says so.", bare=None, empty=" ", listed="- Parameter a: b.")
    done = run("print(*docs.undocumented(Path(sys.argv[1])), sep='\\n')", graph)
    assert done.stdout.splitlines() == [
        f"/Some.swift:{line}: {name} has no documentation"
        for line, name in [(2, "bare"), (3, "empty"), (4, "listed")]
    ], done.stderr


def converted(folder: Path, link: str) -> subprocess.CompletedProcess[str]:
    """Builds the archive of a module with one function and a page with a link."""
    catalog = folder / "Some.docc"
    catalog.mkdir()
    (catalog / "Some.md").write_text(f"# ``Some``\n\nSee ``{link}``.\n")
    graph = graph_of(folder, there="Is there.")
    code = "docs.convert('Some', *map(Path, sys.argv[1:]))"
    return run(code, catalog, graph, folder / "Some.doccarchive")


def test_a_link_leads_somewhere(tmp_path: Path) -> None:
    done = converted(tmp_path, "there")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "Some.doccarchive" / "documentation" / "some" / "there").is_dir()


def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    done = converted(tmp_path, "elsewhere")
    assert done.returncode == 1
    assert "'elsewhere' doesn't exist at '/Some'" in done.stderr
    assert done.stderr.splitlines()[-1] == ("swifttrace: `docc` failed; its messages are above")
