"""Unpacks newer CPythons than this system has, from Debian's development suite.

python3 scripts/get_python.py build/pythons 3.14 3.15

Each becomes FOLDER/usr/bin/python3.X, with headers, `venv`, libpython and CPython's own tests. It
uses the glibc that is unpacked beside it, so the system may be older. Needs no root and no chroot,
and does not change the system's packages: apt-get uses a configuration and a cache in the folder.
The files contain the path of the folder, so it cannot be moved.
"""

import os
import re
import shutil
import sys
from pathlib import Path

from debian import download, run

SUITE = os.environ.get("SUITE", "sid")

# Empty libraries in current versions of glibc. Wheels still depend on them, and would otherwise
# load the system's, which work only with its own glibc.
SHELLS = ["libpthread.so.0", "libdl.so.2", "librt.so.1"]


class Editor:
    """Changes ELF files with Debian's `patchelf`, which is unpacked with the interpreters."""

    def __init__(self, root: Path) -> None:
        self.libraries = next((root / "usr/lib").glob("*-linux-gnu"))
        self.loader = next(self.libraries.glob("ld-linux*"))
        self.patchelf = root / "usr/bin/patchelf"

    def edit(self, file: Path, *options: "str | Path") -> None:
        run(self.loader, "--library-path", self.libraries, self.patchelf, *options, file)

    def settle(self, file: Path, *, program: bool) -> None:
        """Makes a file use the unpacked libraries, also for its indirect dependencies."""
        if program:
            self.edit(file, *[word for name in SHELLS for word in ("--add-needed", name)])
            self.edit(file, "--set-interpreter", self.loader)
        # DT_RPATH applies to indirect dependencies; DT_RUNPATH would not.
        self.edit(file, "--force-rpath", "--set-rpath", self.libraries)


def settle(root: Path, version: str) -> Path:
    """Writes the folder's path into the files of one interpreter. Returns its executable."""
    editor = Editor(root)
    program = root / "usr/bin" / f"python{version}"
    editor.settle(program, program=True)
    editor.settle(editor.libraries / f"libpython{version}.so.1.0", program=False)
    # Debian's pyconfig.h includes this machine's header by a path that is searched only below /usr.
    include = root / "usr/include"
    machine = include / editor.libraries.name / f"python{version}"
    shutil.copy(machine / "pyconfig.h", include / f"python{version}")
    library = root / "usr/lib" / f"python{version}"
    for file in library.glob("_sysconfigdata_*.py"):
        file.write_text(re.sub(r"(?<=[' =LI])/usr/", f"{root}/usr/", file.read_text()))
    (library / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
    run(program, "-c", "import ctypes, ensurepip, ssl")
    # As at an installation by Debian. Otherwise the first program that imports a module runs other
    # code of importlib than the second one, and their events differ.
    run(program, "-m", "compileall", "-q", "-x", "/test/", library)
    return program


def main() -> None:
    folder, *versions = sys.argv[1:]
    root = Path(folder).resolve()
    parts = ["python{}", "python{}-dev", "python{}-venv", "libpython{}-testsuite"]
    packages = [part.format(version) for version in versions for part in parts]
    download(root, SUITE, [*packages, "libstdc++6", "patchelf"])
    for version in versions:
        print(settle(root, version))


main()
