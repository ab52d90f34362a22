"""Objects live as long as untraced, and their finalizers run as untraced."""

from .case import Case

CASES = [
    Case(
        "an object dies when its last name goes",
        """
import weakref
from facts import note

class Thing: pass

def give(value): return value

def make():
    thing = Thing()
    return weakref.ref(give(thing))

thing = Thing()
alive = weakref.ref(give(thing))
note(make()() is None, alive() is thing)
del thing
note(alive() is None)
""",
        "True True\nTrue\n",
    ),
    Case(
        "an object in an exception dies with it",
        """
import weakref
from facts import note

class Thing: pass

def fail(thing): raise ValueError(thing)

thing = Thing()
alive = weakref.ref(thing)
try:
    fail(thing)
except ValueError:
    pass
del thing
note(alive() is None)
""",
        "True\n",
    ),
    Case(
        "reference counts",
        """
import sys
from facts import note

def count(thing): return sys.getrefcount(thing)

def pass_on(thing): return count(thing)

thing = object()
note(count(thing), pass_on(thing), sys.getrefcount(thing), sys.getrefcount(count))
""",
        None,
    ),
    Case(
        "`__del__` during events",
        """
from facts import note

class Thing:
    def __del__(self): died.append(step(len(died)))

def step(n): return n

def drop(thing): pass

died = []
for _ in range(1_000): drop(Thing())
note(len(died), died[-1])
""",
        "1000 999\n",
    ),
    Case(
        "`__del__` that raises",
        """
import sys
from facts import note

class Thing:
    def __del__(self): raise ValueError("dying")

def drop(thing): pass

sys.unraisablehook = lambda error: note(error.exc_type.__name__, error.exc_value)
for _ in range(2): drop(Thing())
""",
        "ValueError dying\nValueError dying\n",
    ),
    Case(
        "callbacks of the garbage collector",
        """
import gc
from facts import note

class Thing:
    def __init__(self): self.me = self
    def __del__(self): died.append(1)

def callback(phase, info): phases.add(step(phase))

def step(phase): return phase

died, phases = [], set()
gc.callbacks.append(callback)
gc.set_threshold(5)
for _ in range(500): Thing()
gc.collect()
gc.callbacks.clear()
note(len(died), sorted(phases))
""",
        "500 ['start', 'stop']\n",
    ),
    Case(
        "what the garbage collector finds",
        """
import gc
from facts import note

class Thing:
    def __init__(self): self.me = self

def make(): Thing()

gc.collect()
gc.disable()
for _ in range(10): make()
note(gc.collect())
""",
        None,
    ),
]
