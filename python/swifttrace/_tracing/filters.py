"""The code that is traced (default: the user's own)."""

from __future__ import annotations

import os
import sys

from .._paths import PACKAGE, absolute, real
from .options import CODE, checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from .._swifttrace import Filter


class Filters:
    """The code that is traced.

    Args:
        options: The arguments that the rows of `CODE` name, and no others.

    Raises:
        TypeError, ValueError: A value cannot be used.
    """

    include: Sequence[str]
    exclude: Sequence[str]
    function: Sequence[str]
    depth: int | None
    all: bool
    own: Sequence[str]

    def __init__(self, **options: Any) -> None:
        vars(self).update(checked(CODE, options))

    def engine_filter(self) -> Filter:
        """Return the filter in the engine's form."""
        return {
            "all": bool(self.all),
            "library_folders": [] if self.all or self.include else foreign_folders(),
            "own": list(self.own),
            "hidden": [PACKAGE],
            "include": list(self.include),
            "exclude": list(self.exclude),
            "function": list(self.function),
        }


def foreign_folders() -> list[str]:
    """Return the folders of library code, each ending in a separator."""
    # Imported here, because `import swifttrace` must be cheap. The import of sysconfig would take
    # longer than everything else.
    import site

    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    folders = [os.path.dirname(os.__file__)]
    folders += [os.path.join(prefix, sys.platlibdir, name) for prefix in prefixes]
    folders += site.getsitepackages()
    if user_site := site.getusersitepackages():
        folders.append(user_site)
    return _with_separator(folders)


def _with_separator(folders: Iterable[str]) -> list[str]:
    spellings = [spelling for f in folders for spelling in (absolute(f), real(f))]
    return [os.path.join(folder, "") for folder in dict.fromkeys(spellings)]
