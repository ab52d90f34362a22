"""All kinds of objects, in all states, are shown in every way of showing values."""

from pathlib import Path

import pytest
from conftest import RunRecorded, RunTraced
from running import run_python

# Creates `values`: objects of all builtin types, of their subclasses, and in unusual states.
VALUES = r"""
import builtins, collections, ctypes, gc, itertools, os, sys, types, urllib.parse, weakref

def generator():
    yield

async def coroutine():
    return None

async def asynchronous():
    yield

def cell():
    inside = 1
    def inner():
        return inside
    del inside
    return inner

class Plain:
    def method(self): ...

class Slots:
    __slots__ = ("a", "b")

class Meta(type):
    pass

Point = collections.namedtuple("Point", "x y")
One = collections.namedtuple("One", "x")

values = [
    None, True, False, ..., NotImplemented, 0, -1, 2**30, -2**30, 2**63 - 1, -2**63, 2**64, -2**64,
    10**1000, -(10**5000), 0.0, -0.0, 1e308, float("nan"), float("-inf"), 1j,
    complex("nan-infj"), "", "text",
    "\ud800", "a\udcff\U0001f600", "\0\x1b[31m\u202e", "x" * 100_000, b"", b"\0\xff" * 1000,
    bytearray(b"\0"),
    range(0), range(-1, 2**70, 3), slice(None), [], (), {}, set(), frozenset(),
    [[[[[[[[[[]]]]]]]]]],
    memoryview(b"x"), object(), Slots(), Plain(), Plain().method, len, [].append, str.join,
    dict.fromkeys,
    generator(), coroutine(), asynchronous(), lambda: None, cell(), types.CellType(),
    types.CodeType, sys, os,
    types.SimpleNamespace(a=1), types.MappingProxyType({}), weakref.ref(Plain), iter([]),
    iter(""), map(len, []),
    zip(), enumerate([]), reversed([]), property(), staticmethod(len), classmethod(len),
    super(Plain), type, object,
    sys._getframe(), generator.__code__, Plain.__dict__["__dict__"], os.stat("."),
    urllib.parse.urlsplit("a:b"),
    Point(1, 2), One(1), sys.flags, sys.version_info,
    time_struct := __import__("time").gmtime(0), Meta, Meta("M", (), {}),
]

# Containers within themselves.
inner = []
inner.append(inner)
values += [inner, {1: inner}, (inner,)]

# An instance of every builtin class that takes no arguments, and of a subclass with another layout.
for name, kind in sorted(vars(builtins).items()):
    if not isinstance(kind, type):
        continue
    values.append(kind)
    made = []
    try:
        made.append(kind.__new__(kind))
    except Exception:
        pass
    for body in ({"__slots__": ()}, {"__slots__": ("a",)}, {"extra": 1}, {"__module__": 3,
    "__qualname__": "\ud800"}):
        try:
            sub = type(kind)("Sub" + name, (kind,), body)
            values.append(sub)
            made.append(sub.__new__(sub))
        except Exception:
            pass
    values += made
    if issubclass(kind, BaseException):
        for arguments in ((1,), (1, 2), ("\ud800", None), (Point(1, 2),)):
            try:
                values.append(kind(*arguments))
            except Exception:
                pass

# Classes without names that can be read.
odd = type("Odd", (), {"__module__": None})
odd.__qualname__ = type("Name", (str,), {})("name")
values += [odd, odd()]
gone = type("Gone", (), {"__module__": object()})
values += [gone, gone()]

# Exceptions whose arguments were changed.
changed = ValueError(1)
changed.args = Point(1, 2)
values.append(changed)
cleared = KeyError()
cleared.__setstate__({"args": ()})
values.append(cleared)
for maker in (ctypes.pythonapi.PyObject_CallObject,):
    # As C code raises one whose value is an object of a subclass of tuple.
    maker.restype = ctypes.py_object
    maker.argtypes = (ctypes.py_object, ctypes.py_object)
    for kind in (StopIteration, SystemExit, KeyError, OSError):
        for arguments in (Point(1, 2), One(1), os.stat(".")):
            values.append(maker(kind, arguments))

# Functions and generators whose names were changed.
def renamed(): yield
renamed.__qualname__ = type("Name", (str,), {})("\ud800")
values += [renamed, renamed()]
finished = generator()
list(finished)
running = generator()
next(running)
thrown = generator()
try:
    thrown.throw(KeyError)
except KeyError:
    pass
values += [finished, running, thrown]
never_begun = coroutine()
never_begun.close()
values.append(never_begun)
"""

