"""Counts sentences that break the prose rules of CONTRIBUTING.md; the status is 1 if a count rises.

Checks comments, docstrings, messages and Markdown pages, and the width of code. The ceiling of each
file is in prose_ceiling.json: it may only fall, and a file that is not listed must have no finding.

    check_prose.py                  compare with the ceiling
    check_prose.py --list [PATH…]   print every finding, in all files or under the paths
    check_prose.py --summary        print a table of counts
    check_prose.py --fix-ceiling    lower the ceiling to the counts found
    check_prose.py --wrap PATH…     wrap paragraphs of comments that have a line over 100 columns
"""

import ast
import io
import json
import re
import sys
import textwrap
import tokenize
from collections import Counter
from pathlib import Path
from typing import Iterator, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CEILING = Path("scripts/prose_ceiling.json")

FOLDERS = [
    *["Sources", "Tests", "Fuzzing", "Benchmarks", "examples", "python", "scripts"],
    *["docs", ".ci", ".github"],
]
KINDS = {
    **dict.fromkeys([".swift"], "Swift"),
    **dict.fromkeys([".c", ".h", ".modulemap"], "C"),
    **dict.fromkeys([".py", ".pyi"], "Python"),
    **dict.fromkeys([".md"], "Markdown"),
    **dict.fromkeys([".sh", ".toml", ".cfg", ".yml", ".in"], "configuration"),
}
BY_NAME = {"Makefile": "configuration", "run": "configuration"}
# Generated: .build by SwiftPM, the tables of these pages by `make`.
SKIPPED_FOLDERS = {".build", "__pycache__", "build"}
GENERATED_TABLES = {"docs/benchmarks.md", "docs/no-harm.md"}
# They contain bad sentences on purpose.
EXEMPT = {"python/tests/test_prose.py", "scripts/check_prose.py"}

WIDTH = 100

MISSING = r"(?:said|given|told|named|asked|specified)"
RULES = {
    # A question may begin with such a word.
    "opening": re.compile(r"^(?:What|Where|Of|Has|Which|Who|Whose|Whom)\b(?!.*\?$)"),
    "same": re.compile(r"^The same\b"),
    "where": re.compile(
        r"\b(?:nil|NULL|None|null|true|false|zero|empty|nothing|none|0|-1)[`'\"]?,? where\b"
        r"|\bwhere (?:there (?:is|are) (?:none|no|nothing|one)\b|it (?:is|can|does|has) no"
        r"|none\b|nothing\b|no\b|not\b)"
    ),
    "default": re.compile(
        rf"\b(?:if|where|when) (?:nothing|none|no \w+|it is not) (?:is |was )?{MISSING}\b"
        rf"|\bunless (?:{MISSING} otherwise|otherwise {MISSING}|something else is {MISSING})\b"
    ),
    "phrase": re.compile(
        r"\b(?:"
        r"as foretold|foretold|foretells?"
        r"|told apart|tells? (?:it|them) apart"
        r"|as usual|what is not"
        r"|says? so|(?<!nothing )is said|(?:swifttrace|it) says"
        r"|(?:is|are|was|were) (?:told|asked)|asked again"
        r"|stands? (?:in|at|for what|behind|before|beside|there)"
        r"|given up|gives? up|quick handlers?"
        r"|what becomes of|takes? the place of|brings? about|sees? to it"
        r")\b"
        r"|(?<!there )(?<!There )\bis no (?!longer\b|more\b|less\b|worse\b|slower\b|faster\b)\w+"
    ),
}
# The rules for messages and help texts; the other rules are for sentences that programmers read.
RULES_OF_STRINGS = ["default", "phrase"]
CATEGORIES = [*RULES, "width"]

