"""A flipped bit in a recording never changes the result of reading without a report."""

import os
import random
from collections.abc import Callable, Hashable
from pathlib import Path

import pytest
import swifttrace
from conftest import RunRecorded
from independent_reader import TraceFile

FLIPS = int(os.environ.get("SWIFTTRACE_TEST_FLIPS", "2000"))

PROGRAM = (Path(__file__).parent / "version1" / "program.py").read_text()


def everything(path: Path) -> tuple[Hashable, bool]:
    """Everything that can be read from a file, and whether damage was reported."""
    try:
        recording = swifttrace.open(path)
    except ValueError as error:
        return str(error), True
    events = tuple(
        (
            e.kind,
            e.function,
            e.line,
            e.depth,
            e.time,
            e.thread,
            e.task,
            e.arguments,
            e.value,
            e.message,
        )
        for e in recording
    )
    header = (
        recording.processes,
        recording.python,
        recording.platform,
        recording.folder,
        recording.arguments,
        recording.options,
        recording.start,
        recording.has_values,
        recording.ended,
    )
    told = (header, recording.threads, recording.functions, events)
    return told, recording.damage != ()


def flip(path: Path, bits: list[int]) -> list[int]:
    """Flips each bit alone. Returns those that changed the result of reading without a report."""
    whole = path.read_bytes()
    right, is_damaged = everything(path)
    assert not is_damaged
    silent = []
    for bit in bits:
        content = bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        told, is_damaged = everything(path)
        if told != right and not is_damaged:
            silent.append(bit)
    path.write_bytes(whole)
    return silent


@pytest.mark.parametrize("options", [(), ("--values", "safe", "--c-calls")])
def test_every_flip_is_reported(
    run_recorded: RunRecorded, tmp_path: Path, options: tuple[str, ...]
) -> None:
    assert run_recorded(PROGRAM, *options, arguments=("5",)).status == 0
    path = tmp_path / "run.swt"
    moments = random.Random(seed := random.randrange(1 << 32))
    print("seed", seed)  # Shown if the test fails.
    # Half of the bits are in bytes that are not zero, since most of the file may be zeros.
    bits = moments.sample(used_bits(path), FLIPS // 2)
    bits += [moments.randrange(path.stat().st_size * 8) for _ in range(FLIPS // 2)]
    assert flip(path, bits) == []


def used_bits(path: Path) -> list[int]:
    """The bits of bytes that are not zero."""
    content = path.read_bytes()
    return [bit for bit in range(len(content) * 8) if content[bit // 8]]


def test_what_is_protected_of_a_killed_process(run_recorded: RunRecorded, tmp_path: Path) -> None:
    assert run_recorded(PROGRAM, arguments=("400", "kill")).status == -9
    path = tmp_path / "run.swt"
    file = TraceFile(path)
    # The header, headers of chunks, definitions, and closed chunks. Without parts that change until
    # the end: entries of the thread directory, and events of open chunks.
    ranges = [range(file.size)]
    for chunk in file.chunks:
        ranges.append(range(chunk.offset, chunk.offset + 64))
        if chunk.kind == 1 or chunk.used:
            ranges.append(range(chunk.offset + 64, chunk.end))
    assert any(chunk.used and chunk.kind == 3 for chunk in file.chunks)
    content = path.read_bytes()
    places = [place for span in ranges for place in span if content[place]]
    moments = random.Random(seed := random.randrange(1 << 32))
    print("seed", seed)
    bits = [moments.choice(places) * 8 + moments.randrange(8) for _ in range(FLIPS // 4)]
    assert flip(path, bits) == []


def test_a_damaged_chunk_is_named_once(run_recorded: RunRecorded, tmp_path: Path) -> None:
    assert run_recorded(PROGRAM, arguments=("200",)).status == 0
    path = tmp_path / "run.swt"
    file = TraceFile(path)
    chunk = next(c for c in file.chunks if c.kind == 3 and c.used and c.sequence == 1)
    content = bytearray(path.read_bytes())
    # The time of an event in the middle: only that time differs.
    place = chunk.offset + chunk.used // 2
    content[place] ^= 0x80
    path.write_bytes(content)
    recording = swifttrace.open(path)
    events = list(recording)
    reports = [line for line in recording.damage if "match its check" in line]
    assert len(reports) == 1
    assert f"damaged: chunk 1 of thread {chunk.thread} of process {file.process} " in reports[0]
    assert len(events) > 1000


Damage = Callable[[bytearray], None]


def end_as_open(content: bytearray) -> None:
    content[12] = 0


def end_as_unknown(content: bytearray) -> None:
    content[12] = 9


@pytest.mark.parametrize("change", [end_as_open, end_as_unknown])
def test_the_end_is_protected(run_recorded: RunRecorded, tmp_path: Path, change: Damage) -> None:
    assert run_recorded("pass").status == 0
    path = tmp_path / "run.swt"
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)
    (damage,) = swifttrace.open(path).damage
    assert "the file's header is damaged" in damage
