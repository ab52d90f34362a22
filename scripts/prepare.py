"""Checks and installs requirements that pip cannot: the toolchain, git, Python's headers, `venv`.

With the argument `tests`, also CPython's own tests, some of which run with swifttrace's functions;
and valgrind and lcov, if they can be installed: without each of them, one test is skipped.

Missing parts are installed from Debian's packages if this user may install them. If not, it prints
the command that installs them, and exits with status 2.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys

import interpreter
import toolchain

# Commands, each needed by one test, and the Debian packages that contain them.
OPTIONAL = {"valgrind": "valgrind", "genhtml": "lcov"}


def missing(with_tests: bool) -> "dict[str, str | None]":
    """Returns descriptions of missing parts, with the Debian packages that provide them."""
    lines: dict[str, str | None] = {}
    if shutil.which("git") is None:
        lines["git is missing, with which SwiftPM fetches packages"] = "git"
    headers = interpreter.headers_problem()
    if headers:
        lines[headers] = interpreter.debian_package("dev")
    if importlib.util.find_spec("ensurepip") is None:
        lines[f"{sys.executable} cannot make a virtual environment"] = interpreter.debian_package(
            "venv"
        )
    if with_tests and importlib.util.find_spec("test.test_sys_settrace") is None:
        package = interpreter.debian_package("testsuite")
        lines[f"{sys.executable} has no package test.test_sys_settrace"] = (
            package and f"lib{package}"
        )
    return lines


def wanted(with_tests: bool) -> "list[str]":
    """Returns the Debian packages to install."""
    packages = [package for package in missing(with_tests).values() if package]
    if with_tests:
        packages += [package for command, package in OPTIONAL.items() if not shutil.which(command)]
    return packages


def may_install() -> "list[str] | None":
    """Returns the prefix of a command that may install packages; None if there is none."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    answer = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True)
    return None if answer.returncode else ["sudo", "-n"]


def install(packages: "list[str]") -> None:
    """Installs Debian packages without output and questions."""
    right = may_install()
    if right is None:
        return
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    print(f"installing {' '.join(packages)}", flush=True)
    for words in [["update"], ["install", "-y", "--no-install-recommends", *packages]]:
        subprocess.run([*right, *quiet, *words], stdin=subprocess.DEVNULL, stdout=sys.stderr)
    importlib.invalidate_caches()


def main() -> None:
    interpreter.check()
    with_tests = sys.argv[1:] == ["tests"]
    problem = toolchain.problem()
    if problem is None:
        if wanted(with_tests):
            # Other interpreters may be prepared at the same time, and apt-get does not wait.
            with open(__file__, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                packages = wanted(with_tests)
                if packages:
                    install(packages)
        lines = missing(with_tests)
        packages = [package for package in lines.values() if package]
        if lines:
            problem = "; ".join(lines)
        if packages:
            problem = f"{problem}; run: sudo apt-get install {' '.join(packages)}"
    if problem:
        print(f"swifttrace: {problem}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
