"""The setuptools commands that build `_swifttrace` with Swift."""

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

# The extension contains its own Swift runtime. It exports only its init function, so that it shares
# no symbols with the runtime and the engine of a Swift program that embeds Python.
EXTENSION = "_swifttrace"
BUILT = '"""The toolchain that built the extension."""\n\nSWIFT = "{swift}"\n'
WHEELS = (
    "no Swift is needed for a wheel: Linux on x86-64 with glibc 2.28 or newer, and CPython 3.11 to "
    "3.15: https://pypi.org/project/swifttrace/#files"
)
EXPORTS = "{ global: PyInit__swifttrace; local: *; };\n"


class Build(build):
    """Uses an empty folder for each interpreter, so that wheels contain no deleted files."""

    def initialize_options(self) -> None:
        super().initialize_options()
        self.build_base = f"build/setuptools-{interpreter.key()}"

    def run(self) -> None:
        for folder in Path(f"build/setuptools-{interpreter.key()}").glob("lib*"):
            shutil.rmtree(folder)
        super().run()


class BuildPython(build_py):
    """Adds `swifttrace.pth`, which starts tracing with Python if the environment requests it."""

    def run(self) -> None:
        super().run()
        # It is beside the package. An editable install has no other file in site-packages.
        install = self.distribution.get_command_obj("install")
        folder = install.install_purelib if self.editable_mode else self.build_lib
        self.copy_file(str(START_FILE), str(Path(folder) / START_FILE.name))


class BuildSwift(build_ext):
    """Builds the Swift package instead of calling a C compiler."""

    def build_extension(self, ext: Extension) -> None:
        interpreter.check()
        problem = toolchain.problem()
        if problem:
            interpreter.fail(f"{problem}; {WHEELS}")
        swift = toolchain.swift()
        interpreter.check_headers()

        # For `make asan`: a sanitizer of the toolchain. The process must load its runtime.
        sanitizer = os.environ.get("SWIFTTRACE_SANITIZE")
        kind = sanitizer or "extension"
        # All interpreters share the folder, so that code that does not depend on them is compiled
        # once. SwiftPM waits for another build in the folder.
        scratch = toolchain.ROOT / "build" / kind
        scratch.mkdir(parents=True, exist_ok=True)
        exports = scratch / "exports.map"
        exports.write_text(EXPORTS)
        command = [swift, "build", "--configuration", "release", "--product", EXTENSION]
        command += ["--package-path", str(toolchain.ROOT), "--scratch-path", str(scratch)]
        # A cached build plan would contain the headers of the previous interpreter.
        command += ["--disable-build-manifest-caching"]
        # Gives the code on the path of an event one more register.
        command += ["--omit-frame-pointers"]
        # The extension contains the runtime, so that users need no toolchain. The file contains no
        # paths of the toolchain or of the build folder.
        command += ["-Xswiftc", "-static-stdlib", "-Xlinker", f"--version-script={exports}"]
        command += ["-Xlinker", f"-soname={EXTENSION}"]
        command += ["--sanitize", sanitizer] if sanitizer else ["-Xlinker", "--strip-all"]
        environment = {**toolchain.environment(), "SWIFTTRACE_EXTENSION_ONLY": "1"}
        built = scratch / "release" / f"lib{EXTENSION}.so"
        # For wheels that run on other systems: `make wheels`.
        is_portable = bool(os.environ.get("SWIFTTRACE_PORTABLE"))
        if is_portable:
            options, variables = portable.link(scratch / "portable")
            command += options
            environment.update(variables)
            # SwiftPM does not track the other files that are linked, so force a link.
            built.unlink(missing_ok=True)
        status = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode
        if status:
            interpreter.fail(f"`swift build` failed with status {status}; its messages are above")

        target = Path(self.get_ext_fullpath(ext.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        # The new file gets a new inode, so that running programs keep the old one.
        target.unlink(missing_ok=True)
        shutil.copyfile(built, target)
        target.chmod(0o755)
        if is_portable:
            portable.settle(target)
        # `python -m swifttrace doctor` prints it.
        target.with_name("_built.py").write_text(BUILT.format(swift=toolchain.find()[0]))
