"""Tracing can be stopped while an event is handled, in the `write` method of a file object."""

from conftest import Run


def test_a_file_that_stops_the_tracing_itself(run_program: Run) -> None:
    program = """
import swifttrace

def f(): pass

class Stopping:
    lines = []

    def write(self, text):
        self.lines.append(text)
        if len(self.lines) == 3:
            swifttrace.stop()

    def flush(self): pass

swifttrace.start(swifttrace.CallLogger(Stopping()))
for _ in range(10):
    f()
print(len(Stopping.lines), Stopping.lines[2], end="")
swifttrace.start(swifttrace.CallLogger(Stopping()))
f()
swifttrace.stop()
print(len(Stopping.lines))
"""
    assert run_program(program).lines() == ["3 Call to f at line 4", "4"]


def test_a_thread_that_is_writing_when_another_stops_the_tracing(run_program: Run) -> None:
    program = """
import threading, swifttrace

def f(): pass

is_writing = threading.Event()
may_go_on = threading.Event()

class Waiting:
    def write(self, text):
        is_writing.set()
        may_go_on.wait()
        print("wrote", text, end="")

    def flush(self): pass

def work():
    f()
    f()
    print("the worker goes on")

worker = threading.Thread(target=work)
swifttrace.start(swifttrace.CallLogger(Waiting()), function=["f"])
worker.start()
is_writing.wait()
swifttrace.stop()
print("stopped")
may_go_on.set()
worker.join()
"""
    assert run_program(program).lines() == [
        "stopped",
        "wrote Call to f at line 4",
        "the worker goes on",
    ]


def test_a_child_that_is_forked_while_a_thread_writes(run_program: Run) -> None:
    # From 3.12 on, Python warns about a fork with threads; under `make robust`, warnings raise.
    program = """
import os, sys, threading, warnings, swifttrace

warnings.simplefilter("ignore", DeprecationWarning)

def f(who): pass

is_writing = threading.Event()
may_go_on = threading.Event()

class Waiting:
    def write(self, text):
        if not is_writing.is_set():
            is_writing.set()
            may_go_on.wait()
        os.write(1, text.encode())

    def flush(self): pass

swifttrace.start(swifttrace.CallLogger(Waiting()), function=["f"])
worker = threading.Thread(target=f, args=["worker"])
worker.start()
is_writing.wait()
pid = os.fork()
if pid == 0:
    f("child")
    os._exit(0)
os.waitpid(pid, 0)
os.write(1, b"the child is over\\n")
may_go_on.set()
worker.join()
swifttrace.stop()
"""
    assert run_program(program).lines() == [
        "Call to f at line 6",
        "the child is over",
        "Call to f at line 6",
    ]
