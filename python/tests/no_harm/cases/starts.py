"""Ways of starting a program, of starting others, and the state at its end."""

from .case import Case, Outcome


def is_silent_about_pipes(seen: Outcome, untraced: Outcome) -> str:
    return "a message about the closed pipe" if "roken pipe" in seen.text() else ""


# Runs a command in a removed folder, with absolute paths for its files.
IN_REMOVED = """h=$PWD; mkdir gone; cd gone; rmdir "$h/gone"
eval "$(echo {} | sed -E "s#(program.py|trace.txt|trace.json|run.swt)#$h/\\1#g")\""""

STANDARD = ("argparse", "gettext", "locale", "shlex")

CASES = [
    Case(
        "`sys.orig_argv`, and a restart with it",
        """
import os, sys
from facts import note

note(sys.orig_argv[1:], sys.argv)
if "AGAIN" not in os.environ:
    os.environ["AGAIN"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
note("second life")
""",
        "['program.py', 'a'] ['program.py', 'a']\n" * 2 + "second life\n",
        command=("program.py", "a"),
    ),
    Case(
        "children of a program with a large environment",
        """
import os, subprocess, sys
from facts import note

# What is left has to do for the program's own.
os.environ["LARGE"] = "x" * 120_000
note(subprocess.run(["true"]).returncode)
note(subprocess.run([sys.executable, "-S", "-c", "pass"]).returncode)
note(sum(len(value) > 8_000 for value in os.environ.values()))
""",
        "0\n0\n1\n",
    ),
    Case(
        "a pool of threads that is left open",
        """
from concurrent.futures import ThreadPoolExecutor
from facts import note

pool = ThreadPoolExecutor(1)
note(pool.submit(len, "abc").result())
""",
        "3\n",
    ),
    Case(
        "a pool of processes that is left open",
        """
from concurrent.futures import ProcessPoolExecutor
from facts import note

if __name__ == "__main__":
    pool = ProcessPoolExecutor(1)
    note(pool.submit(len, "abc").result())
""",
        "3\n",
    ),
    Case(
        "`__main__` while exit handlers run",
        """
import atexit
from facts import note

NAMES = ("__file__", "__cached__", "__name__", "__spec__")
atexit.register(lambda: note(*(name for name in NAMES if name in globals())))
""",
        "__name__ __spec__\n",
    ),
    Case(
        "a forked child that can import nothing any more",
        """
import atexit, os, sys
from facts import note

class Refuse:
    def find_spec(self, name, *rest):
        note("import", name)
        raise ImportError(name)

def work(): return 1

work()
if os.fork() == 0:
    sys.meta_path[:] = [Refuse()]
    work()
    note("child")
else:
    note(os.wait()[1])
""",
        "child\n0\n",
    ),
    Case(
        "a folder that has been removed",
        """
import os, sys
from facts import note

def work(): return 1

note(work(), len(sys.argv))
try:
    os.getcwd()
except FileNotFoundError:
    note("no folder")
""",
        "1 1\nno folder\n",
        shell=IN_REMOVED,
    ),
    Case(
        "a signal handler that raises while tracing starts and stops",
        """
import os, signal, sys
from facts import note

class Interrupt(Exception): pass

def handler(*_): raise Interrupt

def work(): return 1

START
STOP
signal.signal(signal.SIGALRM, handler)
before = dict(os.environ)
for number in range(200):
    try:
        signal.setitimer(signal.ITIMER_REAL, 1e-5 + number * 3e-6)
        try:
            START
            work()
        finally:
            STOP
        while True: work()
    except BaseException as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if not isinstance(error, (Interrupt, RuntimeError)): raise
    try:
        STOP
    except Exception:
        pass  # It has stopped.
note(sys.gettrace(), sys.getprofile(), dict(os.environ) == before)
""",
        "None None True\n",
    ),
    Case(
        "files that are named like modules of the standard library",
        """
import argparse, gettext, locale, shlex
from facts import note

note(argparse.MINE, gettext.MINE, locale.MINE, shlex.MINE)
""",
        "argparse gettext locale shlex\n",
        files={f"{name}.py": "MINE = __name__\n" for name in STANDARD},
    ),
    Case(
        "a trace that nobody reads to its end",
        """
from facts import note

def f(n): return n

for n in range(20_000): f(n)
note("end")
""",
        "end\n",
        shell="mkfifo trace.txt; head -n 1 trace.txt >/dev/null & {}",
        check=is_silent_about_pipes,
    ),
]
