"""Installs wheels in clean Debian systems without Swift, and traces with them.

python scripts/wheels_test.py FOLDER PYTHON...

FOLDER contains the wheels. The systems are Debian releases that have a Python for one of the
wheels, oldest first, unpacked from packages in build/roots. A given interpreter of a version that
no release has is mounted there. Programs run in a chroot, in a new namespace, which `unshare` can
create without root if the system allows that.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import debian
from interpreter import fail
from toolchain import ROOT

ROOTS = ROOT / "build" / "roots"
TIMEOUT = 600  # Seconds.


class System(NamedTuple):
    """A Debian release, its glibc, and the Pythons to test in it."""

    suite: str
    glibc: str
    pythons: "tuple[str, ...]"


SYSTEMS = [
    # It has no supported Python: only the loading of the extension is tested.
    System("bullseye", "2.31", ()),
    System("bookworm", "2.36", ("3.11",)),
    System("trixie", "2.41", ("3.12", "3.13")),
    System("sid", "2.43", ("3.14", "3.15")),
]
PACKAGES = ["bash", "coreutils", "dash", "grep", "libc-bin", "libgcc-s1"]
# No Debian release has these: a given interpreter is mounted.
MOUNTED = ("3.12",)

PROGRAM = Path(__file__).resolve().with_name("try_wheel.py")

# The commands of a new user. Each must succeed.
STEPS = """\
set -eu
mkdir /test
cd /test
if command -v swift; then exit 4; fi
if ls /usr/include/python*/Python.h 2>/dev/null; then exit 5; fi
{python} -m venv venv
venv/bin/python -m pip install --quiet --no-index --find-links /wheels swifttrace
cat >try_wheel.py
venv/bin/python try_wheel.py
venv/bin/swifttrace --version
"""


def run_inside(
    root: Path, script: str, stdin: str = "", mounts: "dict[Path, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    """Runs a shell script in a system. Mounts end with the script."""
    mounts = {Path("/dev"): "/dev", Path("/proc"): "/proc", **(mounts or {})}
    lines = ["set -eu"]
    for source, target in mounts.items():
        place = f"{root}{target}"
        lines += [f"mkdir -p '{place}'", f"mount --rbind '{source}' '{place}'"]
    inside = "env -i PATH=/usr/bin:/bin HOME=/tmp LC_ALL=C.UTF-8 /bin/sh -c"
    lines.append(f'exec chroot "$1" {inside} "$2"')
    command = ["unshare", "--mount", "--map-root-user"]
    return subprocess.run(
        [*command, "sh", "-c", "\n".join(lines), "sh", str(root), script],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )


def make_root(system: System) -> Path:
    """Unpacks a release, if it is not yet unpacked."""
    root = ROOTS / system.suite
    pythons = [version for version in system.pythons if version not in MOUNTED]
    packages = [*PACKAGES, *[f"python{version}-venv" for version in pythons]]
    done = root / ".complete"
    if not done.exists() or done.read_text().split() != packages:
        shutil.rmtree(root, ignore_errors=True)
        debian.download(root, system.suite, packages)
        # The installation script of the package would write this file, which pip reads.
        certificates = sorted((root / "usr/share/ca-certificates").rglob("*.crt"))
        bundle = root / "etc/ssl/certs/ca-certificates.crt"
        bundle.parent.mkdir(parents=True, exist_ok=True)
        bundle.write_bytes(b"".join(file.read_bytes() for file in certificates))
        done.write_text(" ".join(packages))
    return root


def check_symbols(root: Path, wheel: Path) -> "str | None":
    """Returns the symbols of a wheel's extension that are missing in a system, or None.

    Leaves out CPython's functions. On a glibc with libdl and libpthread, every CPython has loaded
    these libraries.
    """
    folder = root / "test"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.unpack_archive(wheel, folder, "zip")
    (file,) = folder.glob("swifttrace/*.so")
    script = f"LD_PRELOAD='libpthread.so.0 libdl.so.2' ldd -r /test/swifttrace/{file.name} 2>&1"
    lines = run_inside(root, script).stdout.splitlines()
    if not any("libc.so.6 =>" in line for line in lines):
        return "; ".join(lines) or "ldd prints nothing"
    bad = [line for line in lines if "not found" in line or "undefined symbol" in line]
    missed = [line.strip() for line in bad if not re.search(r"undefined symbol: _?Py", line)]
    return "; ".join(missed) or None


def mounts_of(python: str) -> "dict[Path, str]":
    """Returns the folders of an interpreter, without its headers, and their mount points."""
    command = [python, "-c", "import sys; print(sys.base_prefix)"]
    prefix = Path(subprocess.run(command, capture_output=True, text=True).stdout.strip())
    return {prefix / name: str(prefix / name) for name in ["bin", "lib"]}


def test(system: System, version: str, wheels: Path, given: "dict[str, str]") -> "str | None":
    """Returns the problem with one wheel in one system, or None."""
    root = ROOTS / system.suite
    mounts = {wheels: "/wheels"}
    python = f"/usr/bin/python{version}"
    if version in MOUNTED:
        extra = mounts_of(given[version])
        mounts.update(extra)
        python = f"{next(iter(extra))}/python{version}"
    shutil.rmtree(root / "test", ignore_errors=True)
    answer = run_inside(root, STEPS.format(python=python), PROGRAM.read_text(), mounts)
    if answer.returncode == 0:
        return None
    return f"status {answer.returncode}\n{answer.stdout}{answer.stderr}"


def main() -> None:
    wheels = Path(sys.argv[1]).resolve()
    given = {}
    for python in sys.argv[2:]:
        command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(command, capture_output=True, text=True)
        given[answer.stdout.strip()] = python
    files = {}
    for file in sorted(wheels.glob("*.whl")):
        match = re.search(r"-cp3(\d+)-", file.name)
        if match:
            files[f"3.{match[1]}"] = file
    if not files:
        fail(f"no wheels in {wheels}; run: make wheels")
    failed = 0
    for system in SYSTEMS:
        make_root(system)
        cases = {version: file for version, file in files.items() if version in system.pythons}
        for version, file in (cases if system.pythons else files).items():
            name = f"{file.name} on {system.suite} (glibc {system.glibc})"
            if system.pythons:
                problem = test(system, version, wheels, given)
            else:
                problem = check_symbols(ROOTS / system.suite, file)
            what = "installed and traced" if system.pythons else "has all its symbols"
            print(f"{name}: {problem or what}", flush=True)
            failed += problem is not None
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
