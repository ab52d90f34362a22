"""Other interpreters in the same process."""

import sys

from .case import Case

SHARING = "create('legacy')" if sys.version_info >= (3, 13) else "create(isolated=False)"

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

THREAD = """
import threading
from facts import note

def f(): note("in a thread")

thread = threading.Thread(target=f)
thread.start()
thread.join()
"""

# A tracer may raise an error, but must not end the process.
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
        "a sub-interpreter that starts a thread",
        RUN.replace("CODE", repr(THREAD)),
        "in a thread\ngoes on None\n",
        since=(3, 12),
    ),
    Case(
        "the same where it shares the GIL",
        RUN.replace("CODE", repr(THREAD)).replace("create()", SHARING),
        "in a thread\ngoes on None\n",
    ),
    Case(
        "a sub-interpreter that imports the tracer",
        RUN.replace("CODE", repr(IMPORT)),
        "ran\ngoes on None\n",
    ),
]
