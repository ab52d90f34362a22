"""Files to write to, which can have secrets of the program."""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    Path = str | os.PathLike[str]


def create(path: Path) -> int:
    """Open a file for writing, and empty it.

    A new file can be read and written by its owner alone, whatever the umask. A symbolic link is
    followed if it belongs to this user or to root.

    Returns:
        A descriptor.

    Raises:
        OSError: The file cannot be opened.
    """
    flags = os.O_WRONLY | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _empty(path, flags | os.O_CREAT | os.O_TRUNC)
    os.fchmod(descriptor, 0o600)
    return descriptor


def _empty(path: Path, flags: int) -> int:
    try:
        return os.open(path, flags | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        if error.errno != errno.ELOOP or os.lstat(path).st_uid not in (0, os.geteuid()):
            raise
    return os.open(path, flags, 0o600)
