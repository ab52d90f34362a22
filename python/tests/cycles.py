"""Starts and stops tracing repeatedly, and prints the growth of memory and of other resources.

    python cycles.py 1000000

The exit status is 1 if one of them has grown.
"""

import contextlib
import gc
import os
import sys
import threading

import swifttrace

# The interpreter's free lists grow a little in any run. A leak in a cycle leaves thousands of
# blocks, since there are fewer than 20 kinds of cycles.
BYTES = 2 << 20
OBJECTS = 50
CYCLES_TO_A_BLOCK = 40


class Value:
    """A value that is passed through traced functions."""


class File:
    """A file object of a program."""

    def write(self, text: str) -> None:
        """Discard a line."""

    def flush(self) -> None:
        """Do nothing."""


def give(value, *rest, **named):
    return value


def fail(value):
    raise ValueError(value)


def produce(value):
    yield value


def work(value):
    give(value, 1, key=value)
    with contextlib.suppress(ValueError):
        fail(value)
    return list(produce(value))


def thread_work(value):
    thread = threading.Thread(target=work, args=[value])
    thread.start()
    thread.join()


def main() -> None:
    count = int(sys.argv[1])
    value, file = Value(), File()
    patterns = ["work", "give*", "fail", "produce"]
    json = swifttrace.JSONLogger(file, c_calls=True)
    calls = swifttrace.CallLogger(open(os.devnull, "w"))  # noqa: SIM115
    tree = swifttrace.TreeLogger("/dev/null", lines=True)
    kept = [value, file, patterns, json, calls, tree, give, fail, work, give.__code__]

    def other(frame, event, arg):
        return None

    def cycle(number):
        if number % 4 == 0:
            swifttrace.start(tree, calls, all=True)
            work(value)
        elif number % 4 == 1:
            swifttrace.start(json, function=patterns, depth=5)
            work(value)
        elif number % 4 == 2:
            # Traces code that is freed afterwards, with an earlier trace function.
            sys.settrace(other)
            swifttrace.start(calls, all=True)
            exec("def f(x): return x\nf(1)", {})
        else:
            swifttrace.start(tree, all=True)
            (thread_work if number % 20 == 3 else work)(value)
        swifttrace.stop()
        sys.settrace(None)

    def counts():
        gc.collect()
        sys._clear_type_cache()
        with open("/proc/self/statm") as statm:
            pages = int(statm.read().split()[1])
        return {
            "bytes of memory": (pages * os.sysconf("SC_PAGE_SIZE"), BYTES),
            "objects of the garbage collector": (len(gc.get_objects()), OBJECTS),
            "blocks of memory": (sys.getallocatedblocks(), count // CYCLES_TO_A_BLOCK),
            "references": (sum(map(sys.getrefcount, kept)), 0),
            "open files": (len(os.listdir("/proc/self/fd")), 0),
            "threads": (threading.active_count(), 0),
        }

    for number in range(2_000):
        cycle(number)
    before = counts()
    for number in range(count):
        cycle(number)
    after = counts()
    grown = False
    for name, (start, allowed) in before.items():
        end = after[name][0]
        grown = grown or end - start > allowed
        print(f"{name}: {start} before, {end} after {count} cycles")
    sys.exit(grown)


if __name__ == "__main__":
    main()
