"""The setuptools commands that let Swift build `_swifttrace`."""

import os
import shutil
import subprocess
from pathlib import Path

import interpreter
import portable
import toolchain
from setuptools import Extension
from setuptools.command.build import build
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

START_FILE = toolchain.ROOT / "python" / "swifttrace.pth"

# The extension carries a Swift runtime of its own. Exporting nothing else keeps it apart from the
# runtime, and from the engine, of a Swift program that embeds Python and imports swifttrace.
EXTENSION = "_swifttrace"
BUILT = '"""The toolchain that built the extension."""\n\nSWIFT = "{swift}"\n'
WHEELS = (
    "no Swift is needed for a wheel: Linux on x86-64 with glibc 2.28 or newer, and CPython 3.11 to "
    "3.15: https://pypi.org/project/swifttrace/#files"
)
EXPORTS = "{ global: PyInit__swifttrace; local: *; };\n"


class Build(build):
    """Gives each interpreter its own folder, emptied first: no wheel holds what was deleted."""

    def initialize_options(self) -> None:
        super().initialize_options()
        self.build_base = f"build/setuptools-{interpreter.key()}"

    def run(self) -> None:
        for folder in Path(f"build/setuptools-{interpreter.key()}").glob("lib*"):
            shutil.rmtree(folder)
        super().run()


class BuildPython(build_py):
    """Adds the file that has Python trace from its start, where the environment tells it to."""

    def run(self) -> None:
        super().run()
        # It lies beside the package; of an editable install nothing else is in site-packages.
        install = self.distribution.get_command_obj("install")
        folder = install.install_purelib if self.editable_mode else self.build_lib
        self.copy_file(str(START_FILE), str(Path(folder) / START_FILE.name))


class BuildSwift(build_ext):
    """Builds the Swift package where setuptools would call a C compiler."""

    def build_extension(self, ext: Extension) -> None:
        interpreter.check()
        problem = toolchain.problem()
        if problem:
            interpreter.fail(f"{problem}; {WHEELS}")
        swift = toolchain.swift()
        interpreter.check_headers()

        # For `make asan`: a sanitizer of the toolchain's, whose runtime the process must bring.
        sanitizer = os.environ.get("SWIFTTRACE_SANITIZE")
        kind = sanitizer or "extension"
        # All interpreters share the folder, and what does not depend on them is compiled once. A
        # build that is under way makes another one wait.
        scratch = toolchain.ROOT / "build" / kind
        scratch.mkdir(parents=True, exist_ok=True)
        exports = scratch / "exports.map"
        exports.write_text(EXPORTS)
        command = [swift, "build", "--configuration", "release", "--product", EXTENSION]
        command += ["--package-path", str(toolchain.ROOT), "--scratch-path", str(scratch)]
        # A plan that was kept would have the headers of the interpreter before.
        command += ["--disable-build-manifest-caching"]
        # A register more for everything that an event passes.
        command += ["--omit-frame-pointers"]
        # The runtime goes into the extension: a user's machine need not have a toolchain, and
        # nothing in the file names the one that built it, nor the folder of the build.
        command += ["-Xswiftc", "-static-stdlib", "-Xlinker", f"--version-script={exports}"]
        command += ["-Xlinker", f"-soname={EXTENSION}"]
        command += ["--sanitize", sanitizer] if sanitizer else ["-Xlinker", "--strip-all"]
        environment = {**toolchain.environment(), "SWIFTTRACE_EXTENSION_ONLY": "1"}
        built = scratch / "release" / f"lib{EXTENSION}.so"
        # For wheels that are handed on: `make wheels`.
        is_portable = bool(os.environ.get("SWIFTTRACE_PORTABLE"))
        if is_portable:
            options, variables = portable.link(scratch / "portable")
            command += options
            environment.update(variables)
            # SwiftPM does not know what else is linked.
            built.unlink(missing_ok=True)
        status = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode
        if status:
            interpreter.fail(f"`swift build` failed with status {status}; its messages are above")

        target = Path(self.get_ext_fullpath(ext.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        # A program that runs with the old file keeps it: the new one gets the name, not the inode.
        target.unlink(missing_ok=True)
        shutil.copyfile(built, target)
        target.chmod(0o755)
        if is_portable:
            portable.settle(target)
        # `python -m swifttrace doctor` prints it.
        target.with_name("_built.py").write_text(BUILT.format(swift=toolchain.find()[0]))