COMMENT_OR_STRING = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<string> (?P<hashes>\#*)(?P<quote>\"{3}|\")(?:\\.|(?!(?P=quote)(?P=hashes)).)*(?P=quote)
      (?P=hashes) )
    | (?P<character> '(?:\\.|[^'\\\n])+' )
    """,
    re.DOTALL | re.VERBOSE,
)
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')*_]*\s+(?=[\"'(*_`]*[A-Z])")
# The start of an item, a heading, a quotation, or a field of a doc comment.
ITEM = re.compile(
    r"^(?:[-*+>]\s+|\d+\.\s+|#+\s+)*(?:(?:Parameters?|Returns|Throws|Raises|Note)\b[^:]{0,40}:\s+)?"
)
# An argument, an attribute or an exception in a docstring's section.
ARGUMENT = re.compile(r"^( {4,})\*{0,2}[\w.]+(?:, \*{0,2}[\w.]+)*: ")


class Finding(NamedTuple):
    path: str
    line: int
    category: str
    text: str


class Piece(NamedTuple):
    """Consecutive lines of prose: a paragraph, an item or a message."""

    line: int
    text: str
    is_string: bool = False


Counts = dict[str, dict[str, int]]


def kind_of(path: Path) -> "str | None":
    return KINDS.get(path.suffix) or BY_NAME.get(path.name)


def paragraphs(first: int, lines: "list[str]") -> "Iterator[Piece]":
    """The paragraphs and items of a comment or a page, each joined to one line."""
    words: list[str] = []
    start = first
    for number, line in enumerate([*lines, ""], first):
        stripped = line.strip()
        item = ITEM.match(stripped)
        if words and (not stripped or (item and item.end())):
            yield Piece(start, " ".join(words))
            words = []
        if stripped:
            if not words:
                start = number
            words.append(stripped[item.end() if item else 0 :])


def pieces_of_c(text: str) -> "Iterator[Piece]":
    """Comments and strings of Swift and C."""
    block: list[str] = []
    first = last = 0
    for match in COMMENT_OR_STRING.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["string"]:
            yield Piece(line, match["string"].strip('#"'), is_string=True)
        if not match["comment"]:
            continue
        parts = match["comment"].removesuffix("*/").split("\n")
        lines = [re.sub(r"^\s*(?:///?<?|/\*+|\*)", "", part) for part in parts]
        alone = not text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
        if block and (line != last + 1 or not alone):
            yield from paragraphs(first, block)
            block = []
        if not block:
            first = line
        block += lines
        last = line + len(lines) - 1
    yield from paragraphs(first, block)


def pieces_of_python(text: str) -> "Iterator[Piece]":
    """Comments, docstrings and other strings of Python."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = set()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            statement = node.body[0]
            assert isinstance(statement, ast.Expr)
            docstrings.add(statement.value)
            value = statement.value
            assert isinstance(value, ast.Constant)
            lines = [ARGUMENT.sub(r"\1- ", line) for line in str(value.value).split("\n")]
            yield from paragraphs(value.lineno, lines)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in docstrings and type(node.value) is str:
            yield Piece(node.lineno, node.value, is_string=True)
    yield from pieces_of_hashes(text, tokens=True)


def pieces_of_hashes(text: str, tokens: bool = False) -> "Iterator[Piece]":
    """Comments that begin with a hash sign."""
    comments: list[tuple[int, str]] = []
    if tokens:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                comments.append((token.start[0], token.string))
    else:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip().startswith(("#", "@#")):
                comments.append((number, line.strip().lstrip("@")))
    block: list[str] = []
    last = 0
    for number, comment in comments:
        if block and number != last + 1:
            yield from paragraphs(last - len(block) + 1, block)
            block = []
        block.append(comment.lstrip("#"))
        last = number
    yield from paragraphs(last - len(block) + 1, block)


