"""`python -m swifttrace`."""

from ._tracing import search_path

__all__ = ["main"]


def main() -> None:
    """Run the command line, with the standard library's modules, not the program's."""
    search_path.begin()
    from ._cli import main as cli

    cli.main()


if __name__ == "__main__":
    main()
