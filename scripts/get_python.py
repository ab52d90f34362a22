"""Unpacks newer CPythons than this system has: those of Debian's development suite.

python3 scripts/get_python.py build/pythons 3.14 3.15

Each becomes FOLDER/usr/bin/python3.X, with headers, `venv`, libpython and CPython's own tests. It
runs with the glibc that is unpacked beside it, so the system may be older; its own packages stay as
they are. No root and no chroot: apt-get works with a configuration and a cache inside the folder.
The folder's path is written into the files, so it cannot be moved.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from interpreter import fail

SUITE = os.environ.get("SUITE", "sid")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# The mirror's copy of a suite may be older than the suite's own limit; it is signed all the same.
CONFIGURATION = """\
Dir::Etc "{apt}/etc";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{apt}/etc/sources.list.d";
Dir::Etc::parts "{apt}/etc/apt.conf.d";
Dir::State "{apt}";
Dir::State::lists "{apt}/lists";
Dir::State::status "{apt}/status";
Dir::Cache "{apt}/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
Debug::NoLocking "true";
"""
SOURCE = "Types: deb\nURIs: {mirror}\nSuites: {suite}\nComponents: main\nSigned-By: {keyring}\n"

# Shells without content in today's glibc. Wheels still name them, and without these lines would get
# those of the system, which fit its own glibc only.
SHELLS = ["libpthread.so.0", "libdl.so.2", "librt.so.1"]


def run(*command: "str | Path", **variables: str) -> str:
    """Returns the output of a command. If the command fails, exits with its messages."""
    words = [str(word) for word in command]
    answer = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )
    if answer.returncode:
        fail(f"{' '.join(words[:3])} failed: {(answer.stderr or answer.stdout).strip()}")
    return answer.stdout


def mirror() -> str:
    """The Debian mirror that this system's apt uses."""
    targets = run("apt-get", "indextargets", "--format", "$(REPO_URI)").split()
    mirrors = [target for target in targets if "security" not in target]
    if not mirrors:
        fail("apt has no Debian mirror: no `deb` line in /etc/apt/sources.list.d; add one")
    return mirrors[0]


def download(root: Path, packages: "list[str]") -> None:
    """Downloads packages with all they need, and unpacks them."""
    apt = root / "apt"
    folders = ["etc/apt.conf.d", "etc/preferences.d", "etc/sources.list.d", "lists/partial"]
    for folder in [*folders, "cache/archives/partial"]:
        (apt / folder).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    configuration = apt / "apt.conf"
    configuration.write_text(CONFIGURATION.format(apt=apt))
    source = SOURCE.format(mirror=mirror(), suite=SUITE, keyring=KEYRING)
    (apt / "etc/sources.list.d/debian.sources").write_text(source)
    own = {"APT_CONFIG": str(configuration)}
    run("apt-get", "-qq", "update", **own)
    run("apt-get", "-qq", "install", "--download-only", "--yes", *packages, **own)
    for file in sorted((apt / "cache/archives").glob("*.deb")):
        run("dpkg-deb", "--extract", file, root)
    shutil.rmtree(apt)


class Editor:
    """Changes ELF files with Debian's `patchelf`, which is unpacked with the interpreters."""

    def __init__(self, root: Path) -> None:
        self.libraries = next((root / "usr/lib").glob("*-linux-gnu"))
        self.loader = next(self.libraries.glob("ld-linux*"))
        self.patchelf = root / "usr/bin/patchelf"

    def edit(self, file: Path, *options: "str | Path") -> None:
        run(self.loader, "--library-path", self.libraries, self.patchelf, *options, file)

    def settle(self, file: Path, *, program: bool) -> None:
        """Lets a file use the libraries beside it, and what these need in turn."""
        if program:
            self.edit(file, *[word for name in SHELLS for word in ("--add-needed", name)])
            self.edit(file, "--set-interpreter", self.loader)
        # DT_RPATH holds for the libraries of libraries; DT_RUNPATH would not.
        self.edit(file, "--force-rpath", "--set-rpath", self.libraries)


def settle(root: Path, version: str) -> Path:
    """Writes the folder's path into one interpreter. Returns its program."""
    editor = Editor(root)
    program = root / "usr/bin" / f"python{version}"
    editor.settle(program, program=True)
    editor.settle(editor.libraries / f"libpython{version}.so.1.0", program=False)
    # Debian's names the header for this machine by a path that compilers search below /usr only.
    include = root / "usr/include"
    machine = include / editor.libraries.name / f"python{version}"
    shutil.copy(machine / "pyconfig.h", include / f"python{version}")
    library = root / "usr/lib" / f"python{version}"
    for file in library.glob("_sysconfigdata_*.py"):
        file.write_text(re.sub(r"(?<=[' =LI])/usr/", f"{root}/usr/", file.read_text()))
    (library / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
    run(program, "-c", "import ctypes, ensurepip, ssl")
    return program


def main() -> None:
    folder, *versions = sys.argv[1:]
    for command in ["apt-get", "dpkg-deb"]:
        if shutil.which(command) is None:
            fail(f"{command} is missing: this works on Debian; elsewhere install Python yourself")
    if not KEYRING.exists():
        fail(f"{KEYRING} is missing; run: sudo apt-get install debian-archive-keyring")
    root = Path(folder).resolve()
    parts = ["python{}", "python{}-dev", "python{}-venv", "libpython{}-testsuite"]
    packages = [part.format(version) for version in versions for part in parts]
    download(root, [*packages, "libstdc++6", "patchelf"])
    for version in versions:
        print(settle(root, version))


main()
