"""Runs first in both runs: loads modules whose loading is not recorded."""

import importlib
import os

os.getpid = (4711).__index__  # A constant for names of temporary files. Runs no Python code.
for name in os.environ.pop("PRELOAD", "").split():
    importlib.import_module(name)
del importlib, os
