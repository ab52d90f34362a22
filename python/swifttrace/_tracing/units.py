"""Parsing of durations and sizes, such as `1.5ms` and `200M`."""

from __future__ import annotations

_UNITS = {"ms": 1e6, "us": 1e3, "µs": 1e3, "ns": 1.0, "s": 1e9}

_LEAST = 256 * 1024
_SIZES = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def parse_duration(text: str) -> int:
    """Return the nanoseconds of a duration such as `1.5ms`.

    Raises:
        ValueError: The text is not a duration.
    """
    unit = next((unit for unit in _UNITS if text.endswith(unit)), "")
    digits = text.removesuffix(unit).rstrip()
    if unit and digits.replace(".", "", 1).isdecimal() and digits.isascii():
        nanoseconds = float(digits) * _UNITS[unit]
        if nanoseconds < 1e18:
            return round(nanoseconds)
    raise ValueError(
        f"invalid duration {text!r}: expected a number with s, ms, us or ns, for example 1.5ms"
    )


def parse_size(size: int | str) -> int:
    """Return the bytes of a size such as `200M`.

    Raises:
        TypeError, ValueError: The value is not a size, or is less than 256 KiB.
    """
    if isinstance(size, str):
        text = size.strip().upper().removesuffix("B")
        unit = _SIZES.get(text[-1:], 1)
        digits = text[:-1] if unit > 1 else text
        if not digits.isdecimal():
            raise ValueError(
                f"invalid size {size!r}: expected a number with K, M or G, for example 200M"
            )
        size = int(digits) * unit
    if not isinstance(size, int):
        raise TypeError(f"a size must be an int or a str, not {type(size).__name__}")
    if not _LEAST <= size < 1 << 62:
        raise ValueError(f"the maximum size must be at least 256K, not {size} bytes")
    return size
