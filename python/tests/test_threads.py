"""All threads are traced, each with its own depth, and their lines are never mixed."""

import json
import re
from pathlib import Path

from conftest import Run, RunTraced
from running import without_durations


def test_each_thread_has_a_number_and_a_depth_of_its_own(run_traced: RunTraced) -> None:
    program = """
import threading

def inner(n):
    return n

def work(n):
    inner(n)

def main():
    for n in range(2):
        thread = threading.Thread(target=work, args=[n])
        thread.start()
        thread.join()
    inner("main")

main()
"""
    shown = run_traced(program, "-o", "-").stdout
    assert without_durations(shown) == [
        "<module> program.py()",
        "  main()",
        "[1] work(n=0)",
        "[1]   inner(n=0)",
        "[1]   └ 0",
        "[1] └ None",
        "[2] work(n=1)",
        "[2]   inner(n=1)",
        "[2]   └ 1",
        "[2] └ None",
        "    inner(n='main')",
        "    └ 'main'",
        "  └ None",
        "└ None",
    ]


def test_threads_that_take_turns_keep_their_depth(run_traced: RunTraced) -> None:
    program = """
import threading

turn = threading.Barrier(2)

def deep(name, n):
    turn.wait()
    if n:
        deep(name, n - 1)
    turn.wait()

threads = [threading.Thread(target=deep, args=[name, 2]) for name in "ab"]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    shown = run_traced(program, "--function", "deep", "-o", "-").stdout
    for number, name in [("1", "a"), ("2", "b")]:
        lines = [line for line in without_durations(shown) if line.startswith(f"[{number}]")]
        assert [line.removeprefix(f"[{number}] ") for line in lines] == [
            f"deep(name='{name}', n=2)",
            f"  deep(name='{name}', n=1)",
            f"    deep(name='{name}', n=0)",
            "    └ None",
            "  └ None",
            "└ None",
        ]


def test_threads_that_run_already_when_tracing_starts(run_program: Run) -> None:
    program = """
import sys, swifttrace, threading

started, go = threading.Event(), threading.Event()

def work():
    started.set()
    go.wait()
    late()

def late(): pass

thread = threading.Thread(target=work)
thread.start()
started.wait()
with swifttrace.trace(swifttrace.CallLogger(sys.stdout)):
    go.set()
    thread.join()
"""
    assert run_program(program).lines() == ["Call to late at line 11"]


def test_threads_of_the_module_underneath(run_program: Run) -> None:
    program = """
import _thread, sys, swifttrace

done = _thread.allocate_lock()
done.acquire()

def work():
    late()
    done.release()

def late(): pass

with swifttrace.trace(swifttrace.CallLogger(sys.stdout)):
    _thread.start_new_thread(work, ())
    done.acquire()
"""
    assert "Call to late at line 11" in run_program(program).lines()


def test_a_pool_of_threads(run_program: Run) -> None:
    program = """
import concurrent.futures, sys, swifttrace

def work(n): return n * n

with swifttrace.trace(swifttrace.ReturnLogger(sys.stdout), function=["work"]):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        total = sum(pool.map(work, range(50)))
print(total)
"""
    *lines, total = run_program(program).lines()
    assert total == "40425"
    assert sorted(lines) == sorted(f"Returning from work with value {n * n}" for n in range(50))


def test_a_thread_that_ends_after_the_tracing(run_program: Run) -> None:
    program = """
import sys, swifttrace, threading

go = threading.Event()

def work():
    go.wait()
    late()
    print(sys.gettrace())

def late(): pass

thread = threading.Thread(target=work)
with swifttrace.trace(swifttrace.CallLogger(sys.stdout)):
    thread.start()
go.set()
thread.join()
with swifttrace.trace(swifttrace.CallLogger(sys.stdout)):
    late()
"""
    lines = [line for line in run_program(program).lines() if "work" not in line]
    assert lines == ["None", "Call to late at line 11"]


MANY = """
import sys, threading

def work(name, n):
    return name * n

def run(name):
    for n in range(200):
        work(name, n % 20)
        print(f"<{name * 10}>", end="\\n")

sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=run, args=[name]) for name in "abcdefgh"]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def check_whole_lines(lines: list[str]) -> None:
    """Checks that each line is one that one of eight threads has written, and that none is lost."""
    shown: dict[str, int] = {}
    for line in lines:
        match = re.fullmatch(r"Returning from work with value (([a-h])\2*)?", line)
        assert match, line
        shown[line] = shown.get(line, 0) + 1
    assert sum(shown.values()) == 8 * 200
    for name in "abcdefgh":
        for n in range(1, 20):
            assert shown[f"Returning from work with value {name * n}"] == 10


def test_lines_of_many_threads_never_mix_in_a_file(run_traced: RunTraced, tmp_path: Path) -> None:
    options = ["--format", "sentences", "--returns", "--function", "work", "-o", "trace.txt"]
    ended = run_traced(MANY, *options)
    assert (ended.stderr, ended.status) == ("", 0)
    check_whole_lines((tmp_path / "trace.txt").read_text().splitlines())


def test_lines_of_many_threads_never_mix_on_standard_error(run_traced: RunTraced) -> None:
    ended = run_traced(MANY, "--format", "sentences", "--returns", "--function", "work")
    assert ended.status == 0
    check_whole_lines(ended.stderr.splitlines())


