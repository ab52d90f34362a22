"""Other users of the interpreter's trace functions, at the same time."""

import sys

from .case import Case

OWN = """
import sys, threading
from facts import note

def own(frame, event, arg):
    if frame.f_code.co_name == "work": seen.append(event)
    return own

def work(): return 1

seen = []
"""

BOTH = "another trace function was set while tracing; events after that are missing"
STAYS = "another trace function was set before in another thread; only this thread is traced"
BEFORE = "another trace function was set before; it gets no events until tracing ends"
TOLD_OF_TOOLS = (BOTH, STAYS, BEFORE)

ALONE = sys.version_info >= (3, 13)  # Only the calling thread's function can be set alone.

# From 3.14 on, `breakpoint()` and coverage use sys.monitoring.
MONITORS = (3, 14)

THREAD = """
def other():
    sys.settrace(own)
    ready.set()
    go.wait()
    work()
    sys.settrace(None)

ready, go = threading.Event(), threading.Event()
thread = threading.Thread(target=other)
thread.start()
ready.wait()
"""

CASES = [
    Case(
        "the program calls `sys.settrace`",
        OWN + "sys.settrace(own)\nwork()\nsys.settrace(None)\nwork()\nnote(seen)\n",
        "['call', 'line', 'return']\n",
        warns=BOTH,
    ),
    Case(
        "the program calls `sys.settrace`, and puts back what was there",
        OWN
        + """
before = sys.gettrace()
sys.settrace(own)
mine = sys.gettrace() is own
work()
sys.settrace(before)
work()
note(seen, mine)
""",
        "['call', 'line', 'return'] True\n",
    ),
    Case(
        "the program calls `threading.settrace`",
        OWN
        + """
threading.settrace(own)
thread = threading.Thread(target=work)
thread.start()
thread.join()
note(seen)
""",
        "['call', 'line', 'return']\n",
    ),
    Case(
        "the program calls `sys.setprofile`",
        OWN + "sys.setprofile(own)\nwork()\nsys.setprofile(None)\nnote(seen)\n",
        "['call', 'return']\n",
    ),
    Case(
        "cProfile",
        """
import cProfile, pstats
from facts import note

def work(): return 1

profile = cProfile.Profile()
profile.enable()
for _ in range(5): work()
profile.disable()
note([row[0] for key, row in pstats.Stats(profile).stats.items() if key[2] == "work"])
""",
        "[5]\n",
    ),
    Case(
        "`sys.monitoring`",
        """
import sys
from facts import note

monitoring = sys.monitoring
events = monitoring.events.PY_START | monitoring.events.LINE
seen = []

def work():
    return 1

monitoring.use_tool_id(3, "own")
monitoring.register_callback(3, monitoring.events.PY_START, lambda *a: seen.append("start"))
monitoring.register_callback(3, monitoring.events.LINE, lambda *a: seen.append("line"))
monitoring.set_local_events(3, work.__code__, events)
for _ in range(2): work()
note(seen)
""",
        "['start', 'line', 'start', 'line']\n",
        since=(3, 12),
    ),
    Case(
        "`breakpoint()`",
        """
from facts import note

def work(n):
    breakpoint()
    n += 1
    return n

note(work(1))
note(work(2))
""",
        "11\n3\n",
        stdin="!n = 10\nnext\np 'n is', n\ncontinue\ncontinue\n",
        warns=BOTH,
        warns_before=MONITORS,
    ),
    Case(
        "`pdb.runcall`, with a step, a breakpoint and a jump",
        """
import pdb
from facts import note

def work(n):
    n += 1
    n += 10
    return n

note(pdb.runcall(work, 1))
note(work(1))
""",
        "2\n12\n",
        stdin="next\njump 8\ncontinue\n",
        warns=BOTH,
    ),
    Case(
        "a trace function that was there before is back at the end",
        OWN
        + """
sys.settrace(own)
START
work()
STOP
note(sys.gettrace() is own)
del seen[:]
work()
sys.settrace(None)
note(seen)
""",
        "True\n['call', 'line', 'return']\n",
        warns=BEFORE,
    ),
    Case(
        "the same in a program with threads",
        OWN
        + """
def wait(): go.wait()

go = threading.Event()
thread = threading.Thread(target=wait)
thread.start()
sys.settrace(own)
START
work()
STOP
note(sys.gettrace() is own)
del seen[:]
work()
sys.settrace(None)
go.set()
thread.join()
note(seen)
""",
        "True\n['call', 'line', 'return']\n",
        warns=BEFORE,
    ),
    Case(
        "the same where another thread ends the tracing",
        OWN
        + """
def stop():
    STOP

sys.settrace(own)
START
thread = threading.Thread(target=stop)
thread.start()
thread.join()
work()
note(sys.gettrace() is own)
sys.settrace(None)
note(seen)
""",
        "True\n['call', 'line', 'return']\n",
        warns=BEFORE,
    ),
    Case(
        "a trace function of another thread is back, or still there, at the end",
        OWN + THREAD + "START\nwork()\nSTOP\ngo.set()\nthread.join()\nnote(seen)\n",
        "['call', 'line', 'return']\n",
        warns=STAYS if ALONE else BEFORE,
    ),
    Case(
        "a profile function that was there before goes on",
        OWN
        + """
sys.setprofile(own)
START
work()
STOP
back = sys.getprofile() is own
sys.setprofile(None)
note(seen, back)
""",
        "['call', 'return'] True\n",
    ),
    Case(
        "coverage runs at the same time, started before",
        OWN
        + """
import coverage

measured = coverage.Coverage(data_file=None, include=[__file__])
measured.start()
START
work()
STOP
note(sys.gettrace() is not None)
work()
measured.stop()
note(work.__code__.co_firstlineno in measured.get_data().lines(__file__))
""",
        f"{sys.version_info < MONITORS}\nTrue\n",
        warns=BEFORE,
        warns_before=MONITORS,
    ),
    Case(
        "coverage runs at the same time, started within",
        OWN
        + """
import coverage

def more():
    return work()

START
measured = coverage.Coverage(data_file=None, include=[__file__])
measured.start()
more()
measured.stop()
STOP
lines = measured.get_data().lines(__file__)
note(more.__code__.co_firstlineno + 1 in lines)
""",
        "True\n",
        warns=BOTH,
        warns_before=MONITORS,
    ),
]
