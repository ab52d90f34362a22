"""Text to tokens."""

from collections.abc import Iterator


def tokens(text: str) -> Iterator[str]:
    """Yield numbers, names and signs, one at a time."""
    start = 0
    while start < len(text):
        if text[start].isspace():
            start += 1
            continue
        end = start + 1
        if text[start].isalnum():
            while end < len(text) and text[end].isalnum():
                end += 1
        yield text[start:end]
        start = end
