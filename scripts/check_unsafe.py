"""Finds the keyword `unsafe` outside the folders called Boundary; the status is 1 if there is one.

The compiler proves that code without the keyword is memory safe. This check proves where it stands.
"""

import re
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "Sources"

COMMENT_OR_STRING = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<string> (?P<hashes>\#*)(?P<quote>\"{3}|\")(?:\\.|(?!(?P=quote)(?P=hashes)).)*(?P=quote) )
    """,
    re.DOTALL | re.VERBOSE,
)


def code(text: str) -> str:
    """The text without comments and strings; lines stay where they are."""

    def blank(match: "re.Match[str]") -> str:
        # Interpolations are code, so a string is kept from its first interpolation on.
        found = match["string"] and re.search(r"\\#*\(", match["string"])
        start = found.start() if found else len(match[0])
        return re.sub(r"[^\n]", " ", match[0][:start]) + match[0][start:]

    return COMMENT_OR_STRING.sub(blank, text)


def main() -> int:
    status = 0
    for file in sorted(SOURCES.rglob("*.swift")):
        if "Boundary" in file.relative_to(SOURCES).parts[:-1]:
            continue
        for number, line in enumerate(code(file.read_text()).splitlines(), 1):
            if re.search(r"\bunsafe\b", line):
                print(f"{file.relative_to(SOURCES.parent)}:{number}: unsafe outside Boundary/")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
