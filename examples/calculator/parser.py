"""Tokens to a tree: a number, a name, or a tuple of a sign and two trees."""

from .lexer import tokens

Tree = int | str | tuple[str, "Tree", "Tree"]

RANKS = {"=": 1, "+": 2, "-": 2, "*": 3, "/": 3}


class Parser:
    """Reads one formula, with the usual ranks of signs."""

    def __init__(self, text: str) -> None:
        self.rest = tokens(text)
        self.next = next(self.rest, "")

    def take(self) -> str:
        """Return the next token and go on to the one behind it."""
        token = self.next
        self.next = next(self.rest, "")
        return token

    def formula(self, rank: int = 1) -> Tree:
        """Read a formula whose signs all have the given rank or a higher one."""
        tree = self.operand()
        while RANKS.get(self.next, 0) >= rank:
            sign = self.take()
            tree = (sign, tree, self.formula(RANKS[sign] + 1))
        return tree

    def operand(self) -> Tree:
        """Read a number, a name, or a formula in brackets."""
        token = self.take()
        if token == "(":
            tree = self.formula()
            if self.take() != ")":
                raise SyntaxError("a bracket is not closed")
            return tree
        if token.isdigit():
            return int(token)
        if token.isalpha():
            return token
        raise SyntaxError(f"expected a number or a name, not {token!r}")
