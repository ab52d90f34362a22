"""The output of the tracer fails, or goes to an object of the program."""

from .case import Case

CASES = [
    Case(
        "what the tracer writes to raises",
        """
from facts import note

class Sink:
    def write(self, text): raise OSError("broken")
    def flush(self): pass

def work(n): return n

INTO
for n in range(3): note(work(n))
""",
        "0\n1\n2\n",
        warns="EventLogger failed, tracing has ended: OSError: broken",
    ),
    Case(
        "what the tracer writes to collects garbage: `__del__` and callbacks during an event",
        """
import gc
from facts import note

class Thing:
    def __init__(self): self.me = self
    def __del__(self): died.append(step(1))

class Sink:
    def write(self, text):
        Thing()
        gc.collect()
        return len(text)

    def flush(self): pass

def step(value): return value

def callback(phase, info): phases.add(step(phase))

died, phases = [], set()
gc.callbacks.append(callback)
INTO
for n in range(3): step(n)
Thing()
gc.collect()
STOP
gc.callbacks.clear()
note(len(died) > 0, sorted(phases))
""",
        "True ['start', 'stop']\n",
    ),
    Case(
        "what the tracer writes to takes text as Python's own files do",
        """
import io
from facts import note

class Sink(io.TextIOWrapper):
    def __init__(self): super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

def give(value): return value

INTO
for text in ("\\ud800", "a\\udcffb", "\\0", "", "\u20ac" * 100_000):
    note(len(give(text)))
STOP
""",
        "1\n3\n1\n0\n100000\n",
    ),
    Case(
        "what the tracer writes to is the program's own, and the program ends while it traces",
        """
from facts import note

class Sink:
    def write(self, text):
        parts.append(text)
        return len(text)

    def flush(self): pass

class Thing:
    def __del__(self, note=note): note("__del__", step(1))

def step(n): return n

parts = []
thing = Thing()
keep = [thing]
INTO
step(1)
""",
        "__del__ 1\n",
    ),
]
