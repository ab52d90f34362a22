"""The features that the module declares, and its errors for unsupported ones."""

import sys

import pytest
from conftest import Run

REFUSED = "swifttrace runs in the main interpreter only, not in a sub-interpreter"
SHARING = "create('legacy')" if sys.version_info >= (3, 13) else "create(isolated=False)"


def import_in_two(run_program: Run, create: str) -> list[str]:
    """The output of imports of swifttrace in two sub-interpreters and the main one."""
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
    inner = interpreters.CREATE
    interpreters.run_string(inner, IMPORT)
    interpreters.destroy(inner)  # From 3.14 on CPython warns of those that are left.
import swifttrace
print(swifttrace.stop.__name__)
"""
    return run_program(program.replace("CREATE", create)).lines()


def test_a_sub_interpreter_is_refused(run_program: Run) -> None:
    first, second, last = import_in_two(run_program, "create()")
    assert first == second
    assert last == "stop"
    if sys.version_info < (3, 12):
        assert first == REFUSED
    else:  # CPython's message.
        assert first.startswith("module swifttrace._swifttrace does not support")


def test_a_sub_interpreter_that_shares_the_gil_is_refused(run_program: Run) -> None:
    assert import_in_two(run_program, SHARING) == [REFUSED, REFUSED, "stop"]


if sys.version_info >= (3, 12):
    # Numbers of CPython's headers. Reads the slots like a free-threaded interpreter, which is not
    # available for tests.
    INTERPRETERS, GIL = (86, 87) if sys.version_info >= (3, 15) else (3, 4)
    SLOTS = {INTERPRETERS: 0, GIL: 0}  # Not supported; used.

    @pytest.mark.parametrize("slot", list(SLOTS) if sys.version_info >= (3, 13) else [INTERPRETERS])
    def test_the_module_says_what_it_supports(run_program: Run, slot: int) -> None:
        program = """
import ctypes
import swifttrace._swifttrace as module

class Slot(ctypes.Structure):
    _fields_ = [("number", ctypes.c_int), ("value", ctypes.c_size_t)]

class Definition(ctypes.Structure):
    _fields_ = [
        ("object", ctypes.c_size_t * 2), ("base", ctypes.c_size_t * 3), ("name", ctypes.c_char_p),
        ("doc", ctypes.c_char_p), ("size", ctypes.c_ssize_t), ("methods", ctypes.c_void_p),
        ("slots", ctypes.POINTER(Slot)),
    ]

make = ctypes.PyDLL(module.__file__).PyInit__swifttrace
make.restype = ctypes.POINTER(Definition)
slots = make().contents.slots
index = 0
while slots[index].number:
    print(slots[index].number, slots[index].value if slots[index].number > 2 else "")
    index += 1
"""
        assert f"{slot} {SLOTS[slot]}" in run_program(program).lines()
