"""The kinds of events, from the engine's list."""

from . import _swifttrace

# By number, as in recordings: CPython's name, a more precise name, and the name by which options
# request it. No event has the number 0.
EVENT_KINDS = (("", "", ""), *_swifttrace.event_kinds())

# The names by which options request kinds.
REQUESTED_NAMES = tuple(dict.fromkeys(requested for _, _, requested in EVENT_KINDS[1:]))
