"""Traces parts of the calculator through the Python API. The text goes to standard output."""

import sys

import swifttrace
from calculator import answer, evaluate, tokens

names: dict[str, int] = {}

print("# a block, as a tree; only calls of evaluate()")
with swifttrace.trace(swifttrace.TreeLogger(sys.stdout), function=["evaluate"]):
    print(answer("x = 2 + 3", names))
    print(answer("x / 0", names))


print("# one function, whenever it is called; two strategies at once")
calls, returns = swifttrace.CallLogger(sys.stdout), swifttrace.ReturnLogger(sys.stdout)


@swifttrace.traced(calls, returns, depth=1)
def square(number: int) -> int:
    """Return the square, by way of the calculator."""
    return evaluate(("*", number, number), {})


square(12)

print("# a generator: a yield is no return")
list(swifttrace.traced(calls, returns)(tokens)("6 * 7"))
