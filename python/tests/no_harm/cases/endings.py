"""A program ends as it does untraced."""

from .case import Case, Outcome


def shows_the_traceback(seen: Outcome, untraced: Outcome) -> str:
    lines = iter(seen.stderr.splitlines())
    shown = all(line in lines for line in untraced.stderr.splitlines())
    return "" if shown else "another traceback"


CASES = [
    Case("`sys.exit(7)`", "import sys\nsys.exit(7)\n", status=7),
    Case(
        "an uncaught exception",
        "def f(x): raise ValueError(x)\n\ndef g(): f(1)\n\ng()\n",
        status=1,
        check=shows_the_traceback,
    ),
    Case(
        "`os._exit(5)`",
        "import os\n\ndef f(): pass\n\nfor _ in range(5_000): f()\nos._exit(5)\n",
        status=5,
    ),
    Case(
        "`os.abort()`",
        """
import os, resource

def f(): pass

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
for _ in range(5_000): f()
os.abort()
""",
        status=-6,
    ),
    Case(
        "`os.execv`",
        """
import os, sys

def f(): pass

for _ in range(5_000): f()
os.execv(sys.executable, [sys.executable, "-c", "from facts import note; note('new program')"])
""",
        "new program\n",
    ),
    Case(
        "exit handlers and finalizers at the end",
        """
import atexit, weakref
from facts import note

class Thing:
    def __del__(self, note=note): note("__del__")

def handler(): note("atexit")

thing, other = Thing(), Thing.__new__(type("Other", (), {}))
atexit.register(handler)
weakref.finalize(other, note, "finalize")
""",
        "finalize\natexit\n__del__\n",
    ),
    Case(
        "an exception in an exit handler",
        """
import atexit
from facts import note

def fail(): raise ValueError("at the end")

atexit.register(note, "last")
atexit.register(fail)
""",
        "last\n",
        check=shows_the_traceback,
    ),
    Case(
        "daemon threads at the end",
        """
import threading
from facts import note

running = threading.Event()

def work():
    while True:
        step()
        running.set()

def step(): pass

for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
running.wait()
note("over")
""",
        "over\n",
    ),
    Case(
        "the interpreter ends while tracing is on",
        """
from facts import note

class Thing:
    def __del__(self, note=note): note("__del__", step())

def step(): return 1

thing = Thing()
keep = [thing]
START
step()
""",
        "__del__ 1\n",
    ),
]
