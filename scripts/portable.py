"""Links an extension that runs on older systems than this one: a wheel for others.

Only the last link differs from that of `pip install .`: calls of glibc's newer functions go to the
versions that glibc 2.28 has (`oldest_glibc.c`), and libstdc++ becomes a part of the extension.
"""

import subprocess
from pathlib import Path

import toolchain
from interpreter import fail

FUNCTIONS = Path(__file__).resolve().with_name("oldest_glibc.c")


def link(folder: Path) -> "tuple[list[str], dict[str, str]]":
    """Prepares a folder for the link.

    Returns:
        Options for `swift build`, and variables for its environment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clang = str(toolchain_program("clang"))
    functions = folder / "oldest_glibc.o"
    flags = ["-O2", "-fPIC", "-fno-builtin", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror"]
    run(clang, *flags, "-c", str(FUNCTIONS), "-o", str(functions))
    archive = Path(run(clang, "-print-file-name=libstdc++.a").strip())
    if not archive.is_absolute():
        fail("libstdc++.a is missing; install the C++ compiler's static library")
    found = folder / archive.name
    found.unlink(missing_ok=True)
    found.symlink_to(archive.resolve())
    # The linker's own digest would have the digest in it that `settle` removes.
    words = ["--build-id=none", "--icf=safe", str(functions)]
    options = [word for option in words for word in ("-Xlinker", option)]
    return options, {"SWIFTTRACE_LIBRARIES": str(folder)}


def settle(extension: Path) -> None:
    """Removes from an extension what depends on the folder of the build."""
    # Swift's digest of its compilation, by which it may skip the next one.
    option = "--remove-section=.swift_modhash"
    run(str(toolchain_program("llvm-objcopy")), option, str(extension))


def toolchain_program(name: str) -> Path:
    """Returns the path of another program of the Swift toolchain."""
    return Path(toolchain.swift()).resolve().with_name(name)


def run(*command: str) -> str:
    """The output of a command; ends if it fails, with its messages above."""
    answer = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        fail(f"`{Path(command[0]).name}` failed; its messages are above")
    return answer.stdout
