"""Includes between C files of the hook have no cycles, and go to the same or lower folders only.

A source of events depends on sessions; a session uses its source only through `source.h`.
"""

import re
from pathlib import Path

HOOK = Path(__file__).resolve().parents[2] / "Sources" / "CTraceHook"

# A file may include headers of its own folder and of those before it.
FOLDERS = ["include", "inspect", "session", "sources", "module"]

INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)

Graph = dict[str, list[str]]


def graph() -> Graph:
    """The files of the hook, with the files that each includes."""
    files = {path.relative_to(HOOK).as_posix(): path for path in sorted(HOOK.rglob("*.[ch]"))}
    public = {path.name: name for name, path in files.items() if name.startswith("include/")}
    return {
        name: [
            public.get(found, found)
            for found in INCLUDE.findall(path.read_text())
            if found != "CPlatform.h"
        ]
        for name, path in files.items()
    }


def circle(files: Graph) -> list[str]:
    """The files of a cycle, which ends with the first one; empty if there is none."""
    done: set[str] = set()

    def follow(path: list[str]) -> list[str]:
        for name in files[path[-1]]:
            if name in path:
                return [*path[path.index(name) :], name]
            if name not in done and (found := follow([*path, name])):
                return found
        done.add(path[-1])
        return []

    return next((found for name in files if name not in done and (found := follow([name]))), [])


def level(name: str) -> int:
    return FOLDERS.index(name.split("/")[0]) if "/" in name else 0


def upward(files: Graph) -> list[str]:
    """The includes from a file to a later folder of the list."""
    return [
        f"{name} includes {other}"
        for name, included in files.items()
        for other in included
        if level(other) > level(name) and "/" in name
    ]


def test_every_include_is_found() -> None:
    files = graph()
    assert len(files) > 40
    assert [other for included in files.values() for other in included if other not in files] == []


def test_headers_form_no_circle() -> None:
    assert circle(graph()) == []


def test_folders_form_no_circle() -> None:
    assert upward(graph()) == []


def test_a_circle_is_found() -> None:
    files = {"session/a.h": ["session/b.h"], "session/b.h": ["session/c.h"], "session/c.h": []}
    assert circle(files) == []
    files["session/c.h"] = ["session/b.h"]
    assert circle(files) == ["session/b.h", "session/c.h", "session/b.h"]
    assert upward({"session/a.c": ["inspect/b.h", "sources/c.h", "compat.h"]}) == [
        "session/a.c includes sources/c.h"
    ]
