"""Recursion goes as deep as untraced, and ends as untraced."""

from .case import Case

DEEP = """
import sys
from facts import note

def deep(n):
    try:
        return deep(n + 1)
    except RecursionError:
        return n

sys.setrecursionlimit(LIMIT)
depth = deep(1)
again = deep(1)
note(depth, again)
"""

CASES = [
    Case(
        "a RecursionError that the program catches: the depth",
        DEEP.replace("sys.setrecursionlimit(LIMIT)\n", ""),
        None,
    ),
    Case("`sys.setrecursionlimit(200)`: the depth", DEEP.replace("LIMIT", "200"), None),
    Case("`sys.setrecursionlimit(5_000)`: the depth", DEEP.replace("LIMIT", "5_000"), None),
    Case(
        "a recursion through C",
        """
from facts import note

class Deep:
    def __repr__(self): return repr(self)

def key(n): return sorted([n + 1], key=key)

for call in (lambda: repr(Deep()), lambda: key(1)):
    try:
        call()
    except RecursionError:
        note("RecursionError")
""",
        "RecursionError\nRecursionError\n",
    ),
    Case(
        "objects that contain themselves",
        """
from facts import note

def give(value): return value

loop = []
loop.append(loop)
table = {}
table["self"] = (table, loop)
deep = []
for _ in range(100_000): deep = [deep]
note(len(give(loop)), len(give(table)), len(give(deep)))
while deep: deep = deep.pop()
""",
        "1 1 1\n",
    ),
    Case(
        "a RecursionError from generators and callbacks, many times",
        """
import sys
from facts import note

def walk(n):
    yield n
    yield from walk(n + 1)

def back(n): return max([n], key=lambda _: back(n + 1))

sys.setrecursionlimit(150)
caught = 0
for _ in range(5):
    for call in (lambda: sum(walk(0)), lambda: back(0)):
        try:
            call()
        except RecursionError:
            caught += 1
note(caught)
""",
        "10\n",
    ),
]