# Passes each value to every kind of event.
GIVE = r"""
def give(value, *args, key=None, **kwargs):
    return value

def produce(value):
    got = yield value
    return value

def delegate(value):
    return (yield from produce(value))

async def answer(value):
    return value

async def ask(value):
    return await answer(value)

def drive(steps):
    try:
        while True:
            steps.send(None)
    except StopIteration as stop:
        return stop.value

def raise_it(value):
    try:
        raise value
    except BaseException:
        return None

def leave(value):
    sys.exit(value)

class Context:
    def __init__(self, value): self.value = value
    def __enter__(self): return self.value
    def __exit__(self, kind, error, traceback): return True

count = 0
for value in values:
    give(value, value, key=[value], other=(value,))
    give({0: value})
    with Context(value) as inside:
        pass
    drive(produce(value))
    drive(delegate(value))
    drive(ask(value))
    try:
        leave(value)
    except SystemExit:
        pass
    if isinstance(value, BaseException):
        raise_it(value)
    if callable(value):
        try:
            repr(len)
        except Exception:
            pass
    id(value)
    count += 1

# What C code is still filling.
def items():
    mark = []
    yield mark
    for found in gc.get_referrers(mark):
        if type(found) is tuple:
            give(found, [found])
    yield 2

tuple(items())
# From 3.14 on `tuple` fills no tuple that others can find.
if sys.version_info >= (3, 12):
    next(itertools.batched(items(), 3))
coroutines = [value for value in values if type(value) is types.CoroutineType]
for value in coroutines:
    value.close()
sys.stdout.write(f"alive {count}\n")
"""


PROGRAM = VALUES + GIVE

TRACED = {
    "tree": [],
    "tree of all events": ["--events"],
    "sentences": ["--format", "sentences", "--events"],
    "JSON": ["--format", "json"],
    "JSON with functions in C": ["--format", "json", "--c-calls"],
}
SOURCES = ["auto", "settrace"]


@pytest.fixture(scope="module")
def untraced(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The output of the untraced program, which must print no message."""
    folder = tmp_path_factory.mktemp("untraced")
    (folder / "program.py").write_text(PROGRAM)
    return "\n".join(run_python("program.py", cwd=folder).lines()) + "\n"


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("way", TRACED)
def test_every_value_is_shown(run_traced: RunTraced, untraced: str, way: str, source: str) -> None:
    traced = run_traced(PROGRAM, *TRACED[way], "--source", source, "-o", "trace.txt")
    assert (traced.stdout, traced.stderr, traced.status) == (untraced, "", 0)


@pytest.mark.parametrize("source", SOURCES)
def test_every_value_is_recorded_and_read(
    run_recorded: RunRecorded, tmp_path: Path, untraced: str, source: str
) -> None:
    kinds = ("--calls", "--lines", "--returns", "--exceptions")
    recorded = run_recorded(PROGRAM, "--values", "safe", *kinds, "--source", source)
    assert (recorded.stdout, recorded.status) == (untraced, 0)
    recording = next(tmp_path.glob("*.swt"))
    for command in (["show"], ["show", "--format", "json"], ["stats"]):
        read = run_python("-m", "swifttrace", *command, recording, cwd=tmp_path)
        assert (read.stderr, read.status) == ("", 0)
        assert read.stdout


def test_a_value_that_cannot_be_read_shows_as_its_class(run_traced: RunTraced) -> None:
    program = """
import asyncio, ctypes, os, sys

async def stat():
    return os.stat(".")

async def main():
    await stat()

def show(value): pass

make = ctypes.pythonapi.PyTuple_New
make.restype = ctypes.py_object
asyncio.run(main())
show(make(3))
sys.exit(os.stat("."))
"""
    traced = run_traced(program, "--format", "json", "-o", "-")
    tree = run_traced(program, "--function", "show", "-o", "-")
    assert (traced.status, tree.status) == (1, 1)
    assert '"value":"StopIteration","message":"<os.stat_result object at 0x' in traced.stdout
    assert "show(value=(<NULL>, <NULL>, <NULL>))" in tree.stdout
