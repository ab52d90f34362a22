"""Dictionaries with hostile keys: looking up a name runs no code of theirs."""

import pytest
from conftest import Run

# A key with the hash of a name, whose `__eq__` raises once `armed` is true.
KEYS = """
import _thread, sys, swifttrace, threading, time, warnings

warnings.simplefilter("ignore")  # Of keys of a class that are no names.
armed = False
called = []

class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        if not armed or other is self:
            return other is self
        called.append(self.name)
        raise ValueError(self.name)

def fill(namespace, *names):
    # Put before the name, so that a lookup of the name meets the key.
    for name in names:
        value = namespace.pop(name, None)
        namespace[Key(name)] = value
        namespace[name] = value
    return namespace
"""

PROGRAMS = {
    "the globals of a module": """
space = fill({"__name__": "odd", "__file__": "odd.py", "__spec__": None}, "__name__", "__file__")
exec("def odd(x): return x", space)
def main():
    space["odd"](1)
""",
    "a class": """
Odd = type("Odd", (), fill({"__module__": "odd", "__qualname__": "Odd"}, "__module__"))
value = Odd()
def give(value):
    return value
def main():
    give(value)
    give(Odd)
    give([value])
""",
    "sys.modules and threads": """
def work(lock):
    lock.release()
fill(sys.modules, "threading", "__main__")
fill(vars(threading), "_active")
fill(threading._active, threading.get_ident())
def main():
    lock = _thread.allocate_lock()
    lock.acquire()
    _thread.start_new_thread(work, (lock,))
    lock.acquire()
""",
    "the thread": """
def main():
    pass
fill(vars(threading.main_thread()), "_name")
armed = True
""",
    "sys.monitoring": """
with swifttrace.trace(swifttrace.CallLogger("first.txt")):
    pass
if sys.version_info >= (3, 12):
    fill(vars(sys), "monitoring")
    fill(vars(sys.monitoring), "get_tool", "set_events", "get_events")
def main():
    pass
""",
}

# One shows values, the other stores them.
WAYS = {
    "text": "swifttrace.trace(swifttrace.EventLogger('out.txt'), {})",
    "recording": "swifttrace.record('out.swt', values='safe', {})",
}


@pytest.mark.parametrize("source", ["auto", "settrace"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_no_key_is_compared(run_program: Run, name: str, way: str, source: str) -> None:
    program = f"""
{KEYS}
{PROGRAMS[name]}
with WAY:
    armed = True
    main()
    armed = False
print(called)
"""
    opened = WAYS[way].format(f"source={source!r}")
    assert run_program(program.replace("WAY", opened)).lines() == ["[]"]
