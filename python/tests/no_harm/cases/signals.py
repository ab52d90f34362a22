"""Signals reach the program, and only it decides what they do."""

from .case import Case

CASES = [
    Case(
        "signals that the program handles",
        """
import os, signal
from facts import note

def handler(number, frame):
    seen.append(frame.f_code.co_name)

def work():
    for _ in range(100):
        os.kill(os.getpid(), signal.SIGUSR1)

seen = []
signal.signal(signal.SIGUSR1, handler)
work()
note(len(seen), set(seen))
""",
        "100 {'work'}\n",
    ),
    Case(
        "a signal handler that raises",
        """
import signal
from facts import note

class Timeout(Exception): pass

def handler(number, frame): raise Timeout

def step(): pass

signal.signal(signal.SIGALRM, handler)
for _ in range(3):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        while True: step()
    except Timeout:
        note("timeout")
""",
        "timeout\ntimeout\ntimeout\n",
    ),
    Case(
        "an interrupt that the program catches",
        """
import os, signal, time
from facts import note

def waits():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

try:
    waits()
except KeyboardInterrupt:
    note("caught")
""",
        "caught\n",
    ),
    Case(
        "SIGTERM",
        "import os, signal\n\ndef f(): os.kill(os.getpid(), signal.SIGTERM)\n\nf()\n",
        status=-15,
    ),
    Case(
        "SIGINT",
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n",
        status=-2,
    ),
    Case(
        "signal handlers that the program finds",
        """
import signal
from facts import note

kept = {signal.SIG_DFL, signal.SIG_IGN, None}
note([number.name for number in signal.valid_signals() if signal.getsignal(number) not in kept
      if isinstance(number, signal.Signals)])
note(signal.pthread_sigmask(signal.SIG_BLOCK, []))
""",
        "['SIGINT']\nset()\n",
    ),
    Case(
        "a system call that a signal interrupts",
        """
import os, signal, time
from facts import note

def handler(number, frame): note("handled")

signal.signal(signal.SIGALRM, handler)
read, write = os.pipe()
signal.setitimer(signal.ITIMER_REAL, 0.02)
if os.fork() == 0:
    time.sleep(0.2)
    os.write(write, b"data")
    os._exit(0)
note(os.read(read, 10).decode())
""",
        "handled\ndata\n",
    ),
]
