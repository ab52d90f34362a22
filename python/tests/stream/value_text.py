"""The text of a value by the rules of docs/design.md, implemented without the engine.

Objects of exact builtin types are shown as by `repr()`, up to a bound; all others as by Python's
default `repr`. No code of the program runs: objects of other types are not inspected, and classes
are read through the getters of `type`.
"""

import types

MAX_DEPTH = 6
MAX_ELEMENTS = 100
MAX_CHARACTERS = 500
MAX_TEXT = 2_000
MAX_BITS = 1_600

# Prefix for the text of a value that contains a set whose order depends on addresses, so that two
# runs of a program may differ.
UNORDERED = "\0"

_HEAP_TYPE = 1 << 9
_flags = type.__dict__["__flags__"].__get__
_namespace = type.__dict__["__dict__"].__get__
_qualified_name = type.__dict__["__qualname__"].__get__
_module = type.__dict__["__module__"].__get__
_ATOMS = {int, str, float, complex, bytes, bool}
_BRACKETS = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}
_EMPTY = {list: "[]", tuple: "()", dict: "{}", set: "set()", frozenset: "frozenset()"}
_GENERATORS = {types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType}


def type_name(cls: type) -> str:
    """The name of a class, with its module if that is not `builtins`."""
    module = _namespace(cls).get("__module__") if _flags(cls) & _HEAP_TYPE else _module(cls)
    name: str = _qualified_name(cls)
    return name if type(module) is not str or module in ("", "builtins") else f"{module}.{name}"


def value_text(value: object) -> str:
    """The text of a value, after `UNORDERED` if its order may differ between runs."""
    cls = type(value)
    if value is None or value is True or value is False:
        return repr(value)
    if cls not in _BRACKETS:
        return _atom(value, cls)
    writer = _Writer()
    writer.write(value)
    return UNORDERED * writer.is_unordered + "".join(writer.parts)


def _atom(value, cls: type) -> str:
    if cls is str or cls is bytes:
        return _quoted(value)
    if cls is int:
        bits = value.bit_length()
        return repr(value) if bits <= MAX_BITS else f"<int of {bits} bits>"
    if cls is float or cls is complex:
        return repr(value)
    if cls is bytearray:
        return f"bytearray({_quoted(bytes(value), escapes_single=True)})"
    if value is Ellipsis or value is NotImplemented or value is None or cls is bool:
        return repr(value)
    if cls is range:
        bounds = [value.start, value.stop] + ([] if value.step == 1 else [value.step])
        return f"range({', '.join(_atom(bound, type(bound)) for bound in bounds)})"
    if cls is types.FunctionType:
        return f"<function {value.__qualname__} at {id(value):#x}>"
    if cls in _GENERATORS:
        return f"<{type_name(cls)} object {value.__qualname__} at {id(value):#x}>"
    if types.BuiltinFunctionType in cls.__mro__:
        return repr(value)
    if type in cls.__mro__:
        return f"<class '{type_name(value)}'>"
    return f"<{type_name(cls)} object at {id(value):#x}>"


def _quoted(text, escapes_single: bool = False) -> str:
    """`repr()` of a str or bytes, up to the first 500 characters or bytes."""
    single, double = ("'", '"') if type(text) is str else (b"'", b'"')
    shown = text[:MAX_CHARACTERS]
    # The kind of quotes depends on the whole text, so the quotes in it are prepended, then removed.
    decides = (single if single in text else text[:0]) + (double if double in text else text[:0])
    written = repr(decides + shown)
    opening = repr(decides)[:-1]
    prefix = "b" if type(text) is bytes else ""
    quote = written[-1]
    inside = written[len(opening) : -1]
    if escapes_single and quote == '"':
        inside = inside.replace("'", "\\'")
    return f"{prefix}{quote}{inside}{'...' if len(text) > MAX_CHARACTERS else ''}{quote}"


class _Writer:
    """Writes containers, with bounds on the whole text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.path: list[int] = []
        self.is_unordered = False

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))

    def write(self, value) -> None:
        cls = type(value)
        if cls not in _BRACKETS:
            return self.add(_atom(value, cls))
        if not value:
            return self.add(_EMPTY[cls])
        opening, closing = _BRACKETS[cls]
        self.add(opening)
        if id(value) in self.path or len(self.path) == MAX_DEPTH:
            return self.add("..." + closing)
        self.path.append(id(value))
        if cls is set or cls is frozenset:
            self.is_unordered |= len(value) > 1 and not all(map(_has_own_hash, value))
        for index, element in enumerate(value.items() if cls is dict else value):
            if index:
                self.add(", ")
            if index == MAX_ELEMENTS or self.size >= MAX_TEXT:
                self.add("...")
                break
            if cls is dict:
                self.write(element[0])
                self.add(": ")
                self.write(element[1])
            else:
                self.write(element)
        self.path.pop()
        self.add(("," if cls is tuple and len(value) == 1 else "") + closing)


def _has_own_hash(value) -> bool:
    """Whether the hash depends on the value, not on its address."""
    if type(value) is tuple or type(value) is frozenset:
        return all(map(_has_own_hash, value))
    return type(value) in _ATOMS
