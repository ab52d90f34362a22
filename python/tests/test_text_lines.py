"""Lines of all lengths, with values of all kinds, equal those of a tracer in Python."""

from conftest import Run

# Calls functions with names of the length of a block, or a byte more or less, on lines with few and
# with many digits, under each tracer in Python and under the corresponding logger.
COMPARE = """
import io, sys, swifttrace


class Plain:
    pass


class Named:
    __module__ = "a.module"


Named.__qualname__ = "Outer.Named"


class OfBuiltins:
    pass


OfBuiltins.__module__ = "builtins"

VALUES = [
    None, True, False, 0, 7, -1, 9999, 10000, 2**30 - 1, 2**30, -(2**31), 2**62, 2**64, "",
    "text",
    "\\u00e4", 0.5, 0.1 + 0.2, Plain, Plain(), Named, Named(), OfBuiltins(),
    [None, 1, [2.5]], (1,), ...,
]
LENGTHS = [1, 63, 64, 65, 127, 128, 129, 400]
LINES = [1, 9, 10, 99, 100, 999, 1000, 9998, 9999, 10000, 123456]

functions = []
for length in LENGTHS:
    for line in LINES:
        names = {"VALUES": VALUES}
        name = "f" * length
        source = "\\n" * (line - 1) + f"def {name}(index):\\n"
        source += "    value = VALUES[index]\\n    yield value\\n    return value"
        exec(compile(source, f"{line}{name}.py", "exec"), names)
        functions.append(names[name])


def run():
    for function in functions:
        for index in range(len(VALUES)):
            list(function(index))


def calls(frame, event, arg):
    code = frame.f_code
    if event == "call":
        print(f"Call to {code.co_name} at line {frame.f_lineno}", file=out)
    return calls


def lines(frame, event, arg):
    if event == "line":
        print(f"Executing line {frame.f_lineno} in {frame.f_code.co_filename}", file=out)
    return lines


def returns(frame, event, arg):
    if event == "return":
        print(f"Returning from {frame.f_code.co_name} with value {arg}", file=out)
    return returns


def events(frame, event, arg):
    code = frame.f_code
    if event == "call":
        print(f"Calling function: {code.co_name}", file=out)
    elif event == "line":
        print(f"Executing line {frame.f_lineno} in {code.co_name}:{code.co_filename}", file=out)
    elif event == "return":
        print(f"{code.co_name} returned {arg}", file=out)
    return events


def undistinguished(text):
    # What the tracers in Python do not tell apart.
    text = "\\n" + text
    for told, plain in [
        ("Resuming function: ", "Calling function: "), ("Resuming ", "Call to "),
        ("Yielding from ", "Returning from "),
    ]:
        text = text.replace("\\n" + told, "\\n" + plain)
    return text[1:].replace(" yielded ", " returned ")


for tracer, logger in [
    (calls, swifttrace.CallLogger), (lines, swifttrace.LineLogger),
    (returns, swifttrace.ReturnLogger), (events, swifttrace.EventLogger),
]:
    out = io.StringIO()

    def only_functions(frame, event, arg):
        return tracer(frame, event, arg) if frame.f_code.co_name.startswith("f") else None

    sys.settrace(only_functions)
    run()
    sys.settrace(None)
    expected = out.getvalue()
    for name, where in [("file", "lines.txt"), ("object", io.StringIO())]:
        with swifttrace.trace(logger(where), function=["f*"], all=True):
            run()
        if name == "file":
            with open(where) as file:
                shown = file.read()
        else:
            shown = where.getvalue()
        shown = undistinguished(shown)
        for told, wanted in zip(shown.split("\\n"), expected.split("\\n")):
            if told != wanted:
                print(name, ascii(told), "is not", ascii(wanted))
                break
        print(logger.__name__, name, len(shown) == len(expected))
"""


def test_lines_are_those_of_the_tracers_in_python(run_program: Run) -> None:
    ended = run_program(COMPARE)
    loggers = ["CallLogger", "LineLogger", "ReturnLogger", "EventLogger"]
    assert ended.lines() == [
        f"{logger} {kind} True" for logger in loggers for kind in ["file", "object"]
    ]


# Numbers of all sizes. Some are next to a power of two, where the gaps between floats change.
FLOATS = """
import math, random, struct

random = random.Random(1)
values = []
for _ in range(20000):
    power = 2.0 ** random.randrange(-1074, 1023)
    values += [
        struct.unpack("d", random.randbytes(8))[0], random.random(), random.uniform(-1e6, 1e6),
        power, math.nextafter(power, 0), math.nextafter(power, math.inf),
        float(random.randrange(10 ** random.randrange(1, 22))), round(random.uniform(0, 99), 2),
    ]


def f(value):
    return value


import swifttrace

with swifttrace.trace(swifttrace.ReturnLogger("floats.txt"), function=["f"]):
    for value in values:
        f(value)
with open("floats.txt") as file:
    for value, line in zip(values, file, strict=True):
        expected = f"Returning from f with value {value!r}\\n"
        if line != expected:
            print(line, "is not", expected)
"""


def test_floats_are_those_of_repr(run_program: Run) -> None:
    assert run_program(FLOATS).lines() == []
