"""Trace functions of the program or of another tool."""

from conftest import Run, RunTraced


def test_a_program_that_traces_itself_and_starts_threads(run_traced: RunTraced) -> None:
    for kind in ("trace", "profile"):
        program = f"""
import sys, threading

events = []

def function(frame, event, arg):
    if frame.f_code.co_name == "g":
        events.append(event)
    return function

def g():
    return 1

sys.set{kind}(function)
thread = threading.Thread(target=len, args=[()])
thread.start()
thread.join()
mine = sys.get{kind}() is function
g()
sys.set{kind}(None)
print(mine, events)
"""
        options = ["--format", "json", "--c-calls", "-o", "trace.txt"]
        ended = run_traced(program, *options)
        assert ended.stdout.startswith("True ['call'")
        if kind == "trace":
            assert ended.stderr.startswith("swifttrace: another trace function was set")


def test_the_trace_function_is_called_with_arguments_of_ones_own(run_program: Run) -> None:
    program = """
import sys, swifttrace

swifttrace.start(swifttrace.CallLogger("trace.txt"))
frame = sys._getframe()
for arguments in [(1, 2), (frame, "exception", None), (frame, "exception", (1, 2)), (1, "call", 3)]:
    try:
        sys.gettrace()(*arguments)
    except TypeError as error:
        print("TypeError")
swifttrace.stop()
"""
    assert run_program(program).lines() == ["TypeError"] * 4


def test_frames_that_were_left_unseen_are_dropped(run_traced: RunTraced) -> None:
    program = """
import sys

def unseen():
    sys.settrace(sys.gettrace())

def leaf(): pass

def main():
    unseen()
    leaf()

main()
leaf()
"""
    shown = run_traced(program, "--calls", "-o", "-").lines()
    # Lines of running frames are missing until the next call, after which the depth is correct.
    assert shown == ["<module> program.py()", "  main()", "    unseen()", "    leaf()", "  leaf()"]


OWN = """
import sys, swifttrace

def own(frame, event, arg): return own

def work(): pass
"""


def test_a_profile_function_gives_way_where_functions_in_c_are_shown(run_program: Run) -> None:
    program = f"""{OWN}
sys.settrace(own)
sys.setprofile(own)
swifttrace.start(swifttrace.JSONLogger("trace.txt", c_calls=True))
work()
swifttrace.stop()
print(sys.gettrace() is own, sys.getprofile() is own)
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("True True\n", 0)
    assert ended.stderr == (
        "swifttrace: another trace function and another profile function were set before; "
        "they get no events until tracing ends\n"
    )


def test_traced_functions_tell_of_another_trace_function_once(run_program: Run) -> None:
    program = f"""{OWN}
work = swifttrace.traced(swifttrace.CallLogger("trace.txt"))(work)
sys.settrace(own)
for _ in range(3): work()
print(sys.gettrace() is own)
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("True\n", 0)
    assert ended.stderr == (
        "swifttrace: another trace function was set before; it gets no events until tracing ends\n"
    )


def test_a_session_after_one_that_another_tool_kept_in_threads(run_program: Run) -> None:
    # On 3.13, the first session's function stays in other threads while the tool's is installed.
    program = f"""{OWN}
import threading

def other():
    ready.set()
    go.wait()
    work()

def start_anew():
    sys.settrace(own)
    swifttrace.stop()
    sys.settrace(None)
    swifttrace.start(swifttrace.CallLogger(sys.stdout), function=["work"], source="settrace")

ready, go = threading.Event(), threading.Event()
threads = [threading.Thread(target=run) for run in (other, start_anew)]
threads[0].start()
ready.wait()
swifttrace.start(swifttrace.CallLogger("trace.txt"), source="settrace")
threads[1].start()
threads[1].join()
go.set()
threads[0].join()
swifttrace.stop()
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("Call to work at line 6\n", 0)
    assert ended.stderr == (
        "swifttrace: another trace function was set while tracing; events after that are missing\n"
    )
