"""Swift programs that embed CPython: the example package, and the executable `swifttrace-host`."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from running import Ended, run, run_python

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
EXAMPLE = ROOT / "examples" / "swift-host"

PROGRAM = """\
def square(x):
    return x * x

class Shape:
    def area(self):
        return sum(square(x) for x in range(3))

print(Shape().area())
"""


# The example package


@pytest.mark.slow
def test_a_package_depends_on_swifttrace_by_path(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    done = run(build_example(), "program.py", cwd=tmp_path)
    assert (done.stderr, done.status) == ("", 0)
    program, *table = done.stdout.splitlines()
    counts = {name: int(count) for count, name in (line.split("\t") for line in table)}
    assert program == "5"
    assert counts == {
        # A generator is called, and resumed after each of its values.
        "Shape.area.<locals>.<genexpr>": 4,
        "square": 3,
        "<module>": 1,
        "Shape": 1,
        "Shape.area": 1,
    }


@pytest.mark.slow
def test_the_example_ends_as_its_script_does(tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text("def fail(): raise KeyError('k')\nfail()\n")
    (tmp_path / "exits.py").write_text("import sys\nsys.exit(7)\n")
    (tmp_path / "stops.py").write_text("raise KeyboardInterrupt\n")
    example = build_example()
    failed = run(example, "fails.py", cwd=tmp_path)
    assert failed.status == 1
    assert failed.stderr.startswith("Traceback (most recent call last):\n")
    assert failed.stderr.endswith("KeyError: 'k'\n")
    assert failed.stdout == "1\t<module>\n1\tfail\n"
    assert run(example, "exits.py", cwd=tmp_path).status == 7
    assert run(example, "stops.py", cwd=tmp_path).status == -signal.SIGINT
    usage = run(example, cwd=tmp_path)
    assert (usage.status, usage.stderr) == (2, "usage: count-calls SCRIPT [ARGUMENTS]\n")


def build_example() -> Path:
    """Builds the example as its own package, for this Python, in a folder of build/."""
    code = "import toolchain, interpreter; print(toolchain.environment()['PKG_CONFIG_PATH'])"
    code += "; print(toolchain.swift()); print(interpreter.key())"
    code += "; print(*interpreter.link_options(), sep='\\n')"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=True
    )
    pkg_config, swift, key, *options = answer.stdout.splitlines()
    scratch = ROOT / "build" / f"example-{key}"
    place = ["--package-path", EXAMPLE, "--scratch-path", scratch]
    done = subprocess.run(
        [swift, "build", *place, *options],
        env={**os.environ, "PKG_CONFIG_PATH": pkg_config},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return scratch / "debug" / "count-calls"


# The executable


@pytest.fixture(scope="module")
def host() -> Path:
    path = os.environ.get("SWIFTTRACE_HOST")
    assert path, "SWIFTTRACE_HOST names no Swift program; `make python-test` builds it"
    return Path(path)


# The environment of the tests, so that Swift programs find the same packages.
SAME_PYTHON = ["--venv", sys.prefix] if sys.prefix != sys.base_prefix else []


STRATEGY = """\
import SwiftTrace
%s
struct Keeper: TracerStrategy {
  let interests: EventSet = .call
  %s
  mutating func call(_ event: borrowing CallEvent) { %s }
}
"""


@pytest.mark.parametrize(
    ("outside", "member", "body", "message"),
    [
        ("", "var kept: FrameSnapshot?", "kept = event.frame.snapshot()", ""),
        ("", "var kept: Frame?", "", "~Escapable"),
        ("", "var kept: Value?", "", "~Escapable"),
        ("", "var later: (() -> Int32)?", "later = { event.frame.line }", "escaping closure"),
        ("func f(_ e: borrowing CallEvent) -> Frame { e.frame }", "", "", "~Escapable"),
    ],
    ids=["a snapshot", "a frame", "a value", "an event in a closure", "a frame that is returned"],
)
def test_what_a_strategy_may_keep(
    host: Path, tmp_path: Path, outside: str, member: str, body: str, message: str
) -> None:
    """A strategy may keep a snapshot. Keeping an event or its parts does not compile."""
    (tmp_path / "keeper.swift").write_text(STRATEGY % (outside, member, body))
    modules = ["CTraceHook", "CPlatform", "CArrow"]
    maps = [host.parent / f"{name}.build/module.modulemap" for name in modules]
    # The compiler checks lifetimes on SIL.
    compiler = [os.environ.get("SWIFT", "swift") + "c", "-emit-sil", "-o", "/dev/null"]
    places = ["-I", host.parent / "Modules"]
    for module_map in maps:
        places += ["-Xcc", f"-fmodule-map-file={module_map}"]
    done = run(*compiler, "-swift-version", "6", *places, "keeper.swift", cwd=tmp_path)
    assert (done.status == 0) == (message == ""), done.stderr
    assert message in done.stderr


def test_the_same_text_as_from_python(host: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    for options in [["--calls"], ["--lines"], ["--returns"], ["--events"], ["--all", "--calls"]]:
        command = ["--format", "sentences", *options, "-o", "-", "program.py"]
        swift = run(host, *SAME_PYTHON, *command, cwd=tmp_path)
        python = run(sys.executable, "-m", "swifttrace", *command, cwd=tmp_path)
        assert addresses_hidden(swift) == addresses_hidden(python)


def test_the_same_json_as_from_python(host: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    for options in [[], ["--lines"]]:
        command = ["--format", "json", *options, "-o", "trace.jsonl", "program.py"]
        shown = []
        for tracer in ([host, *SAME_PYTHON], [sys.executable, "-m", "swifttrace"]):
            assert run(*tracer, *command, cwd=tmp_path).status == 0
            text = re.sub("0x[0-9a-f]+", "0x", (tmp_path / "trace.jsonl").read_text())
            shown.append([json.loads(line) for line in text.splitlines()])
        assert shown[0] == shown[1] != []


def addresses_hidden(done: Ended) -> tuple[list[str], str, int]:
    words = (("0x" if word.startswith("0x") else word) for word in done.stdout.split(" "))
    return (" ".join(words).splitlines(), done.stderr, done.status)


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("import sys; sys.exit()", 0),
        ("import sys; sys.exit(7)", 7),
        ("import sys; sys.exit(-1)", 255),
        ("import sys; sys.exit('a message')", 1),
        ("1 / 0", 1),
        ("def f():\n  raise KeyError('k')\nf()", 1),
        ("x = = 1", 1),
        ("import sys\nsys.excepthook = lambda *e: print('hook', e[0])\n1 / 0", 1),
        ("import os; os._exit(3)", 3),
        ("print(input())", 0),
        ("import sys; sys.stdout.write('no line feed')", 0),
        ("import threading, time\nthreading.Thread(target=lambda: print('late')).start()", 0),
        ("import atexit\natexit.register(print, 'at exit')", 0),
        ("print(__name__, __file__, __spec__, __loader__.__class__, __package__)", 0),
        ("import sys; print(sys.argv, sys.path, sys.prefix)", 0),
        ("import pickle\nclass C: pass\nprint(type(pickle.loads(pickle.dumps(C()))))", 0),
        ("def f(n): return f(n + 1)\ntry: f(0)\nexcept RecursionError: print('deep')", 0),
    ],
)
def test_a_program_ends_as_untraced(host: Path, tmp_path: Path, program: str, status: int) -> None:
    (tmp_path / "program.py").write_text(program)
    command = ["program.py", "a", "-b"]
    options = [*SAME_PYTHON, "-o", "trace.txt"]
    untraced = run(sys.executable, *command, cwd=tmp_path, stdin="text\n")
    assert untraced.status == status
    assert run(host, *options, *command, cwd=tmp_path, stdin="text\n") == untraced


def test_an_interrupt_is_seen_by_the_parent(host: Path, tmp_path: Path) -> None:
    done = run(host, "-o", "t.txt", "-c", "raise KeyboardInterrupt", cwd=tmp_path)
    assert done.status == -signal.SIGINT
    assert done.stderr.endswith("KeyboardInterrupt\n")


def test_a_module_and_code(host: Path, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("import sys\nprint(__spec__.name, sys.argv[1:])\n")
    done = run(host, "-o", "t.txt", "-m", "tool", "--lines", "-o", cwd=tmp_path)
    assert done == Ended("tool ['--lines', '-o']\n", "", 0)
    done = run(host, "-o", "t.txt", "-c", "import sys; print(sys.argv)", "-x", cwd=tmp_path)
    assert done == Ended("['-c', '-x']\n", "", 0)


def test_filters(host: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    form = ["--format", "sentences", "--calls"]
    one = run(host, *form, "--function", "Shape.*", "--depth", "1", "program.py", cwd=tmp_path)
    assert one.stderr == "Call to area at line 5\n"
    none = run(host, *form, "--exclude", "program.py", "program.py", cwd=tmp_path)
    assert none == Ended("5\n", "", 0)
    other = run(host, *form, "--include", "*/textwrap.py", "-c", DEDENT, cwd=tmp_path)
    assert "Call to dedent at line " in other.stderr


DEDENT = "import textwrap; textwrap.dedent(' x')"


def test_a_virtual_environment(host: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "venv", "--without-pip", tmp_path / "v"]
    subprocess.run(command, check=True)
    [packages] = (tmp_path / "v" / "lib").glob("python*/site-packages")
    (packages / "onlyhere.py").write_text("def f(): pass\nf()\n")
    code = "import onlyhere, sys; print(sys.prefix)"
    done = run(host, "--calls", "--venv", "v", "-c", code, cwd=tmp_path)
    assert done.stdout == f"{tmp_path}/v\n"
    assert "onlyhere" not in done.stderr and done.status == 0


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ([], "missing program: name a script, -m MODULE or -c CODE"),
        (["-m"], "-m needs the name of a module"),
        (["-c"], "-c needs code to run"),
        (["missing.py"], "missing.py: No such file or directory"),
        (["-m", "no_such"], "cannot run module no_such: No module named 'no_such'"),
        (["--lnes", "p.py"], "unknown option --lnes (see swifttrace-host --help)"),
        (["--depth", "0", "p.py"], "--depth must be at least 1, not 0"),
        (["-o", "no/such/file", "p.py"], "no/such/file: No such file or directory"),
        (["--venv", ".", "p.py"], ". is no virtual environment: there is no pyvenv.cfg in it"),
        (
            ["--venv", "a", "--home", "b", "p.py"],
            "--home and --venv exclude each other: write one of them",
        ),
    ],
)
def test_a_mistake_is_one_line(
    host: Path, tmp_path: Path, command: list[str], message: str
) -> None:
    (tmp_path / "p.py").write_text("print('ran')\n")
    assert run(host, *command, cwd=tmp_path) == Ended("", f"swifttrace-host: {message}\n", 2)


def test_output_that_cannot_be_written(host: Path, tmp_path: Path) -> None:
    buffered = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}

    def end(*command: object) -> tuple[int, bytes]:
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [*command, "-c", "print('text')"],
                stdout=full,
                stderr=subprocess.PIPE,
                env=buffered,
                check=False,
            )
        return done.returncode, done.stderr

    untraced = end(sys.executable)
    assert untraced[0] == 120
    assert end(host, "-o", tmp_path / "trace.txt") == untraced


def test_help(host: Path, tmp_path: Path) -> None:
    done = run(host, "--help", cwd=tmp_path)
    assert done.status == 0 and "swifttrace-host --lines -o trace.txt script.py" in done.stdout


def test_its_help_texts_are_those_of_the_python_command() -> None:
    done = run(sys.executable, SCRIPTS / "host_help.py", "--check", cwd=ROOT)
    assert done == Ended("", "", 0)


HOST_PY = Path(__file__).resolve().parents[2] / "Sources" / "PythonHost" / "Python" / "host.py"

IN_REMOVED = """
import os, sys
host = {"__name__": "host"}
with open(sys.argv[1]) as file:
    exec(file.read(), host)
