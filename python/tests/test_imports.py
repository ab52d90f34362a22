"""The modules of the package import each other in one direction."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "swifttrace"
FILES = {
    ".".join([PACKAGE.name, *file.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(
        ".__init__"
    ): file
    for file in PACKAGE.rglob("*.py")
}
MODULES = {*FILES, "swifttrace._swifttrace"}


def statements(body: list[ast.stmt], is_whole: bool) -> Iterator[ast.stmt]:
    """The statements that run at import; if `is_whole`, also those in functions."""
    for statement in body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            yield from statements(statement.orelse, is_whole)
            continue
        yield statement
        if is_whole or not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for name in ("body", "orelse", "finalbody"):
                yield from statements(getattr(statement, name, []), is_whole)
            for handler in getattr(statement, "handlers", []):
                yield from statements(handler.body, is_whole)


def imports(name: str, source: str, is_whole: bool = False) -> set[str]:
    """The modules of the package that a module imports."""
    is_package = FILES.get(name, PACKAGE).name == "__init__.py"
    parts = name.split(".") if is_package else name.split(".")[:-1]
    found: set[str] = set()
    for statement in statements(ast.parse(source).body, is_whole):
        if isinstance(statement, ast.Import):
            found.update(alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            above = parts[: len(parts) - statement.level + 1] if statement.level else []
            origin = ".".join([*above, *filter(None, [statement.module])])
            for alias in statement.names:
                module = f"{origin}.{alias.name}"
                found.add(module if module in MODULES else origin)
    return found & MODULES


def circle(graph: dict[str, set[str]]) -> list[str] | None:
    """The modules of a cycle, which begins and ends with the same one; None if there is none."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        modules: list[str] = error.args[1]
        return modules
    return None


def test_no_module_imports_one_that_imports_it() -> None:
    graph = {name: imports(name, file.read_text()) for name, file in FILES.items()}
    assert len(graph) > 40 and graph["swifttrace"]
    assert circle(graph) is None


def test_a_circle_is_found() -> None:
    session, filters = "swifttrace._tracing.session", "swifttrace._tracing.filters"
    graph = {
        session: imports(session, "try:\n    from .filters import Filters\nfinally:\n    pass"),
        filters: imports(filters, "from . import session"),
    }
    assert set(circle(graph) or []) == {session, filters}


def test_imports_of_types_and_of_functions_are_no_circle() -> None:
    source = "if TYPE_CHECKING:\n    from . import a\ndef f():\n    from . import session"
    assert imports("swifttrace._tracing.filters", source) == set()
    assert imports("swifttrace._tracing.filters", source, is_whole=True) == {
        "swifttrace._tracing.session"
    }


@pytest.mark.parametrize(
    ("folder", "others"),
    [
        ("_reading", {"_cli", "_tracing"}),
        # A child reads its options from the recording of its parent.
        ("_tracing", {"_cli"}),
    ],
)
def test_sub_packages_import_in_one_direction(folder: str, others: set[str]) -> None:
    """Includes imports in functions."""
    for name, file in FILES.items():
        if name.startswith(f"swifttrace.{folder}"):
            used = {module.split(".")[1] for module in imports(name, file.read_text(), True)}
            assert not used & others, name
