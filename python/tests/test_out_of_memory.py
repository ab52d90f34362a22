"""If a program runs out of memory and continues, tracing continues too, or ends with one line."""

import sys
from pathlib import Path

import pytest
import swifttrace
from running import run_python

# On 3.11, CPython crashes without memory for a frame, also untraced.
pytestmark = [
    pytest.mark.memory,
    pytest.mark.skipif(sys.version_info < (3, 12), reason="CPython 3.11 crashes by itself"),
]

PROGRAM = """\
import resource
import sys
import threading


def spare(size):
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * 4096
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (used + size, hard))


# Made beforehand: without memory, an int cannot be halved.
SIZES = [1 << power for power in range(20, 5, -1)]


def fill(least):
    kept = []
    for size in SIZES:
        try:
            while size >= least:
                kept.append(bytearray(size))
        except MemoryError:
            pass
    return kept


def f(x):
    return x


def deep(level):
    return deep(level - 1) if level else f(level)


def items(count):
    for number in range(count):
        yield number * 1.2345678901234567


def all_items():
    return list(items(500))


def failing(number):
    try:
        raise KeyError(number)
    except KeyError:
        return number


def trying(body, *arguments):
    try:
        body(*arguments)
    except (MemoryError, RuntimeError):
        pass
    except SystemError as error:
        # CPython forgets to set MemoryError if there is no memory for a frame.
        forgotten = (
            "without exception set",
            "without setting an exception",
            "Missing frame when calling trace function.",
        )
        if not str(error).endswith(forgotten):
            raise


# Made beforehand too: without memory, CPython 3.12.1 frees what it does not own, both in its
# compiler (_PyCfgBuilder_Fini, assemble_free) and when a function is made (MAKE_FUNCTION).
MADE = {}
for number in range(1800):
    exec(f"def made_{number}(a, b=1.2345678901234567, *c): return a", MADE)
NEW_FUNCTIONS = [made for name, made in MADE.items() if name.startswith("made_")]


def new_function(number):
    NEW_FUNCTIONS.pop()(number)


# Only with memory: with threads that cannot be started, after deep calls, CPython 3.12.1 corrupts
# the heap untraced too. Which of the two is at fault is not known.
def new_thread():
    thread = threading.Thread(target=f, args=[1])
    thread.start()
    thread.join()


def work():
    for number in range(200):
        trying(new_function, number)
        trying(f, 1.2345678901234567 * number)
        trying(failing, number)
    trying(deep, 300)
    trying(all_items)


for number in range(100):
    f(number)
for size in (0, 1 << 16, 1 << 20, 6 << 20):
    trying(spare, size)
    kept = fill(LEAST)
    trying(work)
    del kept
    trying(work)
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
work()
for _ in range(3):
    new_thread()
print("went on")
"""

WAYS = {
    "sentences": ["--format", "sentences", "--events", "-o", "out.txt"],
    "sentences, at once": ["--format", "sentences", "--events", "-o", "/dev/stdout"],
    "tree": ["--lines", "-o", "out.txt"],
    "json": ["--format", "json", "-o", "out.txt"],
    "record": ["record"],
    "record all": ["record", "--all"],
    "record values": ["record", "--values", "safe"],
    "record C calls": ["record", "--values", "safe", "--c-calls"],
    "record long calls": ["record", "--min-duration", "1us"],
    "record the last": ["record", "--max-size", "256K", "--keep", "last"],
}


@pytest.mark.parametrize("least", [64, 4096])
@pytest.mark.parametrize("source", ["auto", "settrace"])
@pytest.mark.parametrize("way", WAYS)
def test_the_program_goes_on(tmp_path: Path, way: str, source: str, least: int) -> None:
    (tmp_path / "program.py").write_text(PROGRAM.replace("LEAST", str(least)))
    options = [*WAYS[way], "--source", source]
    if "--c-calls" in options:
        options = options[:-2]
    ended = run_python("-m", "swifttrace", *options, "program.py", cwd=tmp_path)
    assert (ended.stdout.splitlines()[-1:], ended.status) == (["went on"], 0), ended.stderr
    lines = [line for line in ended.stderr.splitlines() if "swifttrace: recorded" not in line]
    assert len(lines) <= 1, lines
    for line in lines:
        # The reason is the engine's, or the kernel's if a mapping fails.
        assert "failed, tracing has ended: " in line
        assert line.endswith(("out of memory", "Cannot allocate memory"))
    if "record" in options:
        recording = swifttrace.open(tmp_path / "run.swt")
        events = list(recording)
        assert recording.damage == ()
        least_calls = 0 if "--min-duration" in options else 90
        assert sum(e.event == "call" and e.function.name == "f" for e in events) >= least_calls
        assert recording.ended == ("failed" if lines else "stopped")


def test_the_program_goes_on_untraced(tmp_path: Path) -> None:
    for least in (64, 4096):
        (tmp_path / "program.py").write_text(PROGRAM.replace("LEAST", str(least)))
        ended = run_python("program.py", cwd=tmp_path)
        assert (ended.stdout, ended.stderr, ended.status) == ("went on\n", "", 0)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs sys.monitoring")
def test_no_memory_to_start(tmp_path: Path) -> None:
    program = PROGRAM[: PROGRAM.index("for number in range(100)")].replace("LEAST", "64") + (
        "import swifttrace\n"
        "spare(0)\nkept = fill(64)\n"
        "try:\n"
        "    swifttrace.start(swifttrace.EventLogger('out.txt'))\n"
        "except (MemoryError, OSError): pass\n"
        "else:\n"
        "    swifttrace.stop()\n"
        "del kept\nprint('went on')\n"
    )
    (tmp_path / "program.py").write_text(program)
    ended = run_python("program.py", cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("went on\n", 0)


WAYS_OF_EVENTS = {
    "CallLogger": "swifttrace.trace(swifttrace.CallLogger('out.txt'), source=SOURCE)",
    "Recorder": "swifttrace.record(f'{number}.swt', source=SOURCE)",
}


@pytest.mark.parametrize("source", ["auto", "settrace"])
@pytest.mark.parametrize("way", WAYS_OF_EVENTS)
def test_no_memory_for_what_is_known_of_a_function(tmp_path: Path, way: str, source: str) -> None:
    """CPython allocates the extra slots of a code object at a function's first event."""
    pytest.importorskip("_testcapi")
    program = """\
import _testcapi, swifttrace

def known(): pass

for number in range(FIRST, 12):
    space = {}
    exec("def new(): pass", space)
    new = space["new"]
    kind = None
    with WAY:
        known()
        # Of all allocations that the interpreter makes from here on, one fails.
        _testcapi.set_nomemory(number, number + 1)
        try:
            new()
        except BaseException as error:
            kind = error
        finally:
            _testcapi.remove_mem_hooks()
    print(repr(kind))
"""
    opened = WAYS_OF_EVENTS[way].replace("SOURCE", repr(source))
    # If the first allocation fails, CPython 3.15 also crashes under `sys.settrace`.
    first = "1" if sys.version_info >= (3, 15) else "0"
    program = program.replace("WAY", opened).replace("FIRST", first)
    (tmp_path / "program.py").write_text(program)
    ended = run_python("program.py", cwd=tmp_path)
    # CPython's own error, which occurs under any tracer.
    missing = "SystemError('Missing frame when calling trace function.')"
    assert set(ended.stdout.splitlines()) <= {"None", "MemoryError()", missing}
    line = f"swifttrace: {way} failed, tracing has ended: out of memory\n"
    assert (ended.stderr, ended.status) == (line, 0)
