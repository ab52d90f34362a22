"""`python -m swifttrace.trace`: the flags and classes of the standard library's `trace`, faster.

    from swifttrace.trace import Trace

    tracer = Trace(trace=0, count=1)
    tracer.run("main()")
    tracer.results().write_results(coverdir="covers")

The engine collects lines, functions and callers; the standard library writes the reports. The
module is callable: its import replaces the context manager of the same name, and calling
`swifttrace.trace(...)` still makes one.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from . import _swifttrace
from ._tracing import command_line as _command_line
from ._tracing import program as _program
from ._tracing import session as _session
from ._tracing import trace_module as _trace_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    import trace as _standard
    from typing import ParamSpec

    from ._swifttrace import EngineStrategy, LineCounter, LineTracer

    _P = ParamSpec("_P")
else:
    _standard = _trace_module.standard_trace()

__all__ = ["CoverageResults", "Trace"]

_T = TypeVar("_T")

CoverageResults = _standard.CoverageResults
# Other names of the original that a program may use, such as `_Ignore` and `_fullmodname`.
globals().update({name: value for name, value in vars(_standard).items() if name not in globals()})

# Python 3.13 and newer print another space before the source.
_IS_SPACED = ": " in _standard.Trace.localtrace_trace.__code__.co_consts


class Trace(_standard.Trace):
    """The standard library's `Trace`, with the engine in place of its trace functions."""

    def runctx(
        self,
        cmd: str | types.CodeType,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
    ) -> None:
        """Run code with these namespaces, and trace all threads meanwhile."""
        if not self._is_for_engine():
            super().runctx(cmd, globals, locals)
            return
        names: Any = {} if globals is None else globals
        local_names: Any = {} if locals is None else locals
        output = _trace_module.Output()
        tracing = _trace_module.Tracing(self._strategies(output), output)
        try:
            tracing.begin()
            exec(cmd, names, local_names)
        finally:
            tracing.end()

    def runfunc(self, func: Callable[_P, _T], /, *args: _P.args, **kw: _P.kwargs) -> _T:
        """Call a function, and trace all threads meanwhile."""
        if not self._is_for_engine():
            return super().runfunc(func, *args, **kw)
        output = _trace_module.Output()
        tracing = _trace_module.Tracing(self._strategies(output), output)
        try:
            tracing.begin()
            return func(*args, **kw)
        finally:
            tracing.end()

    def globaltrace_trackcallers(self, frame: types.FrameType, why: str, arg: Any) -> None:
        """Note who called whom; the outermost function of a thread has no caller."""
        if frame.f_back is not None:
            super().globaltrace_trackcallers(frame, why, arg)

    def _is_for_engine(self) -> bool:
        """Return whether the engine can replace the functions of the original."""
        known: Any = self
        if known.donothing or _swifttrace.is_tracing():
            return False
        mine: Any = Trace
        function = getattr(known.globaltrace, "__func__", None)
        if function in (mine.globaltrace_trackcallers, mine.globaltrace_countfuncs):
            naming = getattr(known.file_module_function_of, "__func__", None)
            return naming is mine.file_module_function_of
        names = ("localtrace_trace_and_count", "localtrace_trace", "localtrace_count")
        local = getattr(known, "localtrace", None)
        return (
            function is mine.globaltrace_lt
            and getattr(local, "__func__", None) in [getattr(mine, name) for name in names]
            and type(known.ignore) is _standard._Ignore
        )

    def _strategies(self, output: _trace_module.Output) -> list[EngineStrategy]:
        """Return the strategies for the engine."""
        known: Any = self
        if known.globaltrace.__name__ == "globaltrace_countfuncs":
            return [{"kind": "functions", "target": self._note_function}]
        if self._is_noting_callers():
            return [{"kind": "callers", "target": self._note_caller}]
        modules, folders = sorted(known.ignore._mods), list(known.ignore._dirs)
        counting: LineCounter = {
            "kind": "count",
            "target": _trace_module.Counts(known.counts),
            "modules": modules,
            "folders": folders,
            "counts_running_frames": _trace_module.is_alone(),
        }
        if known.localtrace.__name__ == "localtrace_count":
            return [counting]
        sources = _trace_module.Sources()
        showing: LineTracer = {
            "kind": "trace",
            "target": output,
            "modules": modules,
            "folders": folders,
            "start": round(known.start_time * 1e9) if known.start_time else None,
            "is_spaced": _IS_SPACED,
            "gathered": output.gathered,
            "sources": sources,
            "box": sources.box,
        }
        return [counting, showing] if "count" in known.localtrace.__name__ else [showing]

    def _is_noting_callers(self) -> bool:
        known: Any = self
        return getattr(known.globaltrace, "__func__", None) is Trace.globaltrace_trackcallers

    def _note_function(self, code: types.CodeType, _: types.CodeType | None) -> None:
        """Note a function; called at its first call."""
        known: Any = self
        known._calledfuncs[known.file_module_function_of(_trace_module.CodeFrame(code))] = 1

    def _note_caller(self, code: types.CodeType, caller: types.CodeType | None) -> None:
        """Note who called a function; called once for each caller."""
        known: Any = self
        if caller is not None and _trace_module.is_own(caller):
            # In the original, its own function is the caller here.
            function = getattr(_standard.Trace, caller.co_name, None)
            caller = getattr(function, "__code__", None)
        if caller is None:
            return
        called = known.file_module_function_of(_trace_module.CodeFrame(code))
        calling = known.file_module_function_of(_trace_module.CodeFrame(caller))
        known._callers[calling, called] = 1


