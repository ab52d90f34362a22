"""The options of tracing and of recording: one row for each.

The rows define the options of the command line, the checks and docstrings of the classes, the
command line of child processes, and the settings of the engine. A new option is a row here, a key
of `RecordOptions` and of `RecorderSettings`, and the field that the engine reads.
"""

from __future__ import annotations

from .._event_kinds import REQUESTED_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, Literal, TypedDict

    class TraceOptions(TypedDict, total=False):
        """The options that select code, in the form that a caller passes."""

        include: Sequence[str]
        exclude: Sequence[str]
        function: Sequence[str]
        depth: int | None
        all: bool

    class RecordOptions(TypedDict, total=False):
        """The options of a recorder, in the form that a caller passes."""

        events: Sequence[str]
        values: str | None
        max_size: int | str | None
        keep: str
        min_duration: float | str
        children: bool
        force: bool

    class RecorderSettings(TypedDict):
        """The options of a recorder, in the engine's form."""

        events: list[str]
        values: Literal["safe"] | None
        max_size: int | None
        keep: Literal["first", "last"]
        min_duration: int
        """Nanoseconds."""
        children: bool
        force: bool


class Option:
    """An option that has a value.

    Args:
        name: The name of the argument in Python.
        default: The default value.
        doc: The description in docstrings, which ends in a period.
        help: The description in the help of the command line.
        check: Returns the value in the engine's form.
        group: The group in the help of the command line: `file`, `events` or `code`.
        metavar: The name of the value in the help.
        choices: The values that the command line accepts.
        unit: The unit of the checked value on the command line.
    """

    def __init__(
        self,
        name: str,
        default: object,
        doc: str,
        help: str,
        check: Callable[[Any], Any],
        group: str,
        metavar: str | None = None,
        choices: Sequence[str] | None = None,
        unit: str = "",
    ) -> None:
        self.name = name
        self.default = default
        self.doc = doc
        self.help = help
        self.check = check
        self.group = group
        self.metavar = metavar
        self.choices = choices
        self.unit = unit
        self.flag = f"--{name.replace('_', '-')}"

    def add_to(self, group: argparse._ArgumentGroup) -> None:
        """Add the option to a group of a parser."""
        group.add_argument(
            self.flag,
            dest=self.name,
            default=self.default,
            metavar=self.metavar,
            choices=self.choices,
            type=str if self.choices else self._checked,
            help=self.help,
        )

    def value_of(self, options: argparse.Namespace) -> Any:
        """Return the parsed value, in the form of the Python argument."""
        return getattr(options, self.name)

    def words(self, value: Any) -> Iterable[str]:
        """Return the command line words for a checked value."""
        return [] if value in (None, 0) else [f"{self.flag}={value}{self.unit}"]

    def _checked(self, text: str) -> str:
        """Return the text unchanged if it is a valid value."""
        try:
            self.check(text)
        except ValueError as error:
            import argparse

            raise argparse.ArgumentTypeError(str(error)) from None
        return text


class Number(Option):
    """An option whose value is an int."""

    def add_to(self, group: argparse._ArgumentGroup) -> None:
        """Add the option to a group of a parser."""
        group.add_argument(self.flag, type=int, metavar=self.metavar, help=self.help)


class Switch(Option):
    """An option that is on or off; its flag is `--no-…` if it is on by default.

    Child processes inherit it only if `is_inherited`.
    """

    def __init__(
        self, name: str, default: bool, doc: str, help: str, group: str, is_inherited: bool = False
    ) -> None:
        super().__init__(name, default, doc, help, bool, group)
        self.is_inherited = is_inherited
        if default:
            self.flag = f"--no-{name}"

    def add_to(self, group: argparse._ArgumentGroup) -> None:
        """Add the option to a group of a parser."""
        action = "store_false" if self.default else "store_true"
        group.add_argument(self.flag, dest=self.name, action=action, help=self.help)

    def words(self, value: Any) -> Iterable[str]:
        """Return the command line words for a checked value."""
        return [self.flag] if self.is_inherited and value != self.default else []


