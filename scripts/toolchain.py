"""Finds the Swift toolchain, and prepares its use with the running Python interpreter."""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from interpreter import fail, key, write_pkg_config

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (6, 2)


def find() -> "tuple[str | None, str | None]":
    """The version of the Swift toolchain, and a line about one that is missing or too old.

    Exactly one of them is None.
    """
    oldest = ".".join(map(str, OLDEST))
    remedy = f"install Swift {oldest} or newer (https://www.swift.org/install), or set SWIFT"
    name = os.environ.get("SWIFT") or "swift"
    swift = shutil.which(name)
    if swift is None:
        return None, f"no Swift toolchain: there is no program `{name}`; {remedy}"
    answer = subprocess.run(
        [swift, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    # Other programs are called `swift` too, such as OpenStack's client.
    version = re.search(r"Swift version (\d+)\.(\d+)[^ ]*", answer.stdout)
    if version is None:
        return None, f"no Swift toolchain: {swift} is something else; {remedy}"
    number = version[0].split()[-1]
    if (int(version[1]), int(version[2])) < OLDEST:
        return None, f"Swift {number} is too old ({swift}); {remedy}"
    return number, None


def problem() -> "str | None":
    """A line about a toolchain that is missing or too old; None if it is usable."""
    return find()[1]


def swift() -> str:
    """The path of a Swift that is new enough; exits with one line if there is none."""
    line = problem()
    if line:
        fail(line)
    return str(shutil.which(os.environ.get("SWIFT") or "swift"))


def environment() -> "dict[str, str]":
    """The environment in which SwiftPM finds only the headers and the library of this Python."""
    folder = ROOT / "build" / f"pkgconfig-{key()}"
    write_pkg_config(folder)
    # pkg-config would prepend a sysroot to the paths in the files.
    ignored = ["PKG_CONFIG_SYSROOT_DIR"]
    kept = {name: value for name, value in os.environ.items() if name not in ignored}
    return {**kept, "PKG_CONFIG_PATH": str(folder)}


def runtime(sanitizer: str) -> Path:
    """The runtime library of a sanitizer, such as `asan`, which the process must load."""
    folder = Path(swift()).resolve().parent.parent / "lib" / "clang"
    found = sorted(folder.glob(f"*/lib/linux/libclang_rt.{sanitizer}-{platform.machine()}.so"))
    if not found:
        fail(f"the toolchain has no runtime of the sanitizer {sanitizer} in {folder}")
    return found[-1]


if __name__ == "__main__":
    print(runtime(sys.argv[1]))
