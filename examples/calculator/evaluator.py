"""A tree to a number."""

import operator
from collections.abc import Callable

from .parser import Parser, Tree

OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.floordiv,
}


def answer(line: str, names: dict[str, int]) -> str:
    """Return the value of a formula as text, or what is wrong with it."""
    try:
        value = evaluate(Parser(line).formula(), names)
    except (ArithmeticError, LookupError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}"
    return str(value)


def evaluate(tree: Tree, names: dict[str, int]) -> int:
    """Return the value of a tree; `name = tree` also puts it into `names`."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return names[tree]
    sign, left, right = tree
    if sign == "=":
        value = evaluate(right, names)
        names[str(left)] = value
        return value
    return OPERATIONS[sign](evaluate(left, names), evaluate(right, names))
