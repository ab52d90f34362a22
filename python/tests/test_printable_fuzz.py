"""Random names and texts in programs and recordings: all output escapes them."""

import json
import random
import re
import sys
from pathlib import Path

import pytest
from hostile import resealed
from running import run_python
from terminals import commands_in, nasty

# Functions, classes, modules, threads, tasks and values with names from `texts`.
PROGRAM = """
import asyncio, sys, threading, types

texts, plain = iter(TEXTS * 9), iter(PLAIN * 9)

def named(function):
    code = function.__code__
    function.__code__ = code.replace(
        co_name=next(texts), co_qualname=next(texts),
        co_varnames=tuple(f"{next(texts)}{n}" for n in range(len(code.co_varnames))),
        co_filename=sys.argv[0] + next(texts) if next(numbers) % 2 else code.co_filename)
    function.__name__, function.__qualname__ = next(texts), next(texts)
    return function

def exception():
    made = type(next(plain), (Exception,), {"__module__": next(texts)})
    made.__qualname__ = next(texts)
    return made

numbers = iter(range(1000))
classes = [exception() for _ in range(3)]

def functions():
    def passes(argument, *rest, **more):
        return argument
    def yields(argument):
        yield argument
        yield from passes([argument])
    def fails(argument, kind):
        raise kind(argument)
    async def waits(argument):
        await asyncio.sleep(0)
        return argument
    return tuple(map(named, (passes, yields, fails, waits)))

def work(passes, yields, fails, waits):
    for kind in classes:
        try:
            fails(next(texts), kind)
        except kind:
            pass
    text = next(texts)
    data = text.encode("utf-8", "surrogatepass")
    for value in (text, data, bytearray(data), {text: text},
                  (kind, text), kind(text), kind, passes, waits, text * 40, iter, len,
                  types.ModuleType(text), types.SimpleNamespace(**{text: text})):
        passes(value, text, **{text: value})
        list(yields(value))

async def tasks(made):
    await asyncio.gather(*(
        asyncio.create_task(waits(next(texts)), name=next(texts)) for *_, waits in made))

def main():
    made = [functions() for _ in range(4)]
    for number, each in enumerate(made):
        work(*each)
        module = {"__name__": next(texts), "ask": next(texts)}
        exec(compile(f"def made(a): return a\\nmade(ask)", next(plain), "exec"), module)
        thread = threading.Thread(target=work, args=each, name=next(texts))
        thread.start()
        thread.join()
    asyncio.run(tasks(made))

"""
ALONE = "main()\n"
# All kinds of live text in one program.
TOGETHER = """
import swifttrace
kinds = [getattr(swifttrace, f"{kind}Logger") for kind in LOGGERS]
with swifttrace.trace(*(kind(f"{kind.__name__}.txt") for kind in kinds), source=SOURCE):
    main()
"""
LOGGERS = ["Tree", "Event", "Call", "Line", "Return", "JSON"]
SOURCES = ["settrace", "settrace" if sys.version_info < (3, 12) else "monitoring"]
FORMS = [["--events"], ["--format", "sentences", "--events"], ["--format", "json"]]

# Runs commands of swifttrace, each in a fork, because start and imports cost more than commands.
DRIVER = """
import importlib, json, os, pkgutil, runpy, sys
import swifttrace
for module in pkgutil.walk_packages(swifttrace.__path__, "swifttrace."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
results = []
for number, words in enumerate(json.load(open("commands"))):
    child = os.fork()
    if not child:
        for descriptor, name in (1, "out"), (2, "error"):
            os.dup2(os.open(name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), descriptor)
        sys.argv = ["swifttrace", *words]
        runpy.run_module("swifttrace", run_name="__main__", alter_sys=True)
        sys.exit()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    files = [open(name, "rb").read().decode(errors="surrogateescape") for name in ("out", "error")]
    results.append([*files, status])
json.dump(results, open("results", "w"))
"""

