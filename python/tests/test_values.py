"""Values of exact builtin types are shown as by `str()`, with controls as in `repr()`."""

import re

import pytest
from conftest import Run

# Returns each value of `values` from a function under a ReturnLogger, alone and in a list, and
# prints texts that differ from Python's.
COMPARE = """
import io, swifttrace


def shown(value):
    out = io.StringIO()

    def f():
        return value

    with swifttrace.trace(swifttrace.ReturnLogger(out)):
        f()
    return out.getvalue()


for value in values:
    for value in (value, [value]):
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(value))
        expected = f"Returning from f with value {text}\\n"
        if shown(value) != expected:
            print(ascii(shown(value)), "is not", ascii(expected))
print(len(values), "compared")
"""

SETUP = """
class Plain:
    class Inner:
        def method(self): ...
    def method(self): ...
    async def coroutine(self): ...

def function(): return lambda: 0
def generator(): yield
async def asynchronous(): yield
"""

INTS = "0 1 -1 9 -10 255 2**31 2**63-1 2**63 -2**63 -2**63-1 2**64 10**100 -10**100 3**1000"
FLOATS = (
    "0.0 -0.0 1.0 -1.5 0.1 1e15 1e16 1e-4 1e-5 1e22 123456789012345.6 1.7976931348623157e308 "
    "2.2250738585072014e-308 5e-324 float('nan') float('inf') float('-inf')"
)
COMPLEXES = (
    "0j 1j -1j 1+2j 1.5-2.5j 1e16j complex(-0.0,0) complex(0,-0.0) complex(-0.0,-0.0) "
    "complex('nan') complex('infj') complex('-inf+nanj') complex(1,float('nan'))"
)
STRINGS = [
    *["", "plain", "it's", 'say "x"', "'\"", "back\\slash", "new\nline", "\t\r\n", "\x00\x1b\x1f"],
    *["\x7f\x80\x9f", "\xa0\xad", "é", "ÿ", "Ā", "日本", "\u0378", "\u200b\u2028", "\ufeff\uffff"],
    *["\U0001f600", "\U0010ffff", "\U000e0001", "e\u0301", "a" * 500],
]
BYTES = "b'' b'plain' b'\\x00\\t\\n\\r\\x7f\\xff' b'it\\'s' b'\"' b'\"\\'' b'\\\\' b'a'*500"
CONTAINERS = (
    "[] () {} set() frozenset() [1] (1,) (1,2) {1:2} {1} frozenset({1}) [[]] ((),) [(),{},set()] "
    "[1,[2,(3,),{4:{5}}]] {'a':[None,True],(1,2):b'x',frozenset({3}):...} [0.1,-0.0,1j,'it\\'s'] "
    "{frozenset({'x'})} [[[[[0]]]]] [[[[[{}]]]]] tuple(range(100)) dict.fromkeys(range(100)) "
    "{'a','b','c'} [None]*100"
)
OTHERS = (
    "None True False ... NotImplemented range(0) range(3) range(1,3) range(1,10,2) range(5,0,-1) "
    "range(-2**70,2**70,2**65) object()"
)
CODE = (
    "Plain Plain.Inner int type object type(None) Plain.method Plain.Inner.method function "
    "function() len print [].append {}.get ''.join object().__reduce__ int.from_bytes "
    "generator() asynchronous() generator asynchronous Plain() Plain.Inner() "
    "__import__('io').StringIO"
)


@pytest.mark.parametrize(
    "expressions",
    [
        pytest.param(INTS.split(), id="int"),
        pytest.param(FLOATS.split(), id="float"),
        pytest.param(COMPLEXES.split(), id="complex"),
        pytest.param(list(map(ascii, STRINGS)), id="str"),
        pytest.param(BYTES.split(), id="bytes"),
        pytest.param(CONTAINERS.split(), id="containers"),
        pytest.param(OTHERS.split(), id="constants and ranges"),
        pytest.param(CODE.split(), id="functions and classes"),
    ],
)
def test_values_show_as_python_shows_them(run_program: Run, expressions: list[str]) -> None:
    values = f"values = [{', '.join(expressions)}]\n"
    assert run_program(SETUP + values + COMPARE).lines() == [f"{len(expressions)} compared"]


def test_a_bytearray_shows_as_python_shows_it(run_program: Run) -> None:
    # Python escapes single quotes in a bytearray even within double quotes.
    contents = [b"", b"plain", b"\x00\t\n\r\x7f\xff", b'"', b"\\", b"it's", b"'\""]
    values = f"values = [bytearray(content) for content in {contents}]\n"
    assert run_program(values + COMPARE).lines() == ["7 compared"]


def test_a_coroutine_shows_as_python_shows_it(run_program: Run) -> None:
    values = "values = [Plain().coroutine()]\n"
    ended = run_program(SETUP + values + COMPARE + "values[0].close()\n")
    assert ended.lines() == ["1 compared"]


def test_containers_that_contain_themselves(run_program: Run) -> None:
    values = """
l = []; l.append(l)
d = {}; d["self"] = d
t = ([], 0); t[0].append(t)
both = [d]; d["list"] = both
values = [l, d, t, [l, l, d], both]
"""
    assert run_program(values + COMPARE).lines() == ["5 compared"]


def test_a_tuple_of_one_that_contains_itself(run_program: Run) -> None:
    # No comma after the dots, which represent the tuple, not its only element.
    values = "t = ([],); t[0].append(t)\nvalues = [t]\n"
    assert run_program(values + COMPARE).lines() == ["1 compared"]


# Texts that cannot be compared with Python's, which differ or cannot be made.

RETURN_IT = """
import swifttrace, sys

def f():
    return VALUE

with swifttrace.trace(swifttrace.ReturnLogger(sys.stdout)):
    f()
"""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("'\\ud800x'", "\\ud800x"),
        ("['\\udfff']", "['\\udfff']"),
        ("Plain()", "<__main__.Plain object at 0x>"),
        ("Plain.Inner()", "<__main__.Plain.Inner object at 0x>"),
        ("__import__('fractions').Fraction(1, 3)", "<fractions.Fraction object at 0x>"),
        ("__import__('collections').OrderedDict()", "<collections.OrderedDict object at 0x>"),
        ("Exception('text')", "<Exception object at 0x>"),
        ("[Exception('text')]", "[<Exception object at 0x>]"),
    ],
)
def test_other_objects_show_by_class_and_address(run_program: Run, value: str, shown: str) -> None:
    program = SETUP + RETURN_IT.replace("VALUE", value)
    (line,) = run_program(program).lines()
    assert re.sub("0x[0-9a-f]+", "0x", line) == f"Returning from f with value {shown}"


def test_the_address_is_the_objects_own(run_program: Run) -> None:
    program = "x = object()\nprint(hex(id(x)))\n" + RETURN_IT.replace("VALUE", "x")
    address, line = run_program(program).lines()
    assert line == f"Returning from f with value <object object at {address}>"
