"""`swifttrace.settrace` and its relatives behave like those in `sys`."""

import sys

import pytest
from conftest import Run

# Each program prints the effects of the hooks of MODULE.
START = """
import sys, traceback, MODULE
from MODULE import settrace, gettrace, setprofile, getprofile

def lines(error):
    places = [(entry.name, entry.lineno) for entry in traceback.extract_tb(error.__traceback__)]
    # Early releases of 3.11 name the traced frame twice where the trace function raises.
    return [place for place, next in zip(places, places[1:] + [None]) if place != next]

def work(a):
    b = a
    return len([b])

def record(frame, event, arg):
    if frame.f_code.co_filename == __file__:
        events.append((event, frame.f_code.co_name, frame.f_lineno, show(arg)))
    return record

def show(arg):
    return [arg[0], repr(arg[1]), type(arg[2])] if isinstance(arg, tuple) else repr(arg)

events = []
"""

PROGRAMS = {
    "all events": """
def generate():
    try:
        yield (yield 1)
    finally:
        pass

def program():
    generator = generate()
    next(generator)
    generator.send(2)
    generator.close()
    try:
        {}[1]
    except KeyError:
        return [i for i in range(2)]

settrace(record)
program()
settrace(None)
print(*events, sep="\\n")
""",
    "all events of a profile": """
setprofile(lambda frame, event, arg: events.append((event, frame.f_code.co_name)))
work(1)
try:
    int("x")
except ValueError:
    pass
setprofile(None)
print(events)
""",
    "instructions without lines": """
def instructions(frame, event, arg):
    frame.f_trace_opcodes, frame.f_trace_lines = True, False
    events.append((event, frame.f_lasti))
    return instructions

settrace(instructions)
work(1)
work(2)
settrace(None)
print(events)
""",
    "the callable itself": """
class Function:
    def __call__(self, frame, event, arg):
        events.append((event, gettrace() is self, sys.gettrace() is self))
        return record

function = Function()
settrace(function)
work(1)
settrace(None)
setprofile(function)
print(gettrace(), getprofile() is function is sys.getprofile())
sys.setprofile(None)
print(getprofile(), events)
""",
    "an error in a call": """
def fail(frame, event, arg):
    raise ValueError(event)

settrace(fail)
try:
    work(1)
except ValueError as error:
    print(repr(error), lines(error), gettrace())
setprofile(fail)
try:
    work(1)
except ValueError as error:
    print(repr(error), lines(error), getprofile())
""",
    "an error in a line": """
def fail(frame, event, arg):
    if event == "line":
        raise ValueError(frame.f_lineno)
    return fail

settrace(fail)
try:
    work(1)
except ValueError as error:
    print(repr(error), lines(error), gettrace())
    print(error.__traceback__.tb_next.tb_frame.f_trace)
""",
    "recursion without end": """
def recurse():
    recurse()

settrace(record)
try:
    recurse()
except RecursionError:
    print(gettrace(), len(events))
""",
    "nothing that can be called": """
settrace(7)
print(gettrace())
try:
    work(1)
except TypeError as error:
    print(error, gettrace())
""",
    "wrong arguments": """
calls = (settrace, ()), (setprofile, (1, 2)), (gettrace, (1,)), (getprofile, (1,))
for function, arguments in calls:
    try:
        function(*arguments)
    except TypeError as error:
        print(str(error).rpartition(".")[2])
""",
    "locals": """
def change(frame, event, arg):
    if frame.f_code.co_name == "program":
        frame.f_locals["x"] = 99
    return change

def program():
    x = 1
    y = x
    return x, y

settrace(change)
print(program())
settrace(None)
setprofile(change)
print(program())
setprofile(None)
""",
    "locals that the program changes after it has looked at them": """
def program():
    sys._getframe().f_locals["x"] = 5; x = 1
    return x

settrace(record)
print(program())
settrace(None)
setprofile(lambda frame, event, arg: None)
print(program())
setprofile(None)
""",
    "a function that replaces itself": """
class First:
    def __call__(self, frame, event, arg):
        settrace(record)
        frame.f_trace = record

    def __del__(self):
        print("gone", gettrace() is record)

settrace(First())
work(1)
settrace(None)
print(*events, sep="\\n")
""",
    "a jump": """
def program():
    x = 1
    x = 2
    return x

def jump(frame, event, arg):
    if event == "line" and frame.f_lineno == frame.f_code.co_firstlineno + 2:
        frame.f_lineno += 1
    return jump

settrace(jump)
print(program())
settrace(None)
""",
    "tracing within a trace function": """
def outer(frame, event, arg):
    if frame.f_code.co_name == "program":
        sys.call_tracing(work, (1,))
    return record(frame, event, arg)

def program():
    pass

settrace(outer)
program()
settrace(None)
print(*events, sep="\\n")
""",
    "an audit hook that refuses": """
def refuse(name, arguments):
    if name in ("sys.settrace", "sys.setprofile"):
        raise PermissionError(name)

sys.addaudithook(refuse)
for function in settrace, setprofile:
    try:
        function(record)
    except PermissionError as error:
        print(repr(error))
print(gettrace(), getprofile())
""",
    "references": """
def fail(frame, event, arg):
    raise ValueError

def repeat(count):
    for _ in range(count):
        settrace(keep)
        setprofile(keep)
        work(1)
        setprofile(None)
        settrace(None)
        settrace(fail)
        try:
            work(1)
        except ValueError:
            pass

def keep(frame, event, arg):
    return keep

repeat(100)
before = sys.getrefcount(keep), sys.getrefcount(fail), sys.getallocatedblocks()
repeat(10_000)
after = sys.getrefcount(keep), sys.getrefcount(fail), sys.getallocatedblocks()
print(before[:2] == after[:2], abs(after[2] - before[2]) < 100)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_as_sys(run_program: Run, name: str) -> None:
    program = START + PROGRAMS[name]
    ours = run_program(program.replace("MODULE", "swifttrace")).lines()
    assert ours
    assert ours == run_program(program.replace("MODULE", "sys")).lines()


THREADS = """
import sys, swifttrace, threading

def work():
    return 1

def function(frame, event, arg):
    if frame.f_code.co_name == "work":
        events.append((KIND, event))
    return function

def wait():
    running.set()
    go_on.wait(10)
    work()

events = []
running, go_on = threading.Event(), threading.Event()
old = threading.Thread(target=wait)
old.start()
running.wait(10)
swifttrace.setKIND_all_threads(function)
print(sys.getKIND() is threading.getKIND() is function)
go_on.set()
old.join()
print(events)
new = threading.Thread(target=work)
new.start()
new.join()
print(events)
work()
print(events)
swifttrace.setKIND_all_threads(None)
print(sys.getKIND(), threading.getKIND())
"""


@pytest.mark.parametrize(
    ("kind", "events"), [("trace", ["call", "line", "return"]), ("profile", ["call", "return"])]
)
def test_all_threads(run_program: Run, kind: str, events: list[str]) -> None:
    program = THREADS.replace("(KIND,", f"({kind!r},").replace("KIND", kind)
    each = [(kind, event) for event in events]
    assert run_program(program).lines() == [
        "True",
        *map(str, [each, 2 * each, 3 * each]),
        "None None",
    ]


if sys.version_info >= (3, 12):  # The first version in which threading has these functions.

    def test_all_threads_as_threading(run_program: Run) -> None:
        for kind in ["trace", "profile"]:
            program = THREADS.replace("(KIND,", f"({kind!r},").replace("KIND", kind)
            theirs = program.replace("swifttrace.", "threading.")
            assert run_program(program).lines() == run_program(theirs).lines()


def test_a_session_gives_the_functions_back(run_program: Run) -> None:
    program = """
import sys, swifttrace

def work():
    return 1

def function(frame, event, arg):
    if frame.f_code.co_name == "work":
        events.append(event)
    return function

events = []
swifttrace.settrace(function)
swifttrace.setprofile(function)
swifttrace.start(swifttrace.CallLogger(sys.stdout), function=["work"], source="settrace")
print(swifttrace.gettrace() is sys.gettrace() is not function)
work()
swifttrace.stop()
print(swifttrace.gettrace() is function, swifttrace.getprofile() is function)
del events[:]
work()
swifttrace.settrace(None)
swifttrace.setprofile(None)
print(events)
"""
    ended = run_program(program)
    assert ended.status == 0
    assert ended.stderr == (
        "swifttrace: another trace function was set before; it gets no events until tracing ends\n"
    )
    assert ended.stdout.splitlines() == [
        "True",
        "Call to work at line 4",
        "True True",
        "['call', 'call', 'line', 'return', 'return']",
    ]
