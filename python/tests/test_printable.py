"""Names, paths and texts never reach a terminal as commands."""

import json
import os
import random
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import swifttrace
from running import run_python
from swifttrace._printable import label, printable
from terminals import commands_in

NASTY = "\x1b]0;title\x07\n\u202eforged()\r\t\x9b1m\x7f\u2028\u200b\ufeff[red]\U000e0041"


def assert_clean(text: str, keep: str = "") -> None:
    """Fails if the text has parts that a terminal could interpret."""
    assert commands_in(text, keep) == []


# A program with unprintable names everywhere, and each kind of value.
PROGRAM = """
import asyncio, sys, threading

NASTY = {nasty!r}
CLASS = type(NASTY, (Exception,), {{"__module__": NASTY}})

def named(function, number):
    code = function.__code__
    variables = tuple(name + NASTY for name in code.co_varnames)
    function.__code__ = code.replace(
        co_name=NASTY + str(number), co_qualname=NASTY + "." + str(number),
        co_filename=sys.argv[0] + NASTY if number % 2 else code.co_filename,
        co_varnames=variables)
    function.__name__ = function.__qualname__ = NASTY
    return function

def values(argument):
    return argument

def numbers(argument):
    yield argument
    yield CLASS

def fail(argument):
    raise CLASS(NASTY)

async def wait(argument):
    await asyncio.sleep(0)
    return NASTY

values, numbers, fail, wait = (
    named(f, n) for n, f in enumerate((values, numbers, fail, wait)))

def work():
    for value in (NASTY, NASTY.encode("utf-8"), [NASTY], {{NASTY: values}}, CLASS, CLASS(),
                  "\\udc9b", "é" + NASTY, NASTY * 100, iter, values, numbers(1)):
        values(value)
        list(numbers(value))
    try:
        fail(NASTY)
    except CLASS:
        pass

async def tasks():
    await asyncio.gather(asyncio.create_task(wait(1), name=NASTY), wait(2))

work()
exec(compile("def made(a): return a\\nmade(NASTY)", "<" + NASTY + ">", "exec"))
thread = threading.Thread(target=work, name=NASTY)
thread.start()
thread.join()
asyncio.run(tasks())
"""
SOURCES = ["settrace"] if sys.version_info < (3, 12) else ["settrace", "monitoring"]
FORMS = [
    ["--events"],
    ["--format", "sentences"],
    ["--format", "sentences", "--calls", "--lines"],
    ["--format", "sentences", "--returns"],
    ["--format", "json"],
    ["--format", "json", "--c-calls", "--source", "settrace"],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an unprintable name, with a program and two recordings of it."""
    folder = tmp_path_factory.mktemp("nasty") / NASTY.replace("/", "")
    folder.mkdir()
    (folder / f"program{NASTY}.py").write_text(PROGRAM.format(nasty=NASTY))
    options = ["--values", "safe", "--calls", "--lines", "--returns", "--exceptions", "--c-calls"]
    for number in range(2):
        done = run_python(
            *["-m", "swifttrace", "record", "-o", f"run{number}{NASTY}.swt", *options],
            *[f"program{NASTY}.py", f"{NASTY}{number}"],
            cwd=folder,
        )
        assert done.status == 0, done.stderr
        assert_clean(done.stdout + done.stderr)
    return folder


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_live_text(folder: Path, form: list[str], source: str) -> None:
    options = ["--source", source] if "--source" not in form else []
    done = run_python("-m", "swifttrace", *form, *options, f"program{NASTY}.py", cwd=folder)
    assert done.status == 0, done.stderr
    assert len(done.stderr.splitlines()) > 100
    assert r"\x1b]0;title\x07\n\u202eforged()" in done.stderr or "json" in form
    assert_clean(done.stderr)


RECORDED = f"run0{NASTY}.swt"
COMMANDS = [
    *(["show", *form[:2], *form[2:3], RECORDED] for form in FORMS[:-1]),
    ["show", "--events", "--color", "always", RECORDED],
    ["show", "--lines", "--source", "--times", "absolute", "--tasks", RECORDED],
    ["show", "--fold", "--max-children", "3", RECORDED],
    *(["stats", "--format", form, RECORDED] for form in ("table", "csv", "json")),
    *(["stats", "--lines", "--by", "thread", "--format", f, RECORDED] for f in ("table", "csv")),
    ["stats", "--lines", "--format", "json", RECORDED],
    ["stats", "--source", f"program{NASTY}.py", RECORDED],
    *(
        [command, "--format", form, RECORDED, *pattern]
        for form in ("text", "csv", "json")
        for command, pattern in (("callers", ["*"]), ("callees", ["*"]), ("paths", ["*"]))
    ),
    ["diff", RECORDED, f"run1{NASTY}.swt"],
    ["diff", "--format", "json", RECORDED, f"run1{NASTY}.swt"],
    *(
        ["export", "--to", name, "-o", "-", RECORDED]
        for name in ("chrome", "speedscope", "collapsed", "callgrind", "lcov", "jsonl")
    ),
    ["show", f"missing{NASTY}"],
    ["stats", f"missing{NASTY}"],
    ["stats", f"program{NASTY}.py"],
    ["show", f"--{NASTY}"],
    ["show", "--format", NASTY, RECORDED],
    ["show", "--thread", NASTY, RECORDED],
    ["show", "--thread", "77", RECORDED],
    ["callers", RECORDED, "nothing" + NASTY],
    ["stats", "--source", NASTY, RECORDED],
    ["export", "--to", "chrome", "-o", f"no{NASTY}/file", RECORDED],
    ["record", "-o", f"no{NASTY}/file", f"program{NASTY}.py"],
    ["record", "-o", RECORDED, f"program{NASTY}.py"],
    ["record", "--max-size", NASTY, f"program{NASTY}.py"],
    [f"missing{NASTY}.py"],
    ["-m", f"missing{NASTY}"],
    ["-o", f"no{NASTY}/file", f"program{NASTY}.py"],
    ["-o", f"program{NASTY}.py", f"program{NASTY}.py"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words).encode().hex()[:24])
def test_every_command(folder: Path, command: list[str]) -> None:
    done = run_python("-m", "swifttrace", *command, cwd=folder)
    assert done.stdout or done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    text = done.stdout + done.stderr
    if "always" in command:  # swifttrace's own colors.
        text = re.sub("\x1b\\[\\d*m", "", text)
    assert_clean(text, keep="\t" if "--source" in command else "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize("words", [["stats"], ["show", "--color", "never"]], ids=" ".join)
def test_on_a_terminal(folder: Path, words: list[str]) -> None:
    pytest.importorskip("rich")
    main, other = os.openpty()
    command = [sys.executable, "-m", "swifttrace", *words, RECORDED]
    with subprocess.Popen(
        command, cwd=folder, stdout=other, stderr=other, env={**os.environ, "TERM": "dumb"}
    ):
        os.close(other)
        text = b""
        while True:
            try:
                chunk = os.read(main, 65536)
            except OSError:
                break
            if not chunk:
                break
            text += chunk
    os.close(main)
    shown = re.sub("\x1b\\[[\\d;]*m", "", text.decode().replace("\r\n", "\n"))
    assert "[red]" in "".join(shown.split())
    assert_clean(shown)


@pytest.mark.parametrize(
    "options",
    [["--trace"], ["--listfuncs"], ["--trackcalls"], ["--count", "--summary", "-C", "covers"]],
    ids=" ".join,
)
def test_what_trace_prints(folder: Path, options: list[str]) -> None:
    # The original's reports need existing files.
    source = f"def f():\n\treturn '\x1b]{NASTY[-8:]}'\n# \x1b[31m\x0c\nf()\n"
    (folder / f"plain{NASTY}.py").write_text(source)
    programs = ["plain"] if "--count" in options else ["plain", "program"]
    for program in programs:
        done = run_python("-m", "swifttrace.trace", *options, f"{program}{NASTY}.py", cwd=folder)
        assert done.stdout
        assert done.status == 0, done.stderr
        assert_clean(done.stdout, keep="\t")


def test_json_has_the_texts_as_they_are(folder: Path) -> None:
    done = run_python("-m", "swifttrace", "--format", "json", f"program{NASTY}.py", cwd=folder)
    functions = {json.loads(line)["function"] for line in done.stderr.splitlines()}
    assert NASTY + ".0" in functions
    shown = run_python("-m", "swifttrace", "show", "--format", "json", RECORDED, cwd=folder)
    assert NASTY + ".0" in {json.loads(line)["function"] for line in shown.stdout.splitlines()}
    rows = json.loads(
        run_python("-m", "swifttrace", "stats", "--format", "json", RECORDED, cwd=folder).stdout
    )
    assert NASTY + ".0" in {row["name"] for row in rows}
    recorded = {event.function.qualified_name for event in swifttrace.open(folder / RECORDED)}
    assert NASTY + ".0" in recorded


def test_live_and_recorded_text_are_equal(folder: Path) -> None:
    words = ["--format", "sentences", "--events"]
    live = run_python("-m", "swifttrace", *words, f"program{NASTY}.py", cwd=folder).stderr
    shown = run_python("-m", "swifttrace", "show", *words, RECORDED, cwd=folder).stdout
    kept = [re.sub("0x[0-9a-f]+", "", text).splitlines() for text in (live, shown)]
    main = [[line for line in lines if "values" not in line] for lines in kept]
    assert main[0] == main[1]


def test_a_str_shows_as_str_gives_it_but_for_what_a_terminal_obeys(tmp_path: Path) -> None:
    text = "back\\slash 'quotes' \"both\" é 漢 \x1b[31m\n\t\u202e"
    (tmp_path / "program.py").write_text(f"def f(): return {text!r}\nf()\n")
    words = ["--format", "sentences", "--returns", "-o", "-", "--function", "f"]
    lines = run_python("-m", "swifttrace", *words, "program.py", cwd=tmp_path).lines()
    expected = "back\\slash 'quotes' \"both\" é 漢 \\x1b[31m\\n\\t\\u202e"
    assert lines == [f"Returning from f with value {expected}"]


def test_the_module_is_named_with_its_file(tmp_path: Path) -> None:
    package = tmp_path / "app"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "main.py").write_text("def f(): raise KeyError\ntry: f()\nexcept KeyError: pass\n")
    (tmp_path / "program.py").write_text("import app.main\n")
    record = ["-m", "swifttrace", "record", "program.py"]
    assert run_python(*record, cwd=tmp_path).status == 0
    words = ["<module> app/__init__.py", "<module> app/main.py"]
    tree = run_python("-m", "swifttrace", "-o", "-", "program.py", cwd=tmp_path).stdout
    assert [f"{word}()" in tree for word in words] == [True, True]
    for command in (
        ["show"],
        ["show", "--fold"],
        ["stats"],
        ["callers", "*"],
        ["callers", "*", "--format", "csv"],
        ["callees", "<module>"],
        ["export", "--to", "chrome", "-o", "-"],
        ["export", "--to", "speedscope", "-o", "-"],
    ):
        command.insert(1 if command[0] != "export" else len(command), "run.swt")
        shown = run_python("-m", "swifttrace", *command, cwd=tmp_path).stdout
        assert [word in shown for word in words] == [True, True], command
    paths = run_python("-m", "swifttrace", "paths", "run.swt", "*", cwd=tmp_path).stdout
    assert words[1] in paths
    # Sentences have `co_name`, not the qualified name.
    sentences = ["--format", "sentences", "--calls", "-o", "-", "program.py"]
    lines = run_python("-m", "swifttrace", *sentences, cwd=tmp_path).lines()
    assert lines[0] == "Call to <module> at line 0"


def test_the_label_of_python_and_of_the_engine_are_the_same(tmp_path: Path) -> None:
    for path in ("a.py", "/a.py", "x/a.py", "/x/a.py", "/x/y/a.py", "<string>", "", "<frozen os>"):
        program = (
            "import sys, swifttrace\n"
            f"code = compile('pass', {path!r}, 'exec')\n"
            "with swifttrace.trace(swifttrace.TreeLogger(sys.stdout), all=True):\n    exec(code)\n"
        )
        (tmp_path / "program.py").write_text(program)
        first = run_python("program.py", cwd=tmp_path).stdout.splitlines()[0]
        assert first == label("<module>", path) + "()"


def test_what_is_printable_is_what_repr_shows(tmp_path: Path) -> None:
    r"""Live text escapes like `repr()`, except characters that Python's Unicode does not know."""
    everything = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    known = [c for c in everything if unicodedata.category(c) not in ("Cn",)]
    for c in known:
        assert printable(c) == (repr(c)[1:-1] if c not in "\\'\"" else c)
    # Texts of a recording are escaped by the engine's own table.
    text = "".join(known)
    program = "def f(x): return x\nfor n in range(0, len(TEXT), 400): f(TEXT[n:n + 400])\n"
    (tmp_path / "program.py").write_text(
        f"with open('text', newline='') as file: TEXT = file.read()\n{program}"
    )
    (tmp_path / "text").write_text(text, newline="")
    words = ["--format", "sentences", "--returns", "--function", "f"]
    live = run_python("-m", "swifttrace", *words, "-o", "-", "program.py", cwd=tmp_path)
    shown = "".join(line[28:] for line in live.lines())
    assert shown == "".join(printable(c) for c in known)


@pytest.mark.parametrize("seed", range(3))
def test_damaged_recordings_show_no_commands(folder: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray((folder / RECORDED).read_bytes())
    places = [m.start() for m in re.finditer(rb"title|forged|asyncio|program", bytes(content))]
    for _ in range(400):
        place = chance.choice(places) + chance.randrange(-4, 12)
        content[place] = chance.choice([0x1B, 0x07, 0x0A, 0x9B, 0xC2, 0xE2, 0x80, 0xAE, 0x7F, 0x00])
    (tmp_path / "run.swt").write_bytes(content)
    for command in (
        ["show", "--events"],
        ["show", "--format", "sentences"],
        ["show", "--format", "json"],
        ["stats"],
        ["callers", "*"],
        ["export", "--to", "collapsed", "-o", "-"],
        ["export", "--to", "jsonl", "-o", "-"],
    ):
        command.insert(1 if command[0] != "export" else len(command), "run.swt")
        done = run_python("-m", "swifttrace", *command, cwd=tmp_path)
        assert "Traceback" not in done.stderr
        assert_clean(done.stdout + done.stderr)