os.mkdir("gone"); os.chdir("gone"); os.rmdir("../gone")
path = sys.argv[2]
file, namespace = host["prepare_script"](path, "a")
print(file == path, sys.argv[1:], host["own_files"]("script", file) == [file])
before = len(sys.path)
function, arguments = host["prepare_module"]("colorsys")
print(len(sys.path) - before, arguments)
print(host["prepare_code"]("1")[0] is exec, sys.path[0] == "", len(host["foreign_folders"]()) > 1)
"""


def test_the_host_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "program.py").touch()
    ended = run_python("-c", IN_REMOVED, HOST_PY, tmp_path / "program.py", cwd=tmp_path)
    expected = ["True ['a'] True", "-1 ('colorsys', True)", "True True True"]
    assert ended.lines() == expected


@pytest.mark.parametrize("end", ["", "1 / 0", "sys.exit(3)"])
def test_main_while_exit_handlers_of_a_hosted_program_run(
    host: Path, tmp_path: Path, end: str
) -> None:
    program = f"""
import atexit, sys
def tell(*_): print("__file__" in globals())
sys.excepthook = tell
atexit.register(tell)
{end}
"""
    (tmp_path / "program.py").write_text(program)
    untraced = run_python("program.py", cwd=tmp_path)
    assert untraced.stdout.splitlines() in (["False"], ["True"], ["False"] * 2, ["True", "False"])
    traced = run(host, "-o", "trace.txt", "program.py", cwd=tmp_path)
    assert traced.stdout == untraced.stdout
