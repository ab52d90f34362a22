"""The four original tracers in Python, which swifttrace reproduces, as in test_mission.py."""

from types import FrameType
from typing import Any


def calls(frame: FrameType, event: str, arg: Any) -> Any:
    """Print calls, as CallLogger does."""
    if event == "call":
        print(f"Call to {frame.f_code.co_name} at line {frame.f_lineno}")
    return calls


def lines(frame: FrameType, event: str, arg: Any) -> Any:
    """Print lines, as LineLogger does."""
    if event == "line":
        lineno = frame.f_lineno
        filename = frame.f_code.co_filename
        print(f"Executing line {lineno} in {filename}")
    return lines


def returns(frame: FrameType, event: str, arg: Any) -> Any:
    """Print returns, as ReturnLogger does."""
    if event == "return":
        print(f"Returning from {frame.f_code.co_name} with value {arg}")
    return returns


def events(frame: FrameType, event: str, arg: Any) -> Any:
    """Print calls, lines and returns, as EventLogger does."""
    if event == "call":
        print(f"Calling function: {frame.f_code.co_name}")
    elif event == "line":
        print(
            f"Executing line {frame.f_lineno} in {frame.f_code.co_name}:{frame.f_code.co_filename}"
        )
    elif event == "return":
        print(f"{frame.f_code.co_name} returned {arg}")
    return events