def pieces_of_markdown(text: str, tables: bool) -> "Iterator[Piece]":
    """Paragraphs, headings, items and cells, without code and HTML."""
    text = re.sub(r"<!--.*?-->", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)
    fence = ""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        marker = re.match(r"\s*(`{3,}|~{3,})", line)
        if marker and (not fence or marker[1].startswith(fence)):
            fence = "" if fence else marker[1]
            line = ""
        elif fence:
            line = ""
        row = line.lstrip().startswith("|")
        if row or line.startswith("#") or not line.strip():
            yield from paragraphs(number - len(block), block)
            block = []
        if row and tables:
            for cell in re.split(r"(?<!\\)\|", line):
                yield from paragraphs(number, [cell])
        elif line.startswith("#"):
            yield from paragraphs(number, [line])
        elif line.strip() and not row:
            block.append(re.sub(r"\]\([^)]*\)", "]", line))


def sentences(text: str) -> "list[str]":
    # A code span of several words is not prose; a single word, such as `nil`, can be a part of it.
    text = re.sub(
        r"(`+)(.+?)\1", lambda span: "`code`" if re.search(r"\s", span[2]) else span[0], text
    )
    return [part.strip("\"'(*_[ ") for part in SENTENCE_END.split(text)]


def findings(path: str, text: str) -> "list[Finding]":
    """All findings in a file with this path and text."""
    found: list[Finding] = []
    kind = kind_of(Path(path))
    if kind == "Python":
        pieces = pieces_of_python(text)
    elif kind == "Markdown":
        pieces = pieces_of_markdown(text, tables=path not in GENERATED_TABLES)
    elif kind == "configuration":
        pieces = pieces_of_hashes(text)
    else:
        pieces = pieces_of_c(text)
    # Strings of tested programs are not checked.
    is_message = path.startswith(("Sources/", "python/swifttrace/", "scripts/"))
    for piece in pieces:
        if piece.is_string and not is_message:
            continue
        for sentence in sentences(piece.text):
            for category in RULES_OF_STRINGS if piece.is_string else RULES:
                if category == "default" and "default" in sentence:
                    continue
                if RULES[category].search(sentence):
                    found.append(Finding(path, piece.line, category, sentence))
    if kind != "Markdown":
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > WIDTH:
                found.append(Finding(path, number, "width", line.strip()))
    return sorted(found, key=lambda finding: finding.line)


def files(root: Path) -> "Iterator[Path]":
    """All files with prose in them, by their paths from the root."""
    yield from (file.relative_to(root) for file in root.iterdir() if file.is_file())
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            path = file.relative_to(root)
            if not SKIPPED_FOLDERS & set(path.parts) and file.is_file():
                yield path


def all_findings(root: Path) -> "list[Finding]":
    return [
        finding
        for path in sorted(files(root))
        if kind_of(path) and path.as_posix() not in EXEMPT
        for finding in findings(path.as_posix(), (root / path).read_text())
    ]


def count(found: "list[Finding]") -> Counts:
    counts: Counts = {}
    for finding in found:
        of_file = counts.setdefault(finding.path, {})
        of_file[finding.category] = of_file.get(finding.category, 0) + 1
    return counts


def excess(counts: Counts, ceiling: Counts) -> "list[tuple[str, str]]":
    """The files and categories whose count is above the ceiling."""
    return [
        (path, category)
        for path, of_file in counts.items()
        for category, number in of_file.items()
        if number > ceiling.get(path, {}).get(category, 0)
    ]


def lowered(counts: Counts, ceiling: Counts, root: Path) -> Counts:
    """A new ceiling, nowhere higher. A new file may use the counts of files that were removed."""
    result: Counts = {}
    spare = Counter[str]()
    for path, of_file in ceiling.items():
        if not (root / path).exists():
            spare.update(of_file)
    for path, of_file in counts.items():
        allowed = dict(ceiling.get(path, {}))
        if path not in ceiling:
            for category, number in of_file.items():
                allowed[category] = min(number, spare[category])
                spare[category] -= allowed[category]
        numbers = {name: min(n, allowed.get(name, 0)) for name, n in of_file.items()}
        if any(numbers.values()):
            result[path] = {name: n for name, n in sorted(numbers.items()) if n}
    return dict(sorted(result.items()))


