"""`python -m swifttrace`."""

from ._cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