def test_lines_of_many_threads_and_several_strategies(run_program: Run) -> None:
    program = MANY.replace("print(", "(lambda *a, **k: None)(").replace(
        "threads = [",
        "import io, swifttrace\n"
        "out = io.StringIO()\n"
        "loggers = [swifttrace.ReturnLogger(out), swifttrace.ReturnLogger('trace.txt')]\n"
        "swifttrace.start(*loggers, function=['work'])\n"
        "threads = [",
        1,
    )
    program += "swifttrace.stop()\n"
    program += "with open('trace.txt') as file: assert out.getvalue() == file.read()\n"
    program += "print(out.getvalue(), end='')\n"
    check_whole_lines(run_program(program).lines())


def test_daemon_threads_at_the_end(run_traced: RunTraced, tmp_path: Path) -> None:
    program = """
import threading

running = threading.Event()

def work():
    while True:
        step()
        running.set()

def step(): pass

for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
running.wait()
print("over")
"""
    ended = run_traced(program, "--calls", "--format", "sentences", "-o", "trace.txt")
    assert (ended.stdout, ended.stderr, ended.status) == ("over\n", "", 0)
    trace = (tmp_path / "trace.txt").read_text()
    assert trace.endswith("\n")
    assert set(trace.splitlines()) == {
        "Call to <module> at line 0",
        "Call to work at line 6",
        "Call to step at line 11",
    }


def test_a_trace_function_that_a_thread_sets_itself(run_traced: RunTraced) -> None:
    program = """
import sys, threading

def own(frame, event, arg):
    seen.append(frame.f_code.co_name)

def f(): pass

def work():
    sys.settrace(own)
    f()
    sys.settrace(None)

seen = []
thread = threading.Thread(target=work)
thread.start()
thread.join()
f()
print(seen)
"""
    lines = run_traced(program, "--function", "f", "--calls", "-o", "-").lines()
    assert lines[-1] == "['f']"
    assert "f()" in lines


def test_greenlets_have_depths_of_their_own(run_traced: RunTraced, tmp_path: Path) -> None:
    program = """\
import greenlet


def leaf(name):
    other.switch(name) if name == "a" else main.switch(name)
    return name


def nested(level, name):
    return leaf(name) if level == 0 else nested(level - 1, name)


def first():
    return nested(2, "a")


def second(name):
    return nested(5, "b")


main = greenlet.getcurrent()
other = greenlet.greenlet(second)
one = greenlet.greenlet(first)
one.switch()
one.switch()
other.switch()
print(one.dead, other.dead)
"""
    ended = run_traced(program, "--format", "json", "-o", "trace.json")
    assert ended.stdout == "True True\n"
    events = [json.loads(line) for line in (tmp_path / "trace.json").read_text().splitlines()]
    depths: dict[str, set[int]] = {}
    for event in events:
        depths.setdefault(event["function"], set()).add(event["depth"])
    # The outermost frame of a greenlet has no `f_back`.
    assert depths == {
        "<module>": {0},
        "first": {0},
        "second": {0},
        "nested": {1, 2, 3, 4, 5, 6},
        "leaf": {4, 7},
    }
    entered = sum(event["event"] == "call" for event in events)
    assert entered == sum(event["event"] == "return" for event in events)


FOREIGN_THREAD = """
import ctypes, sys, _thread, swifttrace

def refuse(event, arguments):
    if refuses and event == "sys.settrace":
        raise RuntimeError("refused")

refuses = False
started, ended = _thread.allocate_lock(), _thread.allocate_lock()
started.acquire(), ended.acquire()

@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
def run(argument):
    started.release()
    ended.acquire()
    return None

def f(): pass

libc = ctypes.CDLL(None)
thread = ctypes.c_ulong()
sys.addaudithook(refuse)
unraisable = []
sys.unraisablehook = lambda hooked: unraisable.append(str(hooked.exc_value))
with swifttrace.trace(swifttrace.CallLogger("out.txt"), source="settrace"):
    refuses = True
    libc.pthread_create(ctypes.byref(thread), None, run, None)
    started.acquire()
    f()
    f()
    ended.release()
    libc.pthread_join(thread, None)
    refuses = False
with open("out.txt") as output:
    print(output.read().count("Call to f"))
print(set(unraisable) <= {"refused"})
"""


def test_an_audit_hook_refuses_a_thread_that_c_code_starts(run_program: Run) -> None:
    assert run_program(FOREIGN_THREAD).lines() == ["2", "True"]


MANY_FOREIGN_THREADS = """
import ctypes, swifttrace

@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
def run(argument):
    return None

def f(): pass

libc = ctypes.CDLL(None)
with swifttrace.trace(swifttrace.CallLogger("out.txt"), source="settrace"):
    for _ in range(1000):
        threads = [ctypes.c_ulong() for _ in range(20)]
        for thread in threads:
            libc.pthread_create(ctypes.byref(thread), None, run, None)
            f(), f(), f(), f()
        for thread in threads:
            libc.pthread_join(thread, None)
with open("out.txt") as output:
    print(output.read().count("Call to f"))
"""


def test_a_thread_that_c_code_starts_enters_the_list_while_it_is_read(run_program: Run) -> None:
    # CPython 3.11 initializes the state of a thread after adding it to the list, without the GIL.
    assert run_program(MANY_FOREIGN_THREADS).lines() == ["80000"]
