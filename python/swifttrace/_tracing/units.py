"""Durations as people write them."""

from __future__ import annotations

_UNITS = {"ms": 1e6, "us": 1e3, "µs": 1e3, "ns": 1.0, "s": 1e9}


def parse_duration(text: str) -> int:
    """Return the nanoseconds of a duration such as `1.5ms`.

    Raises:
        ValueError: It is none.
    """
    unit = next((unit for unit in _UNITS if text.endswith(unit)), "")
    digits = text.removesuffix(unit).rstrip()
    if unit and digits.replace(".", "", 1).isdecimal() and digits.isascii():
        nanoseconds = float(digits) * _UNITS[unit]
        if nanoseconds < 1e18:
            return round(nanoseconds)
    raise ValueError(f"{text!r} is no duration; write a number and s, ms, us or ns, such as 1.5ms")
