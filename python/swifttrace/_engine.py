"""Loads the compiled engine before anything uses it, or reports in one line why it cannot."""

try:
    from . import _swifttrace as _swifttrace
except ImportError:
    import sys
    from importlib.machinery import EXTENSION_SUFFIXES
    from pathlib import Path

    folder = Path(__file__).parent
    if any((folder / f"_swifttrace{suffix}").exists() for suffix in EXTENSION_SUFFIXES):
        raise
    # The engine for another Python has another name, so this import does not find it.
    tags = sorted(file.name.split(".")[1] for file in folder.glob("_swifttrace.*.so"))
    raise ImportError(
        "swifttrace does not fit this Python: its engine is "
        f"{'built for ' + ', '.join(tags) if tags else 'missing'}, this is "
        f"{EXTENSION_SUFFIXES[0].split('.')[1]}; "
        f"run: {sys.executable} -m pip install --force-reinstall swifttrace"
    ) from None
