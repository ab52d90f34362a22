"""The cases, in the order of the table."""

from . import (
    beside,
    data,
    endings,
    finalizers,
    interpreters,
    names,
    own_output,
    recursion,
    signals,
    sources,
    starts,
    streams,
    system,
    threads,
    values,
)
from .case import Case, Outcome, harm, has_in_order

CASES: list[Case] = [
    *endings.CASES,
    *starts.CASES,
    *data.CASES,
    *signals.CASES,
    *streams.CASES,
    *own_output.CASES,
    *recursion.CASES,
    *values.CASES,
    *finalizers.CASES,
    *names.CASES,
    *sources.CASES,
    *threads.CASES,
    *beside.CASES,
    *interpreters.CASES,
    *system.CASES,
]

__all__ = ["CASES", "Case", "Outcome", "harm", "has_in_order"]
