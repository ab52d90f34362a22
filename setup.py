"""The one thing that setup.cfg cannot say: that Swift builds an extension."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))

import interpreter

interpreter.check()

from build_extension import Build, BuildPython, BuildSwift  # noqa: E402
from setuptools import Extension, setup  # noqa: E402

setup(
    cmdclass={"build": Build, "build_py": BuildPython, "build_ext": BuildSwift},
    ext_modules=[Extension("swifttrace._swifttrace", sources=[])],
)
