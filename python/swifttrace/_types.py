"""Types that only annotations need: an import of swifttrace is not to pay for them."""

from __future__ import annotations

import os
from typing import Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class TextFile(Protocol):
    """What a strategy can write to: anything with `write` and `flush`."""

    def write(self, text: str, /) -> object:
        """Take one or more whole lines."""

    def flush(self) -> object:
        """Write out what is held back."""


Target: TypeAlias = TextFile | str | os.PathLike[str] | None
EngineTarget: TypeAlias = TextFile | str | int
EngineFilters: TypeAlias = tuple[
    bool, list[str], list[str], list[str], list[str], list[str], list[str]
]
