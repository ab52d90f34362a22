"""Text that no terminal may take for commands: made at random, and looked for in output."""

import random
import re

# Commands of terminals, forged lines, markup, and letters that must stay as they are.
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
    """A random text of this kind.

    Args:
        chance: The source of chance.
        longest: The most pieces of which the text consists.
        everywhere: Whether any `str` will do. Otherwise the text can name a file or a class: no
            NUL, no slash and no surrogate.
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


# Controls except line ends, DEL, C1, directions, separators of lines, zero widths, and bytes that
# are not UTF-8.
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def commands_in(text: str, keep: str = "") -> list[str]:
    """The parts of an output that a terminal could obey, and lines that a name forges.

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
