"""Hostile recordings: valid files that cost their reader as much time or memory as possible."""

import struct
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "recording"))
from independent_reader import CELL_HOLES, HEADER_HOLES, check, zeroed

PAGE = 4096
_START = 1_000_000


def _text(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content


def _pages(content: bytes) -> bytes:
    return content + bytes(-len(content) % PAGE)


def _number(value: int) -> bytes:
    result = bytearray()
    while value >= 0x80:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*result, value))


def header(process: int = 0) -> bytes:
    """The header of a file of version 1 that has ended and has values."""
    texts = _text(b"3.13.0") + _text(b"linux") + _text(b"/home/user")
    texts += struct.pack("<I", 1) + _text(b"program.py") + struct.pack("<I", 0)
    size = -(-(88 + len(texts)) // PAGE) * PAGE
    head = b"SWTRACE\n" + struct.pack(
        "<HHBBBBIIQQIIQQQQQ",
        *(1, 0x0102, 1, 1 | 4, 0, 0, size, 0, 1, 2, process, 0, 0, 10**18, _START, 0, 0),
    )
    return (head + texts).ljust(size, b"\0")


def chunk(
    kind: int, content: bytes, *, thread: int = 0, sequence: int = 0, events: int = 0
) -> bytes:
    """A closed chunk."""
    used = 64 + len(content)
    length = -(-(used + 16) // PAGE) * PAGE
    head = b"CHNK" + struct.pack(
        "<BBHIIQQiIQIIQ",
        *(kind, 0, 0, length, thread, sequence, _START, -1, 0, 0, events, used, 0),
    )
    return (head + content).ljust(length, b"\0")


def definition(kind: int, content: bytes) -> bytes:
    return struct.pack("<I", kind << 24 | len(content)) + content


def source(number: int, path: bytes) -> bytes:
    return definition(1, struct.pack("<I", number) + _text(path))


def function(number: int, name: bytes, *, file: int = 1, parameters: Iterable[bytes] = ()) -> bytes:
    words = [_text(word) for word in parameters]
    content = struct.pack("<IIiiI", number, file, 10, 10, 0) + _text(name) + _text(name)
    return definition(2, content + struct.pack("<I", len(words)) + b"".join(words))


def call(number: int) -> bytes:
    """A call of a function, one nanosecond after the previous event."""
    return (2 | number << 2 | 1 << 14).to_bytes(3, "little")


RETURN = (4 | 1 << 6).to_bytes(2, "little")


def event(kind: int, number: int, texts: Iterable[int] = ()) -> bytes:
    """An event of any kind, which refers to texts by their positions."""
    places = list(texts)
    return bytes((0x80, kind)) + b"".join(map(_number, (1, number, 20, len(places), *places)))


def move(depth: int, stack: int) -> bytes:
    return bytes((0x80, 14)) + _number(2 * depth) + _number(stack)


def recording(path: Path, definitions: bytes, threads: Iterable[tuple[bytes, int]]) -> Path:
    """Writes a file. `threads` has the records of each thread, and their number of events."""
    parts = [header(), chunk(1, definitions)]
    for index, (records, events) in enumerate(threads):
        parts.append(chunk(3, records, thread=index, events=events))
    path.write_bytes(b"".join(parts))
    return path


def text_bomb(path: Path) -> Path:
    """64 KB of text, to which a hundred thousand events refer, some of them a thousand times."""
    start = len(header()) + len(chunk(1, _two())) + 64
    text = bytes((0x80, 13)) + _number(65_536) + b"x" * 65_536
    calls = b"".join(event(1, 2, [start] * 1024) + RETURN for _ in range(40))
    raised = b"".join(event(8, 1, [start, start]) for _ in range(100_000))
    return recording(path, _two(), [(text + call(1) + calls + raised, 1 + 80 + 100_000)])


def _two() -> bytes:
    parameters = [f"p{index}".encode() for index in range(1024)]
    return (
        source(1, b"/home/user/program.py")
        + function(1, b"main")
        + function(2, b"f", parameters=parameters)
    )


def long_names(path: Path) -> Path:
    """Functions with names of 64 KB, in a source file with a path of 16 MB."""
    long = source(1, b"/p" + b"a" * (1 << 24 - 1))
    names = b"".join(function(number, b"n" * 65_000 + b"%d" % number) for number in range(1, 201))
    calls = b"".join(call(number % 200 + 1) + RETURN for number in range(10_000))
    parts = [header(), chunk(1, long), chunk(1, names), chunk(3, calls, events=20_000)]
    path.write_bytes(b"".join(parts))
    return path


def many_names(path: Path) -> Path:
    """Thirty thousand functions, in a source file with a path of 64 KB."""
    files = source(1, b"/p" + b"a" * 65_000)
    names = [function(number, b"f%d" % number) for number in range(1, 30_001)]
    calls = b"".join(
        (0x20 | number << 6 | 1 << 30).to_bytes(5, "little") + RETURN for number in range(1, 30_001)
    )
    parts = [header(), chunk(1, files + b"".join(names)), chunk(3, calls, events=60_000)]
    path.write_bytes(b"".join(parts))
    return path


def switching(path: Path) -> Path:
    """Two stacks of fifty thousand frames, with a hundred thousand switches between them."""
    deep = 50_000
    records = [call(1) * deep]
    records.append(bytes((0x80, 14)) + _number(1) + _number(1) + call(1) * deep)
    for turn in range(100_000):
        records.append(move(deep - 1, turn & 1))
        records.append(event(3, 1))
    return recording(path, _plain(), [(b"".join(records), 2 * deep + 100_000)])


def unreturned(path: Path) -> Path:
    """Six hundred thousand calls that never return."""
    return recording(path, _plain(), [(call(1) * 600_000, 600_000)])


def far_lines(path: Path) -> Path:
    """Four thousand functions, each with a line a hundred thousand lines after its first."""
    names = [function(number, b"f%d" % number) for number in range(1, 4001)]
    jump = (0x30 | 100_000 << 8 | 1 << 30).to_bytes(5, "little")
    calls = b"".join(call(number) + jump + RETURN for number in range(1, 4001))
    return recording(path, source(1, b"/home/user/program.py") + b"".join(names), [(calls, 12_000)])


def _plain() -> bytes:
    return source(1, b"/home/user/program.py") + function(1, b"f") + function(2, b"g")


KINDS = {
    "text_bomb": text_bomb,
    "long_names": long_names,
    "many_names": many_names,
    "switching": switching,
    "unreturned": unreturned,
    "far_lines": far_lines,
}


def resealed(content: bytes) -> bytes:
    """A changed recording of version 2, with recomputed checksums."""
    data = bytearray(content)

    def seal(place: int, begin: int, end: int, *holes: tuple[int, int], seed: int = 0) -> None:
        data[place : place + 4] = check(zeroed(data[begin:end], *holes), seed).to_bytes(4, "little")

    (place,) = struct.unpack_from("<I", data, 16)
    seal(20, 0, place, *HEADER_HOLES)
    while data[place : place + 4] == b"CHNK":
        length, used, events = struct.unpack_from("<8xI40xII", data, place)
        end = place + (used or length)
        inner = place + 64
        if data[place + 4] == 1:
            while inner < end and (word := int.from_bytes(data[inner : inner + 4], "little")):
                after = inner + 4 + (word & 0xFFFFFF)
                seal(after, inner + 4, after, seed=word)
                inner = after + 4
        elif data[place + 4] == 2:
            while inner < end and data[inner] == 1:
                seal(inner + 120, inner, inner + 128, *CELL_HOLES)
                inner += 128
        if used:
            seal(place + 48, place + 64, end, seed=events << 32 | used)
        seal(place + 12, place, place + 64, (12, 16), (48, 60))
        place += length
    return bytes(data)