def summary(found: "list[Finding]") -> "Iterator[str]":
    counts = Counter((str(kind_of(Path(it.path))), it.category) for it in found)
    yield "kind           " + "".join(f"{name:>9}" for name in CATEGORIES)
    for kind in dict.fromkeys([*KINDS.values()]):
        yield f"{kind:15}" + "".join(f"{counts[kind, name]:9}" for name in CATEGORIES)
    totals = Counter(it.category for it in found)
    yield f"{'total':15}" + "".join(f"{totals[name]:9}" for name in CATEGORIES)


COMMENT_LINE = re.compile(r"^(\s*@?(?:///|//|#))( .*)?$")


def wrapped(text: str) -> str:
    """Returns the text with long paragraphs of comments wrapped; code and other lines stay."""
    result: list[str] = []
    paragraph: list[str] = []

    def end_paragraph() -> None:
        if any(len(line) > WIDTH for line in paragraph):
            first = COMMENT_LINE.match(paragraph[0])
            assert first is not None and first[2] is not None
            item = re.match(r"\s+(?:[-*]\s+|\d+\.\s+)?", first[2])
            assert item is not None
            words = " ".join(line[len(first[1]) :].strip() for line in paragraph)
            # Code spans stay on one line.
            words = re.sub("`[^`]+`", lambda span: span[0].replace(" ", "\0"), words)
            result.extend(
                line.replace("\0", " ")
                for line in textwrap.wrap(
                    words.removeprefix(item[0].strip()).strip(),
                    WIDTH,
                    initial_indent=first[1] + item[0],
                    subsequent_indent=first[1] + " " * len(item[0]),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )
        else:
            result.extend(paragraph)
        paragraph.clear()

    prefix, is_fenced = "", False
    for line in text.split("\n"):
        match = COMMENT_LINE.match(line)
        content = (match[2] or "").strip() if match else ""
        is_fence = content.startswith("```")
        is_code = is_fence or is_fenced or bool(match and (match[2] or "").startswith("     "))
        if not match or not content or is_code:
            end_paragraph()
            result.append(line)
            is_fenced = match is not None and is_fenced != is_fence
            continue
        if match[1] != prefix or re.match(r"(?:[-*]|\d+\.)\s", content):
            end_paragraph()
        prefix = match[1]
        paragraph.append(line)
    end_paragraph()
    return "\n".join(result)


def main(arguments: "list[str]", root: Path = ROOT) -> int:
    command, *paths = arguments or ["--check"]
    if command == "--wrap":
        for path in paths:
            (root / path).write_text(wrapped((root / path).read_text()))
        return 0
    found = all_findings(root)
    file = root / CEILING
    ceiling: Counts = json.loads(file.read_text()) if file.exists() else {}
    if command == "--list":
        for finding in found:
            if not paths or finding.path.startswith(tuple(paths)):
                print(f"{finding.path}:{finding.line}: {finding.category}: {finding.text[:160]}")
        return 0
    if command == "--summary":
        print(*summary(found), sep="\n")
        return 0
    if command == "--fix-ceiling":
        ceiling = lowered(count(found), ceiling, root)
        lines = [f"  {json.dumps(path)}: {json.dumps(n)}" for path, n in ceiling.items()]
        file.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    elif command != "--check":
        print(
            f"unknown option {command}: use --list, --summary, --fix-ceiling or --wrap",
            file=sys.stderr,
        )
        return 2
    risen = excess(count(found), ceiling)
    for finding in found:
        if (finding.path, finding.category) in risen:
            print(f"{finding.path}:{finding.line}: {finding.category}: {finding.text[:160]}")
    for path, category in risen:
        limit = ceiling.get(path, {}).get(category, 0)
        now = count(found)[path][category]
        print(f"{path}: {now} findings of '{category}', at most {limit} allowed", file=sys.stderr)
    return 1 if risen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
