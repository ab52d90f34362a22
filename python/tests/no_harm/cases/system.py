"""Exhausted memory, truncated files, and child processes created by C code."""

from .case import Case

CASES = [
    Case(
        "children that C code forks",
        """
import ctypes, os
from facts import note

C = ctypes.CDLL(None)

def step(number): return number

def fork(how):
    step(1)
    child = how()
    if child == 0:
        for number in range(3000): step(number)
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

clone = 56 if os.uname().machine == "x86_64" else 220
note(fork(C.fork))
note(fork(lambda: C.syscall(clone, 17, 0, 0, 0, 0)))
""",
        "7\n7\n",
    ),
    Case(
        "files that somebody cuts off",
        """
import os, sys
from facts import note

def step(number): return number

def cut():
    own = {"program.py", "facts.txt", "facts.py"}
    for name in os.listdir():
        if name not in own and os.path.isfile(name): os.truncate(name, 0)

for number in range(3000): step(number)
cut()
for number in range(3000): step(number)
note("survived", step(1))
""",
        "survived 1\n",
    ),
    Case(
        "a bus error that ends the program",
        """
import faulthandler, mmap, os, resource

def step(number): return number

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
for number in range(3000): step(number)
with open("own", "wb+") as file:
    file.truncate(8192)
    memory = mmap.mmap(file.fileno(), 8192)
    file.truncate(0)
os.remove("own")
memory[5000]
""",
        status=-7,
    ),
    Case(
        "what is known of SIGBUS",
        """
import faulthandler, signal
from facts import note

note(signal.getsignal(signal.SIGBUS) is signal.SIG_DFL, faulthandler.is_enabled())
faulthandler.enable()
faulthandler.disable()
note(signal.signal(signal.SIGBUS, signal.SIG_IGN) is signal.SIG_DFL)
""",
        None,  # -X dev enables faulthandler, which installs its own handler.
    ),
    Case(
        "memory that runs out for a while",
        """
import resource, threading
from facts import note

def spare(size):
    with open("/proc/self/statm") as file: used = int(file.read().split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (used + size, resource.RLIM_INFINITY))

def fill():
    kept, size = [], 1 << 20
    while size >= 4096:
        try: kept.append(bytearray(size))
        except MemoryError: size //= 2
    return kept

def deep(level): return deep(level - 1) if level else 0

def new(number): exec(f"def made_{number}(a): return a\\nmade_{number}(1)", {})

def work():
    for body, *values in [(deep, 300), *((new, number) for number in range(100))]:
        try: body(*values)
        except MemoryError: pass

spare(1 << 20)
kept = fill()
work()
del kept
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
work()
note("went on")
""",
        "went on\n",
        may_warn="failed, tracing has ended: out of memory",
        since=(3, 12),  # CPython 3.11 crashes itself if there is no memory for a frame.
    ),
]
