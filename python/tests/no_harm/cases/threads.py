"""Threads, processes, coroutines."""

import re

from .case import Case, Outcome


def sees_the_thread(seen: Outcome, untraced: Outcome) -> str:
    # coverage writes files and line numbers, but no names.
    if "traced_work" in seen.text() or "thread_work" not in seen.text():
        return ""
    return "the thread is missed"


def tells_the_child_apart(seen: Outcome, untraced: Outcome) -> str:
    """Checks that the child has no calls of its parent from before the fork: each made 300."""
    parent = len(re.findall("in_parent", seen.text()))
    child = len(re.findall("in_child", seen.text()))
    if child == 0 and parent > 0:
        return "the child is not traced"
    return "the parent's events twice" if parent > child * 3 // 2 else ""


THREAD = """
import _thread
from facts import note

def traced_work(): done.release()

def thread_work(): pass

done = _thread.allocate_lock()
done.acquire()
thread_work()
_thread.start_new_thread(traced_work, ())
done.acquire()
note("done")
"""

CASES = [
    Case("a thread of `_thread`", THREAD, "done\n", check=sees_the_thread),
    Case(
        "eight threads that take turns",
        """
import sys, threading
from facts import note

def work(n): return n

def run(name):
    for n in range(300): total[name] += work(n)

sys.setswitchinterval(1e-5)
total = dict.fromkeys(range(8), 0)
threads = [threading.Thread(target=run, args=[name]) for name in total]
for thread in threads: thread.start()
for thread in threads: thread.join()
note(set(total.values()))
""",
        "{44850}\n",
    ),
    Case(
        "an exception in a thread",
        """
import threading
from facts import note

def fail(): raise ValueError("in a thread")

threading.excepthook = lambda args: note(args.exc_type.__name__, args.exc_value)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
""",
        "ValueError in a thread\n",
    ),
    Case(
        "a forked child",
        """
import os, sys
from facts import note

def in_parent(n): return n

def in_child(n): return n

for n in range(300): in_parent(n)
if (pid := os.fork()) == 0:
    for n in range(300): in_child(n)
    note("child")
    sys.exit(3)
_, status = os.waitpid(pid, 0)
note("parent", os.waitstatus_to_exitcode(status))
""",
        "child\nparent 3\n",
        check=tells_the_child_apart,
    ),
    Case(
        "`multiprocessing`, by fork and by spawn",
        """
import multiprocessing
from facts import note

def square(n): return n * n

if __name__ == "__main__":
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            note(pool.map(square, range(4)))
""",
        "[0, 1, 4, 9]\n[0, 1, 4, 9]\n",
    ),
    Case(
        "`subprocess`",
        """
import subprocess, sys
from facts import note

code = "import sys; print(sys.argv, sys.stdin.read(), sys.getrecursionlimit()); sys.exit(4)"
done = subprocess.run(
    [sys.executable, "-c", code, "a"], input="given", capture_output=True, text=True)
note(done.stdout.strip(), done.stderr, done.returncode)
""",
        "['-c', 'a'] given 1000  4\n",
    ),
    Case(
        "generators, coroutines, asynchronous generators",
        """
import asyncio
from facts import note

def numbers():
    try:
        while True:
            sent = yield 1
            note("sent", sent)
    finally:
        note("closed")

async def ticks():
    for n in range(3):
        await asyncio.sleep(0)
        yield n

async def cancelled():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        note("cancelled")
        raise

async def main():
    task = asyncio.create_task(cancelled())
    note([n async for n in ticks()])
    task.cancel()
    note(*map(repr, map(type, await asyncio.gather(task, return_exceptions=True))))

generator = numbers()
next(generator)
generator.send(2)
generator.close()
asyncio.run(main())
""",
        "sent 2\nclosed\n[0, 1, 2]\ncancelled\n<class 'asyncio.exceptions.CancelledError'>\n",
    ),
]
