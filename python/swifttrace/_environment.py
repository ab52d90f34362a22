"""Starts tracing if the environment requests it. swifttrace.pth imports this module."""

from ._cli.environment import start

start()
