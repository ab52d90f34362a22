"""Builds the C files of `native/` for the running Python."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "native"


def build(name: str, folder: Path) -> Path:
    """Build a shared library from a C file: an extension module if it includes Python's headers.

    Args:
        name: Name of the file, without `.c`.
        folder: Folder for the library.

    Raises:
        SystemExit: There is no C compiler, or it fails.
    """
    source = SOURCES / f"{name}.c"
    is_module = "Python.h" in source.read_text()
    ending = str(sysconfig.get_config_var("EXT_SUFFIX")) if is_module else ".so"
    library = folder / (name + ending)
    if library.exists() and library.stat().st_mtime > source.stat().st_mtime:
        return library
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        raise SystemExit("bench: there is no C compiler; install gcc or clang, or set CC")
    folder.mkdir(parents=True, exist_ok=True)
    headers = [f"-I{sysconfig.get_path('include')}", f"-I{sysconfig.get_path('platinclude')}"]
    options = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    command = [*compiler.split(), *options, *headers, str(source), "-o", str(library)]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"bench: {source.name} cannot be built")
    return library
