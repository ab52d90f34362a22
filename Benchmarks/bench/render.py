"""Writes the tables and plots of docs/benchmarks.md from the results of one or more Pythons.

    python -m bench.render RESULT.json... PAGE.md

In the page a table stands between `<!-- bench: NAME -->` and `<!-- bench end -->`; what is outside
stays as it is. A column of a Python without a result stays, too. The plots go to a folder beside
the page that has its name. They show results alone, so they are drawn only if no column is kept.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from .figures import Result
from .tables import TABLES, table

PLACE = re.compile(r"(<!-- bench: (\S+) -->\n)(.*?)(<!-- bench end -->)", re.DOTALL)
VERSION = re.compile(r"\d+\.\d+\.\d+")


class Refused(Exception):
    """The arguments cannot be used; the message is one line."""


def load(paths: list[Path]) -> list[Result]:
    """Read results, the oldest Python first.

    Raises:
        Refused: A file cannot be read, or is not a result.
    """
    results = []
    for path in paths:
        try:
            result = json.loads(path.read_text())
            result["python"], result["runs"], result["whole"], result["versions"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Refused(f"{path.name} is no result of `make bench`: {error}") from None
        results.append(result)
    return sorted(results, key=lambda result: order(result["python"]))


def order(python: str) -> list[int]:
    """Return the numbers of a version, as a sort key."""
    return [int(number) for number in python.split(".")]


def parse(text: str) -> tuple[list[str], dict[tuple[str, ...], dict[str, str]]]:
    """Return the headings of a table that are not versions, and its cells by row and version."""
    lines = [line.strip("|").split(" | ") for line in text.strip().splitlines()]
    rows = [[cell.strip() for cell in line] for line in lines]
    heads = rows[0] if rows else []
    left = [head for head in heads if not VERSION.fullmatch(head)]
    cells = {
        tuple(row[: len(left)]): dict(zip(heads[len(left) :], row[len(left) :], strict=True))
        for row in rows[2:]
    }
    return left, cells


def kept(page: str, results: list[Result]) -> list[str]:
    """Return the Pythons that have a column in the page, but no result."""
    known = {result["python"] for result in results}
    found = {
        version
        for place in PLACE.finditer(page)
        for version in VERSION.findall(place[3].partition("\n")[0])
    }
    return sorted(found - known, key=order)


def merge(old: str, new: str) -> str:
    """Return the new table, with added columns of the old one that it lacks."""
    left, cells = parse(new)
    _, before = parse(old)
    rows = {key: {**before.get(key, {}), **cells.get(key, {})} for key in [*before, *cells]}
    versions = sorted({version for row in rows.values() for version in row}, key=order)
    lines = [[*key, *(row.get(version, "-") for version in versions)] for key, row in rows.items()]
    rule = new.splitlines()[1].split(" | ")
    return table(
        [*left, *versions], lines, sum(not cell.strip("| ").endswith(":") for cell in rule)
    )


def fill(page: str, results: list[Result]) -> str:
    """Return the page with new tables.

    Raises:
        Refused: The page has a place for an unknown table, or no place for tables.
    """

    def put(place: re.Match[str]) -> str:
        if place[2] not in TABLES:
            raise Refused(f"there is no table {place[2]!r}; there are {', '.join(TABLES)}")
        return f"{place[1]}{merge(place[3], TABLES[place[2]](results))}\n{place[4]}"

    filled, number = PLACE.subn(put, page)
    if not number:
        raise Refused("the page has no place for a table: <!-- bench: NAME -->")
    return filled


def main() -> None:
    """Write the page. Unusable arguments print one line, with exit status 2."""
    try:
        write()
    except Refused as error:
        print(f"bench: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def write() -> None:
    """Write the tables and the plots."""
    parser = argparse.ArgumentParser(prog="bench.render", description=__doc__)
    parser.add_argument("results", type=Path, nargs="+", metavar="RESULT.json")
    parser.add_argument("page", type=Path, metavar="PAGE.md")
    options = parser.parse_args()
    results = load(options.results)
    page = options.page.read_text()
    options.page.write_text(fill(page, results))
    if versions := kept(page, results):
        print(f"no plots: there is no result of Python {', '.join(versions)}, whose columns stay")
        return
    from . import plots  # Imports matplotlib, which tables do not need.

    folder = options.page.with_suffix("")
    plots.ratios(results, folder / "ratios.svg")
    if any("growth" in result for result in results):
        plots.growth(results, folder / "growth.svg")


if __name__ == "__main__":
    main()
