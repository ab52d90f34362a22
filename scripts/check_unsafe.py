"""Checks where and how often the keyword `unsafe` occurs; exits with 1 if there is a problem.

The compiler proves that code without the keyword is memory safe. This check finds the keyword
outside folders called Boundary, and limits the boundary of the targets in unsafe_ceiling.json:

- `share`: lines of files in Boundary/, in percent of the target's lines;
- `count`: occurrences of the keyword in the target's code;
- `outside`: lines with the keyword outside Boundary/ (default: 0).

The limits may only fall. `--fix-ceiling` lowers them to the current numbers.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources"
CEILING = ROOT / "scripts" / "unsafe_ceiling.json"
KEYWORD = re.compile(r"\bunsafe\b")

COMMENT_OR_STRING = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<string> (?P<hashes>\#*)(?P<quote>\"{3}|\")(?:\\.|(?!(?P=quote)(?P=hashes)).)*(?P=quote) )
    """,
    re.DOTALL | re.VERBOSE,
)


def code(text: str) -> str:
    """Returns the text without comments and strings, with line numbers unchanged."""

    def blank(match: "re.Match[str]") -> str:
        # Interpolations are code, so keep a string from its first interpolation on.
        found = match["string"] and re.search(r"\\#*\(", match["string"])
        start = found.start() if found else len(match[0])
        return re.sub(r"[^\n]", " ", match[0][:start]) + match[0][start:]

    return COMMENT_OR_STRING.sub(blank, text)


def share(target: Path) -> float:
    """Returns the percentage of a target's lines that are in Boundary/."""
    lines = {file: file.read_text().count("\n") for file in target.rglob("*.swift")}
    inside = sum(n for file, n in lines.items() if is_boundary(file))
    return round(100 * inside / max(1, sum(lines.values())), 1)


def count(target: Path) -> int:
    """Returns the number of occurrences of `unsafe` in a target's code."""
    return sum(len(KEYWORD.findall(code(file.read_text()))) for file in target.rglob("*.swift"))


def is_boundary(file: Path) -> bool:
    return "Boundary" in file.relative_to(SOURCES).parts[:-1]


def strays(target: Path) -> "list[str]":
    """Returns the locations of the keyword outside Boundary/."""
    return [
        f"{file.relative_to(ROOT)}:{number}: unsafe outside Boundary/"
        for file in sorted(target.rglob("*.swift"))
        if not is_boundary(file)
        for number, line in enumerate(code(file.read_text()).splitlines(), 1)
        if KEYWORD.search(line)
    ]


def main(arguments: "list[str]") -> int:
    ceiling = json.loads(CEILING.read_text()) if CEILING.exists() else {}
    problems = []
    for target in sorted(SOURCES.iterdir()):
        limits = ceiling.get(target.name, {})
        outside = strays(target)
        if len(outside) > limits.get("outside", 0):
            problems += outside
        now = {"share": share(target), "count": count(target), "outside": len(outside)}
        for what, limit in limits.items():
            if now[what] > limit:
                problems.append(f"{target.name}: {what} of unsafe: {now[what]}, at most {limit}")
            limits[what] = min(limit, now[what])
    print(*problems, sep="\n", end="\n" if problems else "")
    if arguments == ["--fix-ceiling"]:
        CEILING.write_text(json.dumps(ceiling, indent=2) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
