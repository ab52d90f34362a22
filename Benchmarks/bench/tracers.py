"""The compared tracers, each as a context manager around the traced code."""

import contextlib
import inspect
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from . import originals

Manager = contextlib.AbstractContextManager[Any]


class Tracer(NamedTuple):
    """A tracer.

    `is_slow` is for tracers written in Python, and others as slow: they run a small part of each
    program, in fewer rounds. `oldest` is the first minor version of Python 3 that has it.
    """

    title: str
    start: Callable[["Place"], Manager]
    is_slow: bool = False
    oldest: int = 11
    everywhere: bool = True
    source: str | None = None


class Place(NamedTuple):
    """Arguments of a tracer: a file that it may write, and the maximum number of calls."""

    file: str
    calls: int = 1_000_000


# The programs for tracers that are not `everywhere`.
FEW = ["deltablue", "nqueens", "json_dumps"]


@contextlib.contextmanager
def _hook(name: str) -> Iterator[None]:
    import bench_hooks

    getattr(bench_hooks, name)()
    try:
        yield
    finally:
        bench_hooks.stop()


@contextlib.contextmanager
def _monitoring(*names: str) -> Iterator[None]:
    import bench_hooks

    monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
    tool, events = 5, 0
    monitoring.use_tool_id(tool, "bench")
    for name in names:
        event = getattr(monitoring.events, name)
        monitoring.register_callback(tool, event, bench_hooks.ignore)
        events |= event
    monitoring.set_events(tool, events)
    try:
        yield
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)


CALLS = ["PY_START", "PY_RESUME", "PY_THROW", "PY_RETURN", "PY_YIELD", "PY_UNWIND"]


@contextlib.contextmanager
def _viztracer(place: Place) -> Iterator[None]:
    import viztracer

    entries = max(1_000_000, int(place.calls * 1.2))
    tracer = viztracer.VizTracer(tracer_entries=entries, ignore_c_function=True, verbose=0)
    tracer.start()
    try:
        yield
    finally:
        tracer.stop()


@contextlib.contextmanager
def _coverage(core: str) -> Iterator[None]:
    os.environ["COVERAGE_CORE"] = core
    import coverage

    collector = coverage.Coverage(data_file=None, cover_pylib=True, config_file=False)
    collector.start()
    try:
        yield
    finally:
        collector.stop()


@contextlib.contextmanager
def _cprofile() -> Iterator[None]:
    import cProfile

    profile = cProfile.Profile()
    profile.enable()
    try:
        yield
    finally:
        profile.disable()


@contextlib.contextmanager
def _hunter(**query: str) -> Iterator[None]:
    import hunter

    with open(os.devnull, "w") as null:
        tracer = hunter.trace(action=hunter.CallPrinter(stream=null), **query)
        try:
            yield
        finally:
            tracer.stop()


@contextlib.contextmanager
def _settrace(function: Any) -> Iterator[None]:
    """Trace by a function in Python, and discard its output and the program's."""
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
        sys.settrace(function)
        try:
            yield
        finally:
            sys.settrace(None)


def _trace_count(place: Place) -> Manager:
    import trace

    return _settrace(trace.Trace(count=1, trace=0).globaltrace)  # type: ignore[attr-defined,unused-ignore]


def _python_list(place: Place) -> Manager:
    events: list[object] = []
    append, now = events.append, time.perf_counter_ns

    def record(frame: Any, event: str, arg: Any) -> Any:
        append((now(), event, frame.f_code, frame.f_lineno))
        return record

    return _settrace(record)


def has_sources() -> bool:
    """Return whether this swifttrace has a choice of sources."""
    import swifttrace

    return "source" in inspect.signature(swifttrace.trace).parameters


def _chosen(source: str) -> dict[str, Any]:
    if has_sources():
        return {"source": source}
    if source != "settrace":
        raise SystemExit("this swifttrace has no `source=`")
    return {}


def _recorder(source: str, *events: str) -> Callable[[Place], Manager]:
    def start(place: Place) -> Manager:
        import swifttrace

        kept: dict[str, Any] = {"events": events} if events else {}
        kept |= _chosen(source)
        return swifttrace.record(place.file, force=True, children=False, all=True, **kept)

    return start