class _ProgramTrace(Trace):
    """Runs the program of the command line as `__main__`, and keeps the exception that ends it."""

    failure: BaseException | None = None
    script: dict[str, Any] | None = None

    def results(self) -> Any:
        """Return the results; `write_results` prints the names in them with escapes."""
        found: Any = super().results()
        write = found.write_results

        def write_results(*arguments: Any, **options: Any) -> None:
            stream: Any = _trace_module.PrintableStream(sys.stdout)
            with contextlib.redirect_stdout(stream):
                write(*arguments, **options)

        found.write_results = write_results
        return found

    def runctx(
        self,
        cmd: str | types.CodeType,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
    ) -> None:
        names = _program._make_main_module(dict(globals or {})).__dict__
        spec = names.get("__spec__")
        if spec is None:
            _ProgramTrace.script = names
            _command_line.name_program(sys.argv)
        else:
            module = spec.name.removesuffix(".__main__")
            _command_line.name_program(["-m", module, *sys.argv[1:]])
        try:
            if self._is_for_engine():
                output = _trace_module.Output()
                if self._is_noting_callers() and isinstance(cmd, types.CodeType):
                    # The program has no caller.
                    self._note_caller(cmd, Trace.runctx.__code__)
                tracing = _trace_module.Tracing(self._strategies(output), output)
                try:
                    tracing.begin()
                    try:
                        _swifttrace.call(exec, (cmd, names))
                    finally:
                        _swifttrace.shut_down_threads()
                finally:
                    tracing.end()
            else:
                super().runctx(cmd, names, names)
            _program.forget_script(_ProgramTrace.script)
        except BaseException as error:
            traceback = error.__traceback__
            while traceback is not None and traceback.tb_frame.f_code is not cmd:
                traceback = traceback.tb_next
            _ProgramTrace.failure = error.with_traceback(traceback)


def main() -> None:
    """Run the command line of the standard library's `trace` with this module's classes."""
    names = {**vars(_standard), "Trace": _ProgramTrace}
    try:
        types.FunctionType(_standard.main.__code__, names)()  # type: ignore[attr-defined]
        sys.stdout.flush()
    except BrokenPipeError:
        # The pipe is closed. Buffered text would fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if _ProgramTrace.failure is not None:
        _program._finish(_ProgramTrace.failure, _ProgramTrace.script)


class _CallableModule(types.ModuleType):
    """Keeps `swifttrace.trace(...)` working after the module has taken the name of the class."""

    def __call__(self, *arguments: Any, **options: Any) -> _session.trace:
        return _session.trace(*arguments, **options)

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(_session.trace)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, _session.trace)

    def __subclasscheck__(self, subclass: type) -> bool:
        return issubclass(subclass, _session.trace)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type]:
        return (_session.trace,)


if __name__ == "__main__":
    main()
else:
    sys.modules[__name__].__class__ = _CallableModule
