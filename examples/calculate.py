"""Works out the formulas on its command line: `calculate.py 'x = 2 + 3' 'x * x'`."""

import sys

from calculator import answer


def main(lines: list[str]) -> None:
    """Print each formula and its value."""
    names: dict[str, int] = {}
    for line in lines:
        print(f"{line}  ->  {answer(line, names)}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["x = 2 + 3", "x * (x - 1)", "x / 0"])