def _logger(source: str, name: str, **filters: Any) -> Callable[[Place], Manager]:
    def start(place: Place) -> Manager:
        import swifttrace

        logger = getattr(swifttrace, name)(os.devnull)
        return swifttrace.trace(logger, all=True, **filters, **_chosen(source))

    return start


def _rejects(source: str) -> Callable[[Place], Manager]:
    def start(place: Place) -> Manager:
        import swifttrace

        return swifttrace.record(
            place.file,
            force=True,
            children=False,
            all=True,
            function=["nothing has this name"],
            **_chosen(source),
        )

    return start


TRACERS: dict[str, Tracer] = {
    "none": Tracer("no tracer", lambda place: contextlib.nullcontext()),
    "empty-settrace": Tracer("empty PyEval_SetTrace", lambda place: _hook("set_trace")),
    "empty-setprofile": Tracer("empty PyEval_SetProfile", lambda place: _hook("set_profile")),
    "empty-monitoring": Tracer(
        "empty sys.monitoring, call+line+return",
        lambda place: _monitoring(*CALLS, "LINE"),
        oldest=12,
    ),
    "empty-monitoring-calls": Tracer(
        "empty sys.monitoring, call+return", lambda place: _monitoring(*CALLS), oldest=12
    ),
    "viztracer": Tracer("VizTracer, no C functions", _viztracer),
    "coverage-c": Tracer("coverage, C tracer", lambda place: _coverage("ctrace")),
    "coverage-sysmon": Tracer("coverage, sysmon", lambda place: _coverage("sysmon"), oldest=12),
    "cprofile": Tracer("cProfile", lambda place: _cprofile()),
    "hunter": Tracer("hunter CallPrinter", lambda place: _hunter(), is_slow=True),
    "hunter-rejects": Tracer(
        "hunter, all rejected",
        lambda place: _hunter(function="nothing has this name"),
        is_slow=True,
    ),
    "trace-count": Tracer("trace --count", _trace_count, is_slow=True),
    "python-list": Tracer("Python settrace, to a list", _python_list, is_slow=True),
    "original-events": Tracer(
        "Python original of EventLogger", lambda place: _settrace(originals.events), is_slow=True
    ),
    "original-calls": Tracer(
        "Python original of CallLogger",
        lambda place: _settrace(originals.calls),
        is_slow=True,
        everywhere=False,
    ),
    "original-lines": Tracer(
        "Python original of LineLogger",
        lambda place: _settrace(originals.lines),
        is_slow=True,
        everywhere=False,
    ),
    "original-returns": Tracer(
        "Python original of ReturnLogger",
        lambda place: _settrace(originals.returns),
        is_slow=True,
        everywhere=False,
    ),
}

# `auto`, the default, is measured too, except on 3.11, where it is `settrace`.
for _source, _oldest in [("settrace", 11), ("monitoring", 12), ("auto", 12)]:
    for _key, _title, _start, _everywhere in [
        ("recorder", "Recorder", _recorder(_source), True),
        ("recorder-calls", "Recorder, call+return", _recorder(_source, "call", "return"), True),
        ("events", "EventLogger", _logger(_source, "EventLogger"), True),
        ("rejects", "Recorder, all rejected", _rejects(_source), True),
        ("calls", "CallLogger", _logger(_source, "CallLogger"), False),
        ("lines", "LineLogger", _logger(_source, "LineLogger"), False),
        ("returns", "ReturnLogger", _logger(_source, "ReturnLogger"), False),
    ]:
        if _source == "auto" and not _everywhere:
            continue
        TRACERS[f"{_key}-{_source}"] = Tracer(
            f"swifttrace {_title} ({_source})",
            _start,
            oldest=_oldest,
            everywhere=_everywhere,
            source=_source,
        )


def available(is_quick: bool = False) -> list[str]:
    """Return the keys of the tracers that this Python and this swifttrace have.

    Args:
        is_quick: Whether to leave out tracers that run on a few programs only.
    """
    sources = has_sources()
    return [
        key
        for key, tracer in TRACERS.items()
        if sys.version_info >= (3, tracer.oldest)
        and (sources or tracer.source in (None, "settrace"))
        and (tracer.everywhere or not is_quick)
    ]
