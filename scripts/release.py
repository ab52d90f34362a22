"""Builds a release: the sdist, and a wheel for each of the given interpreters.

python scripts/release.py FOLDER PYTHON...

Checks that package, changelog and tag have equal versions, the metadata by `twine`, each wheel by
`wheels.py`, and that a second build produces equal bytes. The second build uses the unpacked sdist,
in another folder and without git.
"""

import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import setuptools
import wheels
from interpreter import fail
from toolchain import ROOT

BUILD = "import sys, setuptools.build_meta as b; print(b.build_sdist(sys.argv[1]))"


def version() -> str:
    """Returns the package's version; exits with one line if changelog or tag have another one."""
    file = (ROOT / "python/swifttrace/_version.py").read_text()
    number = str(re.findall(r'__version__ = "(.*)"', file)[0])
    heading = re.search(r"^## (\S+)( \(unreleased\))?$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    if heading is None:
        fail("CHANGELOG.md has no version: no line like `## 1.2.3`")
    expected = f"{heading[1]}.dev0" if heading[2] else heading[1]
    if number != expected:
        fail(
            f"_version.py has {number}, the newest version of CHANGELOG.md is "
            f"`{heading[0].removeprefix('## ')}`; write {expected} in _version.py"
        )
    command = ["git", "-C", str(ROOT), "tag", "--points-at", "HEAD"]
    answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    tags = answer.stdout.split()
    if tags and f"v{number}" not in tags:
        fail(f"this commit has the tag {', '.join(tags)}, not v{number}")
    return number


def build_sdist(root: Path, folder: Path) -> Path:
    """Builds the sdist of a tree, with fixed times, owners and order of files."""
    answer = subprocess.run(
        [sys.executable, "-s", "-c", BUILD, str(folder)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(Path(setuptools.__file__).parents[1])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    if answer.returncode:
        print(answer.stdout)
        fail("no sdist; the messages are above")
    file = folder / answer.stdout.splitlines()[-1]
    time = int(wheels.time_of_commit())
    packed = io.BytesIO()
    with tarfile.open(file) as old, tarfile.open(fileobj=packed, mode="w") as new:
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = time, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    with open(file, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, time) as zipped:
        zipped.write(packed.getvalue())
    return file


def build(root: Path, folder: Path, pythons: "list[str]") -> None:
    """Builds sdist and wheels of a tree, by the tree's own scripts."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build_sdist(root, folder)
    command = [sys.executable, str(root / "scripts/wheels.py"), str(folder), *pythons]
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
        fail("a wheel is not as it should be; see above")


def digests(folder: Path) -> "dict[str, str]":
    """Returns the SHA-256 of each file."""
    files = sorted(folder.iterdir())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def main() -> None:
    folder, *pythons = sys.argv[1:]
    target = Path(folder).resolve()
    number = version()
    os.environ["SOURCE_DATE_EPOCH"] = wheels.time_of_commit()
    build(ROOT, target, pythons)
    files = [str(file) for file in sorted(target.iterdir())]
    if subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files]).returncode:
        fail("`twine check` found faults; see above")

    again = ROOT / "build" / "again"
    shutil.rmtree(again, ignore_errors=True)
    with tarfile.open(target / f"swifttrace-{number}.tar.gz") as archive:
        archive.extractall(again, filter="data")
    build(again / f"swifttrace-{number}", again / "dist", pythons)
    first, second = digests(target), digests(again / "dist")
    for name in sorted(first.keys() | second.keys()):
        if first.get(name) != second.get(name):
            fail(f"a second build gives another {name}: {again / 'dist'}")
        print(f"{first[name]}  {name}")


if __name__ == "__main__":
    main()