READERS = [
    ["show", "--events", "{}"],
    ["show", "--format", "sentences", "--events", "{}"],
    ["show", "--format", "json", "{}"],
    ["show", "--fold", "--tasks", "--times", "absolute", "{}"],
    ["show", "--lines", "--source", "--tail", "50", "{}"],
    *(["stats", "--by", "thread", "--format", form, "{}"] for form in ("table", "csv", "json")),
    ["stats", "--lines", "{}"],
    *(["callers", "--format", form, "{}", "*"] for form in ("text", "csv", "json")),
    ["callees", "{}", "*"],
    ["paths", "{}", "*"],
    ["diff", "{}", "whole.swt"],
    *(
        ["export", "--to", name, "-o", "-", "{}"]
        for name in ("chrome", "speedscope", "collapsed", "callgrind", "lcov", "jsonl")
    ),
]


def write_program(folder: Path, chance: random.Random, end: str = ALONE, **more: object) -> str:
    """Writes a program with random names. Returns the name of its file, also random."""
    values = {
        "TEXTS": [nasty(chance) for _ in range(60)],
        "PLAIN": [nasty(chance, everywhere=False) for _ in range(20)],
        **more,
    }
    lines = [f"{name} = {value!a}\n" for name, value in values.items()]
    name = f"{nasty(chance, everywhere=False)}.py"
    (folder / name).write_text("".join(lines) + PROGRAM + end)
    return f"./{name}"


def run_commands(folder: Path, commands: list[list[str]]) -> list[tuple[list[str], str, str, int]]:
    """Runs commands of swifttrace in a folder. Returns each, with its output and status."""
    (folder / "commands").write_text(json.dumps(commands))
    done = run_python("-c", DRIVER, cwd=folder)
    assert done.status == 0, done.stderr
    results = json.loads((folder / "results").read_text())
    return [(words, *result) for words, result in zip(commands, results, strict=True)]


def assert_no_command_obeyed(folder: Path, commands: list[list[str]]) -> None:
    for words, output, errors, status in run_commands(folder, commands):
        assert output or errors, words
        assert status in (0, 1, 2), (words, errors)
        assert "Traceback" not in errors, (words, errors)
        keep = "\t" if "callgrind" in words or "--source" in words else ""
        assert commands_in(output + errors, keep)[:3] == [], words


@pytest.fixture(params=range(3))
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


@pytest.fixture
def folder(tmp_path: Path, chance: random.Random) -> Path:
    folder = tmp_path / nasty(chance, everywhere=False)
    folder.mkdir()
    return folder


def test_live_text(folder: Path, chance: random.Random, request: pytest.FixtureRequest) -> None:
    number = request.node.callspec.params["chance"]
    source = SOURCES[number % 2]
    program = write_program(folder, chance)
    form = FORMS[number % 3]
    words = [
        "-m",
        "swifttrace",
        *form,
        "--source",
        source,
        program,
        nasty(chance, everywhere=False),
    ]
    done = run_python(*words, cwd=folder)
    assert (done.stdout, done.status) == ("", 0), done.stderr
    assert len(done.stderr.splitlines()) > 300
    assert commands_in(done.stderr)[:3] == []
    program = write_program(folder, chance, TOGETHER, LOGGERS=LOGGERS, SOURCE=source)
    done = run_python(program, cwd=folder)
    assert (done.stdout, done.stderr, done.status) == ("", "", 0)
    for kind in LOGGERS:
        text = (folder / f"{kind}Logger.txt").read_bytes().decode(errors="surrogateescape")
        assert len(text.splitlines()) > 100
        assert commands_in(text)[:3] == [], kind


