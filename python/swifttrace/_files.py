"""Files to write to. They can contain secrets of the program."""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    Path = str | os.PathLike[str]

_MOST_LINKS = 40


def create(path: Path) -> int:
    """Open a file for writing, and empty it, as the engine does for text (`PrivateFile.swift`).

    Only the owner can read and write a new file, whatever the umask. A symbolic link is
    followed if it belongs to this user or to root. A file that another user has put into a folder
    with the sticky bit, such as `/tmp`, is refused.

    Returns:
        A descriptor.

    Raises:
        OSError: The file cannot be opened; PermissionError if it is refused.
    """
    name = os.fspath(path)
    flags = os.O_WRONLY | os.O_CLOEXEC
    for _ in range(_MOST_LINKS):
        try:
            descriptor = os.open(name, flags | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            os.fchmod(descriptor, 0o600)
            return descriptor
        except FileExistsError:
            pass  # The owner is checked before the file is emptied.
        try:
            return _emptied(os.open(name, flags | os.O_NOFOLLOW), name)
        except FileNotFoundError:
            continue  # Another process has removed it.
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        link = os.lstat(name)
        if link.st_dev == os.stat("/proc/self/fd").st_dev:
            # A link in /proc, such as /proc/self/fd/1, names an open file.
            return _emptied(os.open(name, flags), name)
        if link.st_uid not in (0, os.geteuid()):
            raise _refused(name)
        name = os.path.join(os.path.dirname(name), os.readlink(name))
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))


def _emptied(descriptor: int, name: str) -> int:
    status = os.fstat(descriptor)
    try:
        if stat.S_ISREG(status.st_mode):
            is_sticky = os.stat(os.path.dirname(name) or ".").st_mode & stat.S_ISVTX
            if is_sticky and status.st_uid not in (0, os.geteuid()):
                raise _refused(name)
            os.ftruncate(descriptor, 0)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _refused(name: str) -> PermissionError:
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
