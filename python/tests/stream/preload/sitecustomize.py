"""Runs before all else in both runs: loads modules whose loading is not recorded."""

import importlib
import os

os.getpid = (4711).__index__  # Names of temporary files have it. This runs no code in Python.
for name in os.environ.pop("PRELOAD", "").split():
    importlib.import_module(name)
del importlib, os
