"""Random texts with terminal commands, and a search for such commands in output."""

import random
import re

# Terminal commands, forged lines, markup, and letters that must not be escaped.
_SEQUENCES = (
    *("\x1b[31m", "\x1b]0;title\x07", "\x1b[2J\x1b[H", "\x1bP$q\x1b\\", "\x9b1m", "\x9d0;t\x9c"),
    *("\nFORGED", "\rFORGED", "\r\nFORGED", "\x85FORGED", "\u2028FORGED", "\x0b\x0cFORGED"),
    *("\u202e", "\u2066\u2069", "\u061c", "\u200b", "\ufeff", "\u00ad", "\U000e0041", "\x7f", "\t"),
    *("[red]", "[/]", "%s", "{}", "\\", "\\x1b", "'", '"', "&", "<", ";", ",", " ", "\xa0"),
    *("name", "f", "é", "漢", "😀", "e\u0301", "0"),
)
_CONTROLS = [*map(chr, range(1, 0x20)), *map(chr, range(0x7F, 0xA0))]
_SURROGATES = ["\ud800", "\udc9b", "\udc1b"]


def nasty(chance: random.Random, longest: int = 12, *, everywhere: bool = True) -> str:
    """A random text of such pieces.

    Args:
        chance: The random number generator.
        longest: Maximum number of pieces.
        everywhere: Whether the text may be any `str`. If not, it can name a file or a class: it
            has no NUL, no slash and no surrogate.
    """
    pieces = []
    for _ in range(chance.randint(1, longest)):
        kind = chance.random()
        if kind < 0.6:
            pieces.append(chance.choice(_SEQUENCES))
        elif kind < 0.9:
            pieces.append(chance.choice(_CONTROLS))
        elif everywhere:
            pieces.append(chance.choice(["\0", "/", *_SURROGATES]))
    text = "".join(pieces) or "\x1b"
    return text if everywhere else text.replace("/", "|")


# Control characters except line ends, DEL, C1, bidirectional controls, line separators, zero-width
# characters, and bytes that are not UTF-8.
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def commands_in(text: str, keep: str = "") -> list[str]:
    """The parts of an output that a terminal could interpret, and lines forged by a name.

    Args:
        text: The output.
        keep: Characters that are allowed.
    """
    text = text.translate({ord(character): None for character in keep})
    found = [
        ascii(text[max(0, match.start() - 60) : match.end() + 20])
        for match in _FORBIDDEN.finditer(text)
    ]
    return [*found, *(ascii(line) for line in text.split("\n") if line.startswith("FORGED"))]
