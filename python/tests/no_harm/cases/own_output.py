"""What the tracer writes to fails, or is the program's own object."""

from .case import Case

CASES = [
    Case(
        "what the tracer writes to raises",
        """
from facts import note

class Broken:
    def write(self, text): raise OSError("broken")
    def flush(self): pass

def work(n): return n

BROKEN
for n in range(3): note(work(n))
""",
        "0\n1\n2\n",
        tells="EventLogger failed, tracing has ended: OSError: broken",
    ),
]
