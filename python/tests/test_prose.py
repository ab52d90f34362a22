"""The prose check of `make lint`: its rules, and its ceiling, which only falls."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_prose.py"


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_prose", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BAD = {
    "opening": "Counts lines. What is left is dropped.",
    "same": "Appends a value. The same without a check.",
    "where": "The line; nil where there is none.",
    "default": "Writes to standard error if nothing is said.",
    "phrase": "Predicted events are as foretold by the encoder.",
}


@pytest.mark.parametrize(("category", "sentence"), BAD.items())
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("a.swift", "struct A {\n  /// {}\n  let a: Int\n}\n"),
        ("a.h", "int a;  ///< {}\n"),
        ("a.c", "/* {} */\nint a;\n"),
        ("a.py", 'def a() -> None:\n    """{}"""\n'),
        ("b.py", "# {}\na = 1\n"),
        ("c.py", 'def a(b: int) -> None:\n    """Does it.\n\n    Args:\n        b: {}\n    """\n'),
        ("a.md", "# Title\n\n- {}\n"),
        ("b.md", "| a |\n| --- |\n| {} |\n"),
        ("Makefile", "# {}\nall:\n"),
    ],
)
def test_a_bad_sentence_is_found(
    check: ModuleType, path: str, form: str, category: str, sentence: str
) -> None:
    found = check.findings(path, form.replace("{}", sentence))
    assert [finding.category for finding in found] == [category]


def test_text_between_code_spans_is_checked(check: ModuleType) -> None:
    (finding,) = check.findings("a.md", "Returns `a`, as foretold by `b`, or `c d`.\n")
    assert finding.category == "phrase"
    assert check.findings("a.md", "Returns `a as foretold b`.\n") == []


def test_a_sentence_over_two_lines_is_found_at_its_paragraph(check: ModuleType) -> None:
    text = "// Counts lines. Returns nil\n// where there are none.\nlet a = 1\n"
    assert check.findings("a.swift", text) == [
        check.Finding("a.swift", 1, "where", "Returns nil where there are none.")
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.swift", '/// The line, or `nil` if there is none.\nlet what = "What is it"\n'),
        ("a.py", '"""Counts lines (default: all)."""\n\nprint("Of course")\n'),
        ("a.md", "What is a frame? A call.\n\n```\nWhat is this\n```\n"),
        ("b.md", "Files are where the user puts them. [Link](What-is-this.md)\n"),
    ],
)
def test_good_sentences_and_code_are_left_alone(check: ModuleType, path: str, text: str) -> None:
    assert check.findings(path, text) == []


def test_messages_of_the_package_are_checked_for_phrases(check: ModuleType) -> None:
    text = "fail(\"'x' is no time; write seconds\")\n"
    found = check.findings("python/swifttrace/a.py", text)
    assert [finding.category for finding in found] == ["phrase"]
    assert check.findings("python/tests/a.py", text) == []


@pytest.mark.parametrize("path", ["a.swift", "a.c", "a.py"])
def test_lines_are_at_most_100_columns(check: ModuleType, path: str) -> None:
    comment = "# " if path.endswith(".py") else "// "
    assert check.findings(path, comment + "x" * (100 - len(comment)) + "\n") == []
    (finding,) = check.findings(path, comment + "x" * (101 - len(comment)) + "\n")
    assert (finding.line, finding.category) == (1, "width")


def test_long_paragraphs_are_wrapped_and_code_stays(check: ModuleType) -> None:
    long = "word " * 30 + "end."
    text = f"""\
/// Returns a value. {long}
///
/// - Parameter a: {long}
/// - Parameter b: short.
///
/// ```swift
/// let a = "{long}"
/// ```
  // Short
  // lines stay.
let b = "{long}"
"""
    expected = f"""\
/// Returns a value. {"word " * 15}word
/// {"word " * 13}word end.
///
/// - Parameter a: {"word " * 15}word
///   {"word " * 13}word end.
/// - Parameter b: short.
///
/// ```swift
/// let a = "{long}"
/// ```
  // Short
  // lines stay.
let b = "{long}"
"""
    assert check.wrapped(text) == expected
    assert check.wrapped(expected) == expected


# The ratchet


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with one bad sentence, which the ceiling allows."""
    for folder in ["docs", "scripts"]:
        (tmp_path / folder).mkdir()
    (tmp_path / "docs" / "old.md").write_text("The same here.\n")
    set_ceiling(tmp_path, {"docs/old.md": {"same": 1}})
    return tmp_path


def set_ceiling(tree: Path, ceiling: dict[str, dict[str, int]]) -> None:
    (tree / "scripts" / "prose_ceiling.json").write_text(json.dumps(ceiling))


def ceiling(tree: Path) -> object:
    return json.loads((tree / "scripts" / "prose_ceiling.json").read_text())


def test_what_the_ceiling_allows_passes(check: ModuleType, tree: Path) -> None:
    assert check.main([], tree) == 0


def test_one_more_in_a_listed_file_fails(
    check: ModuleType, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "docs" / "old.md").write_text("The same here.\n\nThe same there.\n")
    assert check.main([], tree) == 1
    output = capsys.readouterr()
    assert "docs/old.md:3: same: The same there." in output.out
    assert output.err == "docs/old.md: 2 findings of 'same', at most 1 allowed\n"


def test_a_file_that_is_not_listed_must_have_none(check: ModuleType, tree: Path) -> None:
    (tree / "docs" / "new.md").write_text("The same here.\n")
    assert check.main([], tree) == 1
    assert check.main(["--fix-ceiling"], tree) == 1
    assert ceiling(tree) == {"docs/old.md": {"same": 1}}


def test_the_ceiling_is_lowered(check: ModuleType, tree: Path) -> None:
    set_ceiling(tree, {"docs/old.md": {"same": 3, "where": 1}})
    assert check.main(["--fix-ceiling"], tree) == 0
    assert ceiling(tree) == {"docs/old.md": {"same": 1}}


def test_a_file_that_is_moved_keeps_its_ceiling(check: ModuleType, tree: Path) -> None:
    (tree / "docs" / "old.md").rename(tree / "docs" / "new.md")
    assert check.main([], tree) == 1
    assert check.main(["--fix-ceiling"], tree) == 0
    assert ceiling(tree) == {"docs/new.md": {"same": 1}}
