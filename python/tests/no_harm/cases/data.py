"""Traced data survives an abnormal end, and its growth is bounded."""

import re

from .case import Case, Outcome

WORK = """
import os, signal

def traced_work(n): return n

for n in range(2_000): traced_work(n)
"""


def leaves_a_trace(seen: Outcome, untraced: Outcome) -> str:
    return "" if "traced_work" in seen.text() else "nothing is left"


def is_short(seen: Outcome, untraced: Outcome) -> str:
    size = len(seen.text()) - len(untraced.text())
    return "" if size < 400_000 else f"writes {size / 1_000_000:.1f} MB"


def tells_kinds_apart(seen: Outcome, untraced: Outcome) -> str:
    """Checks that exceptions that leave a function, and yields, are not shown as returns."""
    text = seen.text()
    if re.search(r"(<=|eturn\w*)\W.*traced_fail\W.*None|traced_fail returned", text):
        return "an exception shown as `return None`"
    if re.search(r"(<=|eturn\w*)\W.*traced_numbers\W.*4141|traced_numbers returned 4141", text):
        return "a yield shown as a return"
    # A tree has no names at the ends of functions.
    if re.search(r"traced_fail\(\)\n *└|└ 4141", text):
        return "shown as returns"
    return ""


CASES = [
    Case(
        "`os._exit` after 2,000 calls: what is left",
        WORK + "os._exit(0)\n",
        check=leaves_a_trace,
    ),
    Case(
        "SIGKILL after 2,000 calls: what is left",
        WORK + "os.kill(os.getpid(), signal.SIGKILL)\n",
        status=-9,
        check=leaves_a_trace,
    ),
    Case(
        "a list of 100,000 elements",
        """
from facts import note

def give(values): return values

note(len(give(list(range(100_000)))))
""",
        "100000\n",
        check=is_short,
    ),
    Case(
        "a text of 5,000,000 characters",
        """
from facts import note

def give(text, data, number): return text

note(len(give("x" * 5_000_000, b"x" * 5_000_000, 7 ** 500_000)))
""",
        "5000000\n",
        check=is_short,
    ),
    Case(
        "an exception that leaves a function, and a yield: how they are shown",
        """
from facts import note

def traced_fail(): raise ValueError

def traced_numbers():
    yield 4141
    note("finished")

try:
    traced_fail()
except ValueError:
    note("caught")
note(*traced_numbers())
""",
        "caught\nfinished\n4141\n",
        check=tells_kinds_apart,
    ),
]
