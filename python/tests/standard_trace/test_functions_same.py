"""`--listfuncs` and `--trackcalls` print the same as `python -m trace`, for all functions."""

import shutil
from pathlib import Path

import pytest
from running import run_python

METHODS = """
import functools

class Base:
    count = 0
    def __init__(self, x):
        self.x = x
        type(self).note()
    @classmethod
    def note(cls):
        cls.count += 1
    @staticmethod
    def twice(x):
        return 2 * x
    @property
    def double(self):
        return self.twice(self.x)
    def same(self): return self

class Derived(Base):
    def __init__(self, x):
        super().__init__(x)
    def same(self): return super().same()
    copied = Base.same

class Other:
    same = Base.same      # Two classes have it: neither is named.

class Meta(type):
    def __call__(cls, *args):
        return super().__call__(*args)

class Made(metaclass=Meta):
    def __repr__(self): return "Made"

def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

@decorated
def add(a, b): return a + b

print(Derived(2).same().double, Other().same(), repr(Made()), add(1, 2))
""".replace("Other().same()", "bool(Other().same())")

GENERATORS = """
def numbers(n):
    for i in range(n):
        yield i

def delegating(n):
    received = yield from numbers(n)
    return received

def closing():
    try:
        yield 1
        yield 2
    except ValueError:
        yield inner()

def inner(): return 3

class Pause:
    def __await__(self):
        yield "paused"

async def wait(n):
    await Pause()
    return [x async for x in many(n)]

async def many(n):
    for i in range(n):
        yield i
        await Pause()

def run(coroutine):
    try:
        while True: coroutine.send(None)
    except StopIteration as end:
        return end.value

generator = closing()
next(generator)
print(list(delegating(3)), generator.throw(ValueError), run(wait(2)))
shared = numbers(4)
def first(): return next(shared)
def second(): return next(shared)
print(first(), second(), first(), second())
"""

NESTED = """
import collections
def outer(n):
    def inner(m):
        return 0 if m == 0 else inner(m - 1) + 1
    class Local:
        def method(self): return inner(2)
    return inner(n) + Local().method()
compiled = lambda x: x + 1
functions = [lambda i=i: i for i in range(3)]
exec("def made(x): return outer(x)\\nmade(1)")
eval("outer(2)")
print(sorted([3, 1, 2], key=lambda x: -x), [f() for f in functions], compiled(outer(3)))
print(collections.Counter("abca").most_common(1))
class Key:
    def __init__(self, x): self.x = x
    def __lt__(self, other): return self.x < other.x
    def __hash__(self): return hash(self.x)
    def __eq__(self, other): return self.x == other.x
print(min(Key(2), Key(1)).x, len({Key(1), Key(1)}))
"""

RAISING = """
def fails(): raise KeyError("no")
def handles():
    try:
        fails()
    except KeyError:
        return recover()
def recover(): return "recovered"
print(handles())
import sys
sys.exit(handles() and 3)
"""

PROGRAMS = {"methods": METHODS, "generators": GENERATORS, "nested": NESTED, "raising": RAISING}


@pytest.mark.parametrize("flag", ["-l", "-T"])
@pytest.mark.parametrize("how", ["script", "module"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_functions_are_told_the_same(tmp_path: Path, program: str, how: str, flag: str) -> None:
    texts = []
    for module in ("trace", "swifttrace.trace"):
        folder = tmp_path / "run"
        (folder / "package").mkdir(parents=True)
        (folder / "package" / "__init__.py").write_text("def never(): pass\n")
        (folder / "package" / "__main__.py").write_text(PROGRAMS[program])
        run_python("-m", "package", cwd=folder)
        named = ["--module", "package"] if how == "module" else ["package/__main__.py"]
        ended = run_python("-m", module, flag, *named, cwd=folder)
        # A method's class is found by the garbage collector's referrers. On 3.13, that of ABCMeta
        # depends on the loaded modules. The status of the original is 0 even if the program's is
        # not.
        texts.append((ended.stdout.replace("ABCMeta.", ""), ended.stderr))
        shutil.rmtree(folder)
    assert texts[0] == texts[1]
    assert texts[0][0].count("\n") > 5


USED = """
import sys
if sys.argv[1] == "trace":
    import trace
else:
    import swifttrace.trace as trace

class Shape:
    def area(self): return area(2)
def area(x): return x * x
def main(n):
    return sum(Shape().area() for _ in range(n))

def show(tracer):
    results = tracer.results()
    names = [sorted(results.calledfuncs), sorted(results.callers)]
    print(repr(names).replace("swifttrace/trace.py", "trace.py"))

for options in ({"countfuncs": 1}, {"countcallers": 1}):
    tracer = trace.Trace(trace=0, count=0, **options)
    print(tracer.runfunc(main, 3), tracer.runfunc(list, map(area, [1, 2])))
    show(tracer)
    tracer.run("main(2)")
    show(tracer)
    tracer.runctx("f()", {"f": lambda: area(1)})
    show(tracer)
    try:
        tracer.runfunc(lambda: 1 / 0)
    except ZeroDivisionError:
        print("raised")
    show(tracer)
"""


def test_classes_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "used.py").write_text(USED)
    original, ours = (run_python("used.py", name, cwd=tmp_path) for name in ("trace", "ours"))
    assert original.status == 0
    assert ours == original


@pytest.mark.parametrize("option", ["countfuncs", "countcallers"])
def test_a_name_of_the_programs_own_making_is_used(tmp_path: Path, option: str) -> None:
    (tmp_path / "used.py").write_text(f"""
from swifttrace.trace import Trace
class Own(Trace):
    def file_module_function_of(self, frame):
        return "file", "module", frame.f_code.co_name + str(frame.f_lineno > 0)
tracer = Own(trace=0, count=0, {option}=1)
def f(): return 1
def g(): return f()
tracer.runfunc(g)
print(sorted(tracer.results().calledfuncs), sorted(tracer.results().callers))
""")
    ended = run_python("used.py", cwd=tmp_path)
    assert "'fTrue'" in ended.stdout and "'gTrue'" in ended.stdout
