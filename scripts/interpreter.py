"""Facts about the running Python interpreter that a Swift build needs.

`pkg-config` describes the first Python that it finds, which may be another one. So these facts come
from `sysconfig`, and `write_pkg_config` passes them to SwiftPM.

As a program, it prints the interpreter's key, or one line with the reason why the interpreter
cannot be used. The file loads on any Python from 3.6 on, so that old ones print that line too.
"""

import hashlib
import os
import platform
import re
import struct
import sys
import sysconfig
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
# The newest version that is tested, also named in `compat.h` and setup.cfg. The frames of a newer
# one may have another layout.
NEWEST = (3, 15)


def fail(message: str) -> NoReturn:
    """Exits with one line on stderr. setuptools prints no traceback for a `SystemExit`."""
    sys.stdout.flush()
    sys.exit(f"swifttrace: {message}")


def check() -> None:
    """Exits if swifttrace cannot trace this interpreter."""
    if not sys.platform.startswith("linux"):
        fail(f"Linux is needed; this is {platform.system()}")
    if sys.implementation.name != "cpython":
        fail(f"CPython is needed; {sys.executable} is {platform.python_implementation()}")
    oldest, newest = (".".join(map(str, version)) for version in (OLDEST, NEWEST))
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        fail(f"Python {oldest} or newer is needed; {sys.executable} is Python {version}")
    if sys.version_info[:2] > NEWEST:
        fail(
            f"{sys.executable} is Python {version}, which is newer than any that swifttrace knows; "
            f"use Python {oldest} to {newest}, or a newer swifttrace"
        )


def include_dirs() -> "list[str]":
    """The folders of Python.h and pyconfig.h, which differ on some systems."""
    return list(dict.fromkeys([sysconfig.get_path("include"), sysconfig.get_path("platinclude")]))


def key() -> str:
    """The name of this interpreter in `build/`, different for any two interpreters.

    It depends on the folder of the headers, because a Python of Debian and one built from source
    may agree in everything else. A virtual environment has the key of its base Python.
    """
    facts = "\0".join([sys.implementation.name, *include_dirs()])
    digest = hashlib.sha256(facts.encode()).hexdigest()[:8]
    return f"{sys.version.split()[0]}-{sysconfig.get_config_var('SOABI')}-{digest}"


def debian_package(part: str) -> "str | None":
    """The package that completes Debian's Python; None for a Python that is not Debian's."""
    if sys.base_prefix != "/usr" or not Path("/etc/debian_version").exists():
        return None
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-{part}"


def headers_problem() -> "str | None":
    """A line about headers that are missing or of another Python; None if they are usable."""
    headers = {}
    for name in ["Python.h", "pyconfig.h", "patchlevel.h"]:
        found = [Path(folder, name) for folder in include_dirs() if Path(folder, name).is_file()]
        if not found:
            return f"{name} of Python {platform.python_version()} is not in {include_dirs()[0]}"
        headers[name] = found[0]
    text = headers["patchlevel.h"].read_text()
    version = ".".join(re.findall(r"define\s+PY_(?:MAJOR|MINOR)_VERSION\s+(\d+)", text))
    if version != f"{sys.version_info[0]}.{sys.version_info[1]}":
        folder = headers["patchlevel.h"].parent
        return f"the headers in {folder} are of Python {version}, not {platform.python_version()}"
    return None


def check_headers() -> None:
    """Exits if code cannot be compiled for this interpreter."""
    problem = headers_problem()
    if problem:
        package = debian_package("dev")
        remedy = f"run: sudo apt-get install {package}" if package else "install its headers"
        fail(f"{problem}; {remedy}")


def library_dir() -> "str | None":
    """The folder of the shared libpython; None if this Python was built without one."""
    name = str(sysconfig.get_config_var("LDLIBRARY"))
    # If a Python was moved after its build, its LIBDIR is still the first folder.
    for folder in [str(sysconfig.get_config_var("LIBDIR")), str(Path(sys.base_prefix, "lib"))]:
        if name.endswith(".so") and Path(folder, name).exists():
            return folder
    return None


def dynamic_linker() -> "str | None":
    """The dynamic linker that the kernel starts this Python with; None if its file is not ELF.

    With another one, a program would load another glibc, which may be too old for libpython.
    """
    with open(sys.executable, "rb") as file:
        header = file.read(64)
        if header[:5] != b"\x7fELF\x02":  # 64 bits
            return None
        (start,) = struct.unpack_from("=Q", header, 32)
        size, count = struct.unpack_from("=HH", header, 54)
        file.seek(start)
        table = file.read(size * count)
        for index in range(count):
            (kind,) = struct.unpack_from("=I", table, size * index)
            offset, _, _, length = struct.unpack_from("=QQQQ", table, size * index + 8)
            if kind == 3:  # PT_INTERP
                file.seek(offset)
                return os.fsdecode(file.read(length).rstrip(b"\0"))
    return None


def link_options() -> "list[str]":
    """Options of SwiftPM for programs that embed this Python; exits if there is no libpython."""
    library = library_dir()
    if library is None:
        fail(f"{sys.executable} has no shared libpython, which a Swift program links")
    # Programs find this libpython without LD_LIBRARY_PATH.
    words = ["-rpath", library]
    linker = dynamic_linker()
    if linker:
        words.append(f"--dynamic-linker={linker}")
    return [option for word in words for option in ("-Xlinker", word)]


def write_pkg_config(folder: Path) -> None:
    """Writes `python3.pc` (headers) and `python3-embed.pc` (headers and libpython)."""

    def option(letter: str, path: str) -> str:
        return f"-{letter}" + path.replace("\\", "\\\\").replace(" ", "\\ ")

    cflags = " ".join(option("I", path) for path in include_dirs())
    libs = f"-lpython{sysconfig.get_config_var('LDVERSION')}"
    library = library_dir()
    if library:
        libs = f"{option('L', library)} {libs}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, linked in [("python3", ""), ("python3-embed", libs)]:
        text = (
            f"Name: {name}\nDescription: the Python in {sys.base_prefix}\n"
            f"Version: {platform.python_version()}\nCflags: {cflags}\nLibs: {linked}\n"
        )
        file = folder / f"{name}.pc"
        # Not rewritten if unchanged, because another build may be reading it.
        if not file.exists() or file.read_text() != text:
            file.write_text(text)


if __name__ == "__main__":
    check()
    print(key())
