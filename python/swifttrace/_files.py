"""Creation of output files, which can contain secrets of the program."""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    Path = str | os.PathLike[str]

_MOST_LINKS = 40


def create(path: Path, opened: list[int] | None = None) -> int:
    """Open a file for writing, and empty it. The engine's counterpart is `PrivateFile`.

    Only the owner can read and write a new file, whatever the umask. A symbolic link is
    followed if it belongs to this user or to root. A file that another user has put into a folder
    with the sticky bit, such as `/tmp`, is refused.

    Args:
        path: The file.
        opened: Receives the descriptor, before a signal handler can raise an exception. If it has
            one when this function raises, the caller closes it and removes the file. Empty if the
            file is refused.

    Returns:
        A descriptor.

    Raises:
        OSError: The file cannot be opened; PermissionError if it is refused.
    """
    name = os.fspath(path)
    opened = [] if opened is None else opened
    flags = os.O_WRONLY | os.O_CLOEXEC
    for _ in range(_MOST_LINKS):
        try:
            _open(name, flags | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, opened)
            os.fchmod(opened[0], 0o600)
            return opened[0]
        except FileExistsError:
            pass  # The owner is checked before the file is emptied.
        try:
            _open(name, flags | os.O_NOFOLLOW, opened)
            return _emptied(opened, name)
        except FileNotFoundError:
            continue  # Another process has removed it.
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        link = os.lstat(name)
        if link.st_dev == os.stat("/proc/self/fd").st_dev:
            # A link in /proc, such as /proc/self/fd/1, names an open file.
            _open(name, flags, opened)
            return _emptied(opened, name)
        if link.st_uid not in (0, os.geteuid()):
            raise _refused(name)
        name = os.path.join(os.path.dirname(name), os.readlink(name))
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))


def _open(name: str, flags: int, opened: list[int]) -> None:
    # A single call into C: a signal handler runs before it or after it.
    opened.extend(map(os.open, [name], [flags], [0o600]))


def _emptied(opened: list[int], name: str) -> int:
    status = os.fstat(opened[0])
    try:
        if stat.S_ISREG(status.st_mode):
            is_sticky = os.stat(os.path.dirname(name) or ".").st_mode & stat.S_ISVTX
            if is_sticky and status.st_uid not in (0, os.geteuid()):
                raise _refused(name)
            os.ftruncate(opened[0], 0)
    except OSError:
        os.close(opened.pop())
        raise
    return opened[0]


def _refused(name: str) -> PermissionError:
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
