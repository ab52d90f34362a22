"""Showing values runs none of the program's code, and changes nothing."""

from .case import Case

SPY = """
from facts import note

called = []

def spy(name):
    def method(self, *args):
        called.append(name)
        return RESULT
    return method

class Spy:
    pass

class Meta(type):
    pass

def give(value, *rest, **named): return value

def work(thing):
    again = give(thing, thing, key=thing)
    return [again, (again,), {"key": again}]

def quiet():
    del called[:]
"""


def spies(name: str, methods: str, result: str, *more: str) -> Case:
    set_up = f"""
for name in {methods!r}.split():
    setattr(Spy, name, spy(name))
"""
    run = """
thing = Spy()
quiet()
kept = work(thing)
seen = sorted(set(called))
note(seen)
"""
    program = SPY.replace("RESULT", result) + set_up + "".join(more) + run
    return Case(name, program, "[]\n")


CASES = [
    spies("`__repr__`, `__str__`, `__format__`", "__repr__ __str__ __format__", "'spy'"),
    spies("`__eq__`, `__ne__`, `__lt__`", "__eq__ __ne__ __lt__ __gt__ __le__ __ge__", "True"),
    spies("`__hash__`, `__bool__`, `__len__`", "__hash__ __bool__ __len__ __index__", "1"),
    spies("`__iter__`, `__getitem__`, `__contains__`", "__iter__ __getitem__ __contains__", "None"),
    spies("`__getattr__`, `__getattribute__`", "__getattr__ __getattribute__", "None"),
    spies("`__dir__`, `__sizeof__`, `__reduce_ex__`", "__dir__ __sizeof__ __reduce_ex__", "1"),
    Case(
        "a property, a slot and `__class__`",
        """
from facts import note

called = []

class Thing:
    @property
    def value(self): called.append("value")

    @property
    def __class__(self):
        called.append("__class__")
        return int

    @property
    def __dict__(self):
        called.append("__dict__")
        return {}

def give(value): return value

thing = Thing()
give(thing)
note(called)
""",
        "[]\n",
    ),
    Case(
        "subclasses of built-in types",
        """
from facts import note

called = []

def make(base):
    names = "__repr__ __str__ __len__ __iter__ __getitem__ __contains__ items keys values".split()

    def spy(name):
        def method(self, *args):
            called.append(f"{base.__name__}.{name}")
            return ""
        return method

    return type("Own", (base,), {name: spy(name) for name in names})()

def give(value): return value

things = [make(base) for base in (int, float, str, bytes, list, tuple, dict, set, Exception)]
for thing in things: give(thing)
seen = sorted(set(called))
note(seen)
""",
        "[]\n",
    ),
    Case(
        "a metaclass",
        """
from facts import note

called = []

class Meta(type):
    def __repr__(cls): called.append("__repr__"); return "?"
    def __getattribute__(cls, name): called.append(name); return type.__getattribute__(cls, name)
    def __instancecheck__(cls, value): called.append("isinstance"); return True

class Thing(metaclass=Meta): pass

def give(value): return value

thing = Thing()
del called[:]
give(thing)
give(Thing)
note(called)
""",
        "[]\n",
    ),
    Case(
        "an exception with a `__str__`",
        """
from facts import note

called = []

class Error(Exception):
    def __str__(self): called.append("__str__"); return "?"
    def __repr__(self): called.append("__repr__"); return "?"

def fail(): raise Error("text")

try:
    fail()
except Error:
    note(called)
""",
        "[]\n",
    ),
    Case(
        "objects of subclasses of tuple as results and exit status",
        """
import asyncio, collections, os, sys
from facts import note

Point = collections.namedtuple("Point", "x y")

async def stat(): return os.stat(".")
async def ask(): return (await stat()).st_size > 0
def point(): yield; return Point(1, 2)
def outer(): note((yield from point()))
def leave(status): sys.exit(status)

note(asyncio.run(ask()))
list(outer())
try:
    leave(Point(3, 4))
except SystemExit as error:
    note(error.code, error.args)
""",
        None,
    ),
    Case(
        "a tuple that C code is still filling",
        """
import gc, itertools
from facts import note

# From 3.14 on `tuple` fills no tuple that others can find.
fill = getattr(itertools, "batched", lambda items, _: iter([tuple(items)]))

def give(value): return value

def items():
    mark = []
    yield mark
    for found in gc.get_referrers(mark):
        if type(found) is tuple: give(found)
    yield 2

note(len(next(fill(items(), 3))))
""",
        "2\n",
    ),
    Case(
        "events that C code fires itself, as Cython does",
        """
import ctypes, sys
from facts import note

class State(ctypes.Structure):
    _fields_ = [("active", ctypes.c_uint8), ("opaque", ctypes.c_uint8)]

def compiled(x): pass

def fire(name, number, *given):
    state, version = State(), ctypes.c_uint64(0)
    kinds = (ctypes.c_uint8 * 1)(number)
    ctypes.pythonapi.PyMonitoring_EnterScope(
        ctypes.byref(state), ctypes.byref(version), kinds, ctypes.c_ssize_t(1))
    if not state.active: return 0
    function = getattr(ctypes.pythonapi, f"_PyMonitoring_Fire{name}Event")
    function.argtypes = [ctypes.c_void_p, ctypes.py_object, ctypes.c_int32,
                         *[type(value) for value in given]]
    return function(ctypes.byref(state), compiled.__code__, 0, *given)

try:
    note(fire("PyStart", 0), fire("Line", 5, ctypes.c_int(7)),
         fire("PyReturn", 2, ctypes.py_object(None)))
except Exception as error:
    note(type(error).__name__)
""",
        "0 0 0\n",
        since=(3, 13),
    ),
    Case(
        "a variable written through `locals()`",
        """
from facts import note

def work():
    names = locals()
    names["x"] = 5
    f()
    return names["x"]

def f(x=1): return x

def clash():
    x = 1
    names = locals()
    names["x"] = 5
    f()
    return x, names["x"]

note(work(), clash())
""",
        "5 (1, 5)\n",
    ),
    Case(
        "a list that the program changes while it is passed on",
        """
import threading
from facts import note

values = {n: n for n in range(50)}
stop = threading.Event()

def change():
    while not stop.is_set():
        values.clear()
        values.update((n, [n]) for n in range(50))

def give(table): return table

thread = threading.Thread(target=change)
thread.start()
for _ in range(2_000): give(values)
stop.set()
thread.join()
note(len(values))
""",
        "50\n",
    ),
]
