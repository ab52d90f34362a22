"""Showing a value runs no code of the program: it calls none of its special methods."""

import pytest
from conftest import Run, RunTraced

# All special methods and attributes that showing a value could use store their calls.
CLASSES = """
called = []

def note(name, result=None):
    def method(*args, **kwargs):
        called.append(name)
        return result
    return method

class Meta(type):
    __repr__ = note("Meta.__repr__", "?")
    __str__ = note("Meta.__str__", "?")
    __getattribute__ = note("Meta.__getattribute__", "?")
    __instancecheck__ = note("Meta.__instancecheck__", True)
    __subclasscheck__ = note("Meta.__subclasscheck__", True)
    __call__ = type.__call__
    __eq__ = note("Meta.__eq__", True)
    __hash__ = note("Meta.__hash__", 1)

NAMES = "__repr__ __str__ __format__ __eq__ __ne__ __hash__ __len__ __bool__ __iter__ __contains__"
NAMES += " __getitem__ __missing__ __index__ __int__ __float__ __complex__ __bytes__ __reversed__"
NAMES += " __getattribute__ __getattr__ __length_hint__ __sizeof__ __reduce__ __dir__ __next__"
NAMES += " keys items values bit_length real imag __call__ __reduce_ex__ __copy__ __del__"

def spy(name, *bases, **more):
    methods = {method: note(f"{name}.{method}", 1) for method in NAMES.split()}
    methods["__class__"] = property(note(f"{name}.__class__", int))
    methods["__module__"] = "spies"
    return type.__new__(more.pop("meta", type), name, bases, methods | more)

BASES = [object, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset]
SPIES = [spy("Spy" + base.__name__, base) for base in BASES]
META_SPY = spy("MetaSpy", meta=Meta)
"""

MAKE = """
objects = [base.__new__(spy) for base, spy in zip(BASES, SPIES)]
objects.append(object.__new__(META_SPY))
called.clear()

def give(value, *args, key=None, **kwargs):
    return value

def main():
    for number in range(len(objects)):
        give(objects[number])
        give([objects[number]], (objects[number],), key={1: objects[number]}, more=objects[number])
    give(META_SPY)
    give([META_SPY])
"""

STRATEGIES = ["CallLogger", "LineLogger", "ReturnLogger", "EventLogger", "TreeLogger"]


@pytest.mark.parametrize("file", ["sys.stdout", "'trace.txt'"])
def test_no_method_of_an_object_is_called(run_program: Run, file: str) -> None:
    loggers = ", ".join(f"swifttrace.{name}({file})" for name in STRATEGIES)
    trace = f"""
import sys, swifttrace
with swifttrace.trace({loggers}):
    main()
seen = list(called)
print("called:", sorted(set(seen)))
"""
    assert run_program(CLASSES + MAKE + trace).lines()[-1] == "called: []"


def test_the_objects_are_shown_by_their_classes(run_traced: RunTraced) -> None:
    program = CLASSES + MAKE + "main()\nprint('called:', called)\n"
    traced = run_traced(program, "--format", "sentences", "--returns", "-o", "-")
    assert traced.status == 0
    assert "called: []" in traced.stdout
    for name in ["Spyint", "Spystr", "Spylist", "Spydict", "Spyset", "Spyobject", "MetaSpy"]:
        assert f"give with value <spies.{name} object at 0x" in traced.stdout


def test_attributes_of_a_class_that_name_it_are_not_computed(run_program: Run) -> None:
    # `__module__` and `__qualname__` can be any objects.
    program = """
import sys, swifttrace

class Descriptor:
    def __get__(self, instance, owner):
        print("computed")
        return "computed"

class Odd:
    pass

Odd.__module__ = Descriptor()

class Number:
    __module__ = 7

def give(value):
    return value

with swifttrace.trace(swifttrace.ReturnLogger(sys.stdout), function=["give"]):
    give(Number())
    give(Odd())
"""
    ended = run_program(program)
    assert "computed" not in ended.stdout
    number, odd = ended.lines()
    assert number.startswith("Returning from give with value <Number object at 0x")
    assert odd.startswith("Returning from give with value <")
    assert odd.split(" object at ")[0].endswith("Odd")


def test_arguments_of_a_call_run_no_code_either(run_program: Run) -> None:
    program = """
import sys, swifttrace

class Shy:
    def __repr__(self):
        print("asked")
        return "x"

def give(value, *rest, **named):
    pass

shy = Shy()
with swifttrace.trace(swifttrace.TreeLogger(sys.stdout, returns=False)):
    give(shy, shy, named=shy)
"""
    (line,) = run_program(program).lines()
    assert line.startswith("give(value=<__main__.Shy object at 0x")
