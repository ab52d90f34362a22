"""Writes the tables and plots of docs/benchmarks.md from the results of one or more Pythons.

    python -m bench.render RESULT.json... PAGE.md

In the page a table stands between `<!-- bench: NAME -->` and `<!-- bench end -->`; what is outside
stays as it is. The plots go to a folder beside the page that has its name.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from .figures import Result
from .tables import TABLES

PLACE = re.compile(r"(<!-- bench: (\S+) -->\n).*?(<!-- bench end -->)", re.DOTALL)


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
    return sorted(results, key=lambda result: [int(n) for n in result["python"].split(".")[:2]])


def fill(page: str, results: list[Result]) -> str:
    """Return the page with new tables.

    Raises:
        Refused: The page has a place for a table that there is not, or no place at all.
    """

    def put(place: re.Match[str]) -> str:
        if place[2] not in TABLES:
            raise Refused(f"there is no table {place[2]!r}; there are {', '.join(TABLES)}")
        return f"{place[1]}{TABLES[place[2]](results)}\n{place[3]}"

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
    from . import plots  # It needs matplotlib; the tables do not.

    options.page.write_text(fill(options.page.read_text(), results))
    folder = options.page.with_suffix("")
    plots.ratios(results, folder / "ratios.svg")
    if any("growth" in result for result in results):
        plots.growth(results, folder / "growth.svg")


if __name__ == "__main__":
    main()