def test_recordings_and_messages(folder: Path, chance: random.Random) -> None:
    name, other, missing = (nasty(chance, everywhere=False) for _ in range(3))
    program, recording = write_program(folder, chance), f"./{name}.swt"
    kinds = ["--calls", "--lines", "--returns", "--exceptions", "--c-calls"]
    options = ["record", "-o", recording, "--values", "safe", *kinds]
    done = run_python("-m", "swifttrace", *options, program, other, "\x1b", cwd=folder)
    assert done.status == 0, done.stderr
    assert commands_in(done.stdout + done.stderr) == []
    (folder / "whole.swt").write_bytes((folder / recording).read_bytes())
    commands = [
        *([word.format(recording) for word in words] for words in READERS),
        ["show", missing],
        ["stats", program],
        ["stats", "--source", missing, recording],
        ["callers", recording, missing],
        ["show", "--format", missing, recording],
        ["show", "--thread", missing, recording],
        ["show", f"--{missing}"],
        ["export", "--to", missing, recording],
        ["export", "--to", "chrome", "-o", f"{missing}/{missing}", recording],
        ["record", "-o", recording, program],
        ["record", "--max-size", missing, program],
        ["record", "-o", f"{missing}/{missing}", program],
        ["-o", program, program],
        ["-m", missing],
        [f"./{missing}.py"],
    ]
    assert_no_command_obeyed(folder, commands)


def test_the_command_trace(
    folder: Path, chance: random.Random, request: pytest.FixtureRequest
) -> None:
    number = request.node.callspec.params["chance"]
    option = ("--trace", "--listfuncs", "--trackcalls")[number]
    program = write_program(folder, chance)
    done = run_python("-m", "swifttrace.trace", option, program, cwd=folder)
    assert done.status == 0, done.stderr
    assert done.stdout
    assert commands_in(done.stdout + done.stderr, keep="\t")[:3] == []


# Each text in the recording is a mark of 21 bytes, to be replaced by other bytes.
MARKED = """
import asyncio, sys, threading
class Error_________MARKED_(Exception): pass
Error_________MARKED_.__module__ = "module________MARKED_"
def function______MARKED_(argument______MARKED_, *rest__________MARKED_):
    raise Error_________MARKED_("message_______MARKED_" + str(argument______MARKED_))
def work__________MARKED_():
    try:
        function______MARKED_("value_________MARKED_", [b"bytes_________MARKED_"])
    except Exception:
        return Error_________MARKED_
async def wait__________MARKED_():
    await asyncio.sleep(0)
    return "awaited_______MARKED_"
async def tasks_________MARKED_():
    await asyncio.gather(*(asyncio.create_task(wait__________MARKED_()) for _ in range(2)))
for _ in range(3): work__________MARKED_()
thread = threading.Thread(target=work__________MARKED_, name="thread________MARKED_")
thread.start()
thread.join()
asyncio.run(tasks_________MARKED_())
"""
MARK = re.compile(rb"\w{14}MARKED_")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A recording of `MARKED` with other bytes in its texts; half of them are not UTF-8."""

    def other(found: re.Match[bytes]) -> bytes:
        size = len(found[0])
        if chance.random() < 0.2:
            return found[0]
        if chance.random() < 0.5:
            return chance.randbytes(size)
        return nasty(chance, 40).encode("utf-8", "replace")[:size].ljust(size, b"\x1b")

    texts = [re.escape(sys.version.encode()), re.escape(b"linux-x86_64")]
    content = MARK.sub(other, content)
    for text in texts:
        content = re.sub(text, other, content, count=1)
    return resealed(content)


def test_hostile_recordings(tmp_path: Path) -> None:
    folder = tmp_path / "folder________MARKED_"
    folder.mkdir()
    (folder / "program_______MARKED_.py").write_text(MARKED)
    options = ["--values", "safe", "--calls", "--lines", "--returns", "--exceptions", "--c-calls"]
    words = ["record", *options, "program_______MARKED_.py", "argument______MARKED_"]
    assert run_python("-m", "swifttrace", *words, cwd=folder).status == 0
    whole = (folder / "run.swt").read_bytes()
    assert len(set(MARK.findall(whole))) == len(set(MARK.findall(MARKED.encode()))) + 2
    assert resealed(whole) == whole
    (folder / "whole.swt").write_bytes(whole)
    commands = []
    for seed in range(3):
        name = f"{seed}.swt"
        (folder / name).write_bytes(mutated(whole, random.Random(seed)))
        commands += [[word.format(name) for word in words] for words in READERS]
    assert_no_command_obeyed(folder, commands)
    # The checksums are correct, so readers read the whole file.
    done = run_python("-m", "swifttrace", "stats", "0.swt", cwd=folder)
    assert (done.stderr, done.status) == ("", 0)
