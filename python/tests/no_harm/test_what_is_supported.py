"""What the module says that it supports, and how it refuses the rest."""

import sys
from pathlib import Path

from conftest import Run

ROOT = Path(__file__).resolve().parents[3]


def test_a_sub_interpreter_is_refused(run_program: Run) -> None:
    program = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

IMPORT = '''
try:
    import swifttrace
except ImportError as error:
    print(error, flush=True)
'''
for _ in range(2):
    interpreters.run_string(interpreters.create(), IMPORT)
import swifttrace
print(swifttrace.stop.__name__)
"""
    first, second, last = run_program(program).lines()
    assert first == second
    assert "swifttrace" in first
    assert "interpreter" in first
    assert last == "stop"
    if sys.version_info < (3, 12):
        assert first == "swifttrace runs in the main interpreter only, not in a sub-interpreter"


def test_the_module_needs_the_gil() -> None:
    # No free-threaded interpreter is at hand, so this looks at what one would be told.
    header = (ROOT / "Sources" / "CTraceHook" / "compat.h").read_text()
    assert "{Py_mod_gil, Py_MOD_GIL_USED}" in header
    assert "compat_MODULE_SLOTS" in (ROOT / "Sources" / "CTraceHook" / "module.c").read_text()
