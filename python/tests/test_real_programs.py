"""Programs of the standard library have equal output and status, traced or not."""

from pathlib import Path

import pytest
from conftest import SameAsUntraced

SOURCE = '''\
"""A module to look at."""

import argparse


class Shape:
    """A shape."""

    sides = 4

    def area(self, *sizes: float, unit="cm") -> float:
        total = 1.0
        for size in sizes:
            total *= size if size else 0
        return total


async def numbers():
    async for x in numbers():
        yield [y async for y in x if (z := y)]


def matches(value):
    match value:
        case {"a": [int(x), *_]} | [x] if x:
            return f"{x!r:>{10}}"
'''

TEST_CASES = """\
import unittest


class Sums(unittest.TestCase):
    def test_right(self):
        self.assertEqual(1 + 1, 2)

    def test_wrong(self):
        self.assertEqual([1, 2, 3], [1, 2, 4])

    def test_error(self):
        {}["key"]

    @unittest.skip("why not")
    def test_skipped(self):
        pass

    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertNotEqual(n, 1)


class Async(unittest.IsolatedAsyncioTestCase):
    async def test_awaits(self):
        self.assertTrue(True)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    print(len(result.failures), len(result.errors), len(result.skipped))
    raise SystemExit(len(result.failures))
"""

JSON = '{"b": [1, 2.5, null, true], "a": {"ä": "\\u00e9"}}'

MODULES = [
    pytest.param(["json.tool", "--sort-keys"], JSON, id="json.tool"),
    pytest.param(["json.tool"], "{broken", id="json.tool of no json"),
    pytest.param(["tokenize", "source.py"], "", id="tokenize"),
    pytest.param(["dis"], "for x in [1, 2]:\n    print(x)\n", id="dis"),
    pytest.param(["ast", "source.py"], "", id="ast"),
    pytest.param(["tabnanny", "-v", "source.py"], "", id="tabnanny"),
    pytest.param(["pyclbr", "source.py"], "", id="pyclbr"),
    pytest.param(["symtable"], "x = [y for y in z]\n", id="symtable"),
    pytest.param(["calendar", "2024"], "", id="calendar"),
    pytest.param(["this"], "", id="this"),
    pytest.param(["base64", "-e", "source.py"], "", id="base64"),
    pytest.param(["quopri"], "é = x\n", id="quopri"),
    pytest.param(["compileall", "-q", "-f", "source.py"], "", id="compileall"),
    pytest.param(["py_compile", "nothing.py"], "", id="py_compile of no file"),
    pytest.param(["zipfile", "-l", "nothing.zip"], "", id="zipfile of no file"),
    pytest.param(["inspect", "textwrap:dedent"], "", id="inspect"),
    pytest.param(["code", "-q"], "x = 6\nprint(x * 7)\n1/0\n", id="code"),
]


@pytest.mark.parametrize(("command", "stdin"), MODULES)
def test_modules_that_can_be_run(
    same_as_untraced: SameAsUntraced, tmp_path: Path, command: list[str], stdin: str
) -> None:
    (tmp_path / "source.py").write_text(SOURCE)
    same_as_untraced("-m", *command, stdin=stdin)


def test_unittest(same_as_untraced: SameAsUntraced) -> None:
    # unittest prints the duration of a run.
    clock = "import time\ntime.perf_counter = lambda: 0.0\n"
    program = clock + TEST_CASES
    ended = same_as_untraced(program=program)
    assert ended.stdout == "2 1 1\n"
    assert ended.status == 2
    assert "AssertionError: Lists differ: [1, 2, 3] != [1, 2, 4]" in ended.stderr


