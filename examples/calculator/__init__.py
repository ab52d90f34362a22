"""A small calculator: text to tokens, tokens to a tree, a tree to a number."""

from .evaluator import answer, evaluate
from .lexer import tokens
from .parser import Parser

__all__ = ["Parser", "answer", "evaluate", "tokens"]
