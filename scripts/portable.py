"""Links an extension for wheels, which runs on older systems than this one.

Only the last link differs from that of `pip install .`: it replaces newer functions of glibc by
their versions in glibc 2.28 (`oldest_glibc.c`), and links libstdc++ statically.
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
    # The linker's build ID would depend on the digest that `settle` removes.
    words = ["--build-id=none", "--icf=safe", str(functions)]
    options = [word for option in words for word in ("-Xlinker", option)]
    return options, {"SWIFTTRACE_LIBRARIES": str(folder)}


def settle(extension: Path) -> None:
    """Removes the section of an extension that depends on the build folder."""
    # Swift's hash of the module, used by incremental compilation.
    option = "--remove-section=.swift_modhash"
    run(str(toolchain_program("llvm-objcopy")), option, str(extension))


def toolchain_program(name: str) -> Path:
    """Returns the path of another program of the Swift toolchain."""
    return Path(toolchain.swift()).resolve().with_name(name)


def run(*command: str) -> str:
    """Returns the output of a command; exits if it fails, after its own messages."""
    answer = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        fail(f"`{Path(command[0]).name}` failed; its messages are above")
    return answer.stdout
