"""Facts that a Swift build needs about one Python interpreter: the one that runs this file.

`pkg-config` answers for whatever Python it finds first, and that need not be this one. So the
answers here come from `sysconfig`, and `write_pkg_config` hands them to SwiftPM.

Run as a program it prints the interpreter's key, or says in one line why it cannot be used. This
file loads on any Python from 3.6, so that an old one gets that line too.
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
# The newest that the tests run with, which `compat.h` and setup.cfg name too. A newer one may lay
# out its frames differently.
NEWEST = (3, 15)


def fail(message: str) -> NoReturn:
    """Ends with one line on stderr: `SystemExit` passes through setuptools without a traceback."""
    sys.stdout.flush()
    sys.exit(f"swifttrace: {message}")


def check() -> None:
    """Refuses an interpreter that swifttrace cannot trace."""
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
    """The folders of Python.h and pyconfig.h; some systems keep them apart."""
    return list(dict.fromkeys([sysconfig.get_path("include"), sysconfig.get_path("platinclude")]))


def key() -> str:
    """Names this interpreter in `build/`: two that differ in any way never share a folder there.

    The folder of the headers is part of it: a Python of Debian and one built from source may agree
    in everything else. A virtual environment has the key of the Python that it was made from.
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
    """One line about headers that are missing or of another Python; None if all is well."""
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
    """Refuses an interpreter for which nothing can be compiled."""
    problem = headers_problem()
    if problem:
        package = debian_package("dev")
        remedy = f"run: sudo apt-get install {package}" if package else "install its headers"
        fail(f"{problem}; {remedy}")


def library_dir() -> "str | None":
    """The folder of the shared libpython; None if this Python was built without one."""
    name = str(sysconfig.get_config_var("LDLIBRARY"))
    # A Python that was moved after its build still names its first folder in LIBDIR.
    for folder in [str(sysconfig.get_config_var("LIBDIR")), str(Path(sys.base_prefix, "lib"))]:
        if name.endswith(".so") and Path(folder, name).exists():
            return folder
    return None


def dynamic_linker() -> "str | None":
    """The dynamic linker that the kernel starts this Python with; None if its file is not ELF.

    A program with another one brings another glibc, which libpython may be too new for.
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
    """Options of SwiftPM for programs with this Python in them; ends if there is no libpython."""
    library = library_dir()
    if library is None:
        fail(f"{sys.executable} has no shared libpython, which a Swift program links")
    # The programs find this very libpython, whatever LD_LIBRARY_PATH their user has.
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
        # Another build may be reading it at this moment.
        if not file.exists() or file.read_text() != text:
            file.write_text(text)


if __name__ == "__main__":
    check()
    print(key())
