"""Other interpreters in the same process."""

from .case import Case

RUN = """
import sys
from facts import note

def work(): return 1

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
work()
inner = interpreters.create()
shown = interpreters.run_string(inner, CODE)
interpreters.destroy(inner)
work()
note("goes on", shown and str(shown.msg))
"""


# A tracer may refuse, and may not bring the process down.
IMPORT = """
from facts import note
try:
    import MODULE
except ImportError:
    pass
note("ran")
"""

CASES = [
    Case(
        "a program with a sub-interpreter",
        RUN.replace("CODE", "\"from facts import note\\ndef f(): note('inside')\\nf()\""),
        "inside\ngoes on None\n",
    ),
    Case(
        "a sub-interpreter that imports the tracer",
        RUN.replace("CODE", repr(IMPORT)),
        "ran\ngoes on None\n",
    ),
]