class Globs(Option):
    """An option whose value is a glob. It can be repeated."""

    def __init__(self, name: str, doc: str, help: str | None, hint: str = "*.py") -> None:
        super().__init__(name, (), doc, help or "", self._check, "code", metavar="GLOB")
        self.hint = hint
        self.is_hidden = help is None

    def add_to(self, group: argparse._ArgumentGroup) -> None:
        """Add the option to a group of a parser."""
        from argparse import SUPPRESS

        group.add_argument(
            self.flag,
            metavar=self.metavar,
            action="append",
            default=[],
            help=SUPPRESS if self.is_hidden else self.help,
        )

    def words(self, value: Any) -> Iterable[str]:
        """Return the command line words for a checked value."""
        return [f"{self.flag}={glob}" for glob in value]

    def _check(self, values: Any) -> Any:
        if isinstance(values, str) or not all_strs(values):
            raise TypeError(f"{self.name} must be a sequence of str, such as {self.name}=['*.py']")
        return values


class Events(Option):
    """The option for kinds of events, with a flag of the command line for each kind."""

    KINDS = REQUESTED_NAMES
    DEFAULT = ("call", "line", "return", "exception")

    def __init__(self) -> None:
        kinds = ", ".join(f'"{kind}"' for kind in self.KINDS)
        default = ", ".join(f'"{kind}"' for kind in self.DEFAULT)
        doc = f"Events to keep: {kinds} (default: {default})."
        super().__init__("events", self.DEFAULT, doc, "record {}", self._check, "events")

    def add_to(self, group: argparse._ArgumentGroup) -> None:
        """Add the option to a group of a parser."""
        for kind in self.KINDS:
            text = self.help.format(f"{kind}s") if kind != "c_call" else "record C calls too"
            group.add_argument(self._flag(kind), action="store_true", help=text)

    def value_of(self, options: argparse.Namespace) -> Any:
        """Return the parsed value, in the form of the Python argument."""
        chosen = [kind for kind in self.KINDS if getattr(options, f"{kind}s")]
        # C calls are recorded in addition to other events.
        return [*self.DEFAULT, *chosen] if chosen in ([], ["c_call"]) else chosen

    def words(self, value: Any) -> Iterable[str]:
        """Return the command line words for a checked value."""
        chosen = [kind for kind in value if kind != "c_call"]
        is_default = set(chosen) == set(self.DEFAULT)
        return [self._flag(kind) for kind in value if kind == "c_call" or not is_default]

    def _flag(self, kind: str) -> str:
        return f"--{kind.replace('_', '-')}s"

    def _check(self, events: Any) -> list[str]:
        if isinstance(events, str):
            raise TypeError("events must be a sequence of str, such as events=['call', 'return']")
        unknown = [event for event in events if event not in self.KINDS]
        if unknown:
            raise ValueError(f"unknown event {unknown[0]!r} (choose from {', '.join(self.KINDS)})")
        return list(events)


def all_strs(values: Iterable[object]) -> bool:
    """Return whether all values are strs."""
    return all(isinstance(value, str) for value in values)


def _check_values(values: object) -> object:
    if values not in (None, "safe"):
        raise ValueError(f"values must be 'safe' or None, not {values!r}")
    return values


def _check_keep(keep: object) -> object:
    if keep not in ("first", "last"):
        raise ValueError(f"keep must be 'first' or 'last', not {keep!r}")
    return keep


def _check_depth(depth: object) -> object:
    if depth is not None and not isinstance(depth, int):
        raise TypeError(f"depth must be an int or None, not {type(depth).__name__}")
    if depth is not None and depth < 1:
        raise ValueError(f"depth must be at least 1, not {depth}")
    return depth


def _check_size(size: Any) -> int | None:
    if size is None:
        return None
    # Imported here, because most recordings need no units.
    from .units import parse_size

    return parse_size(size)