DRIVERS = {
    "argparse": """
import argparse, sys
parser = argparse.ArgumentParser(prog="tool", description="Does things.")
parser.add_argument("files", nargs="*", type=argparse.FileType("r"))
commands = parser.add_subparsers()
commands.add_parser("run", help="runs").add_argument("--fast", action="store_true")
parser.print_help()
print(parser.parse_args(["run", "--fast"]))
parser.parse_args(["run", "--slow"])
""",
    "asyncio": """
import asyncio

async def produce(queue):
    for n in range(5):
        await queue.put(n)
        await asyncio.sleep(0)
    await queue.put(None)

async def consume(queue):
    while (n := await queue.get()) is not None:
        print("got", n)

async def fails():
    await asyncio.sleep(0)
    raise ValueError("in a task")

async def main():
    asyncio.get_running_loop().slow_callback_duration = 60  # -X dev tells of slow ones.
    queue = asyncio.Queue(2)
    await asyncio.gather(produce(queue), consume(queue))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
            group.create_task(asyncio.sleep(60))
    except* ValueError as errors:
        print(errors.exceptions)
    try:
        await asyncio.wait_for(asyncio.sleep(60), 0.001)
    except TimeoutError:
        print("timeout")
    process = await asyncio.create_subprocess_exec("echo", "child", stdout=-1)
    print(await process.communicate())
    print(await asyncio.to_thread(sum, [1, 2]))

asyncio.run(main())
""",
    "dataclasses and enum": """
import dataclasses, enum, functools, typing

class Colour(enum.Flag):
    RED = enum.auto()
    BLUE = enum.auto()

@functools.total_ordering
@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0
    colour: Colour = Colour.RED | Colour.BLUE
    def __lt__(self, other): return (self.x, self.y) < (other.x, other.y)

print(sorted([Point(3), Point(1, 2)]), dataclasses.asdict(Point(1)), typing.get_type_hints(Point))
print(Colour(3), list(Colour), functools.lru_cache(Point)(5))
Point(1).x = 2
""",
    "html.parser": """
import html.parser, html

class Outline(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs): print("start", tag, attrs)
    def handle_endtag(self, tag): print("end", tag)
    def handle_data(self, data): print("data", repr(data))
    def handle_comment(self, data): print("comment", data)

Outline().feed('<p class="a &amp; b">x<br/>&lt;<!-- c --><b>y</p>')
print(html.escape("<&>"), html.unescape("&eacute;&#x1f600;").encode())
""",
    "difflib and textwrap": """
import difflib, textwrap
a, b = "one two three four".split(), "one tree four five".split()
print("\\n".join(difflib.unified_diff(a, b, lineterm="")))
print("\\n".join(difflib.ndiff(a, b)), difflib.get_close_matches("thre", a))
print(textwrap.fill("the quick brown fox jumps " * 5, 30, initial_indent="* "))
print(textwrap.dedent("    x\\n      y"), textwrap.shorten("hello world " * 5, 20))
""",
    "data formats": """
import configparser, csv, decimal, fractions, io, pickle, plistlib, tomllib
import xml.etree.ElementTree as ET
config = configparser.ConfigParser(); config.read_string("[a]\\nx = 1\\ny = %(x)s2\\n")
print(dict(config["a"]))
print(list(csv.DictReader(io.StringIO("a,b\\n1,'2'\\n"))))
print(tomllib.loads("[a]\\nx = [1, 2.5]\\nd = 2024-01-01"))
print(plistlib.loads(plistlib.dumps({"x": [1, True]})))
print(ET.tostring(ET.fromstring("<a x='1'><b/>t</a>")))
print(pickle.loads(pickle.dumps({"x": {1, 2}})), decimal.Decimal(1) / 7, fractions.Fraction(0.1))
tomllib.loads("x = ")
""",
    "shlex, re and string": r"""
import ast, re, shlex, string, inspect, types
print(shlex.split("a 'b c' d\\ e"), shlex.quote("it's"))
print(re.sub(r"(?P<word>\w+)", lambda m: m["word"].title(), "the quick fox"))
print(string.Template("$who likes ${what}").substitute(who="tim", what="kung pao"))
print(ast.unparse(ast.parse("def f(x, *, y=1): return [x for _ in y if _]")))
def f(a, /, b=1, *c, d, **e): pass
print(inspect.signature(f), inspect.getsource(f))
re.compile("(")
""",
    "contextlib and weakref": """
import contextlib, gc, weakref

class Node:
    def __init__(self): self.me = self
    def __del__(self): print("deleted")

@contextlib.contextmanager
def manager(name):
    print("enter", name)
    try:
        yield name
    finally:
        print("exit", name)

with contextlib.ExitStack() as stack:
    for name in "ab":
        stack.enter_context(manager(name))
    stack.callback(print, "callback")
    with contextlib.suppress(KeyError):
        {}[0]
node = Node()
reference = weakref.ref(node, lambda r: print("gone"))
weakref.finalize(node, print, "finalized")
del node
print(gc.collect() > 0, reference())
other = Node()
""",
    "sockets and subprocesses": """
import multiprocessing, socket, socketserver, subprocess, sys, threading

class Echo(socketserver.StreamRequestHandler):
    def handle(self): self.wfile.write(self.rfile.readline().upper())

with socketserver.TCPServer(("127.0.0.1", 0), Echo) as server:
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with socket.create_connection(server.server_address) as connection:
        connection.sendall(b"hello\\n")
        print(connection.makefile().read(), end="")
    thread.join()
print(subprocess.run([sys.executable, "-c", "print('child')"], capture_output=True).stdout)

def square(n): return n * n

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(square, range(4)))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(square, range(3)))
""",
    "cProfile": """
import cProfile, pstats

def f(n): return sum(range(n))

profile = cProfile.Profile()
profile.runcall(f, 10)
stats = pstats.Stats(profile)
print(sorted(name for _, _, name in stats.stats if name != "<built-in method builtins.sum>")[-1:])
""",
}


@pytest.mark.parametrize("name", DRIVERS)
def test_programs_that_use_the_standard_library(
    same_as_untraced: SameAsUntraced, name: str
) -> None:
    ended = same_as_untraced(program=DRIVERS[name], env={"PYTHONWARNINGS": "ignore"})
    assert ended.stdout
