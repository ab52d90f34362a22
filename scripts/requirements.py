"""Prints the requirements of extras of setup.cfg, for `pip install` without the package."""

import configparser
import sys
from pathlib import Path

config = configparser.ConfigParser()
config.read(Path(__file__).resolve().parent.parent / "setup.cfg")
for extra in sys.argv[1:]:
    print(config["options.extras_require"][extra].strip())
