"""The program's standard streams and descriptors are its own."""

from .case import Case

WORK = """
import sys
from facts import note

def work(n): return n

for n in range(3_000): work(n)
note("finished")
"""

CASES = [
    Case("`2>&1 | head -1`", WORK, "finished\n", shell="{} 2>&1 | head -1 >/dev/null"),
    Case("standard error is a closed pipe", WORK, "finished\n", shell="{} 2> >(exit 0)"),
    Case("standard error is full", WORK, "finished\n", shell="{} 2>/dev/full"),
    Case("standard error is closed", WORK, "finished\n", shell="{} 2>&-"),
    Case(
        "standard error and output are full",
        WORK.replace("import sys", "import sys, os"),
        "finished\n",
        shell="{} 2>/dev/full >/dev/full",
    ),
    Case("standard output is closed", WORK, "finished\n", shell="{} >&-"),
    Case("all standard streams are closed", WORK, "finished\n", shell="{} <&- >&- 2>&-"),
    Case(
        "the program closes 1 and 2, and opens files of its own",
        """
import os
from facts import note

def work(n): return n

work(1)
os.close(1)
os.close(2)
files = [open(name, "w+") for name in ("a.txt", "b.txt")]
numbers = [file.fileno() for file in files]
for n in range(3_000): work(n)
for file in files:
    file.write("mine")
    file.flush()
    file.seek(0)
contents = [file.read() for file in files]
note(numbers, contents)
os._exit(0)
""",
        "[1, 2] ['mine', 'mine']\n",
    ),
    Case(
        "the program closes all descriptors from 3 on, as daemons do",
        """
import os
from facts import note

def work(n): return n

work(1)
os.closerange(3, 1024)
files = [open(f"own{n}.txt", "w+") for n in range(200)]
for n in range(3_000): work(n)
for file in files:
    file.write("mine")
    file.seek(0)
note({file.read() for file in files})
for file in files: file.close()
""",
        "{'mine'}\n",
        may_warn="failed, tracing has ended: trace output: Bad file descriptor",
    ),
    Case(
        "the program points 2 at a file of its own",
        """
import os
from facts import note

def work(n): return n

work(1)
file = os.open("own.txt", os.O_RDWR | os.O_CREAT)
os.dup2(file, 2)
for n in range(3_000): work(n)
os.write(2, b"mine")
note(open("own.txt").read())
os._exit(0)
""",
        "mine\n",
    ),
    Case(
        "the program replaces `sys.stderr` and `sys.stdout`",
        """
import sys
from facts import note

class File:
    def __init__(self): self.parts = []
    def write(self, text): self.parts.append(self.same(text))
    def same(self, text): return text
    def flush(self): pass

def work(n): return n

sys.stdout, sys.stderr = File(), File()
work(1)
print("out", end="")
print("error", end="", file=sys.stderr)
texts = ["".join(file.parts) for file in (sys.stdout, sys.stderr)]
sys.stdout = sys.stderr = None
work(2)
note(texts)
""",
        "['out', 'error']\n",
    ),
    Case(
        "the lowest free descriptor",
        "import os\nfrom facts import note\nnote(os.open('/dev/null', os.O_RDONLY))\n",
        "3\n",
    ),
    Case(
        "standard input",
        "import sys\nfrom facts import note\nnote(input(), sys.stdin.read().split())\n",
        "one ['two', 'three']\n",
        stdin="one\ntwo\nthree",
    ),
    Case(
        "the program changes its folder",
        """
import os
from facts import note

def work(n): return n

work(1)
os.mkdir("elsewhere")
os.chdir("elsewhere")
work(2)
note(os.listdir())
""",
        "[]\n",
    ),
]