def _check_min_duration(duration: Any) -> int:
    if isinstance(duration, str):
        from .units import parse_duration

        return parse_duration(duration)
    if not isinstance(duration, (int, float)):
        raise TypeError(f"min_duration must be a number or a str, not {type(duration).__name__}")
    if not 0 <= duration < 1e9:
        raise ValueError(f"min_duration must be from 0 to 1e9 seconds, not {duration!r}")
    return round(duration * 1e9)


CODE: tuple[Option, ...] = (
    Globs(
        "include",
        "Globs for files to trace, whether they are the user's own or not.",
        "only files that match",
    ),
    Globs("exclude", "Globs for files to leave out.", "no files that match"),
    Globs(
        "function",
        "Globs for qualified names of functions to trace.",
        "only functions whose qualified name matches, for example 'Parser.*'",
    ),
    Number(
        "depth",
        None,
        "Number of outermost traced frames to show; None for all.",
        "only the outermost N traced frames",
        _check_depth,
        "code",
        metavar="N",
    ),
    Switch(
        "all",
        False,
        "Whether to trace the standard library, site-packages and frozen modules too.",
        "the standard library and site-packages too",
        "code",
        is_inherited=True,
    ),
    # Files and folders that are the program's own wherever they are. Only children get the option.
    Globs("own", "Files, and folders ending in a separator, that are the user's own.", None),
)

RECORD: tuple[Option, ...] = (
    Switch(
        "force",
        False,
        "Whether to replace an existing recording.",
        "replace an existing recording and those of its children; not one that is being written",
        "file",
    ),
    Option(
        "max_size",
        None,
        'Maximum size of the file of a process, in bytes or as a text such as "200M", and at least '
        "256 KiB; None for no limit.",
        "maximum size of the file of a process, for example 200M",
        _check_size,
        "file",
        metavar="SIZE",
    ),
    Option(
        "keep",
        "first",
        'Events to keep when that size is reached: the "first", or the "last".',
        "events to keep when that size is reached (default: first)",
        _check_keep,
        "file",
        choices=("first", "last"),
    ),
    Switch(
        "children",
        True,
        "Whether child processes that run Python record too, each to a file beside the first.",
        "do not record child processes",
        "file",
    ),
    Events(),
    Option(
        "min_duration",
        0,
        'Minimum duration of a call, in seconds or as a text such as "1.5ms". Shorter calls are '
        "left out, with everything that happened in them, unless they were suspended.",
        "leave out calls shorter than TIME, for example 1.5ms or 20us, with everything in them",
        _check_min_duration,
        "events",
        metavar="TIME",
        unit="ns",
    ),
    Option(
        "values",
        None,
        '"safe" keeps arguments, returned values and messages of exceptions, shortened as in the '
        "live text; None keeps none.",
        "keep arguments, returned values and messages of exceptions, without running the program's "
        "code",
        _check_values,
        "events",
        choices=("safe",),
    ),
)


def checked(rows: Iterable[Option], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value for each row, in the engine's form.

    Raises:
        TypeError, ValueError: A value is invalid.
    """
    return {row.name: row.check(options.get(row.name, row.default)) for row in rows}


def refuse_unknown(rows: Iterable[Option], options: Iterable[str], function: str) -> None:
    """Raise Python's error for an argument that has no row.

    Raises:
        TypeError: There is such an argument.
    """
    names = [row.name for row in rows]
    for name in options:
        if name not in names:
            raise TypeError(f"{function} got an unexpected keyword argument {name!r}")


def documented(rows: Iterable[Option], text: str | None) -> str | None:
    """Return the docstring with the rows in place of `{options}`."""
    if text is None:
        return None
    before, _, after = text.partition("{options}")
    # CPython 3.13 and newer remove the indentation of docstrings.
    indent = before[before.rindex("\n") + 1 :]
    lines = [f"{row.name}: {row.doc}" for row in rows if row.name != "own"]
    return before + f"\n{indent}".join(lines) + after
