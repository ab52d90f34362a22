"""The module that swifttrace.pth imports, also one that an older version has installed."""

from ._cli.environment import start

start()
