"""A reader of recordings in pure Python, written only from docs/format.md.

It proves that the page is complete. It is slow, and trusts files whose checksums are correct.
"""

import dataclasses
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAGIC = b"SWTRACE\n"
KINDS = (
    "",
    "call",
    "resume",
    "line",
    "return",
    "yield",
    "await",
    "unwind",
    "exception",
    "opcode",
    "c_call",
    "c_return",
    "c_exception",
)
ENTERS = (1, 2)
LEAVES = (4, 5, 6, 7)
SUSPENDS = (5, 6)
MOST_CALLERS = 65_536

WORD = (1 << 64) - 1
PRIMES = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)


def rotated(number: int, count: int) -> int:
    return (number << count | number >> (64 - count)) & WORD


def mixed(lane: int, number: int) -> int:
    return rotated((lane + number * PRIMES[1]) & WORD, 31) * PRIMES[0] & WORD


def check(data: bytes, seed: int = 0) -> int:
    """The low 32 bits of XXH64."""
    first, second, third, fourth, fifth = PRIMES
    whole = len(data) // 32 * 32
    if whole:
        lanes = [seed + first + second, seed + second, seed, seed - first]
        for row in struct.iter_unpack("<4Q", data[:whole]):
            lanes = [mixed(lane & WORD, number) for lane, number in zip(lanes, row, strict=True)]
        result = sum(rotated(lane, n) for lane, n in zip(lanes, (1, 7, 12, 18), strict=True))
        for lane in lanes:
            result = ((result ^ mixed(0, lane)) * first + fourth) & WORD
    else:
        result = seed + fifth
    result = (result + len(data)) & WORD
    rest = data[whole:]
    while len(rest) >= 8:
        result ^= mixed(0, int.from_bytes(rest[:8], "little"))
        result = (rotated(result, 27) * first + fourth) & WORD
        rest = rest[8:]
    if len(rest) >= 4:
        result ^= int.from_bytes(rest[:4], "little") * first & WORD
        result = (rotated(result, 23) * second + third) & WORD
        rest = rest[4:]
    for byte in rest:
        result = rotated(result ^ byte * fifth & WORD, 11) * first & WORD
    result = (result ^ result >> 33) * second & WORD
    result = (result ^ result >> 29) * third & WORD
    return (result ^ result >> 32) & 0xFFFFFFFF


def zeroed(data: bytes, *holes: tuple[int, int]) -> bytes:
    """The bytes, with those in `holes` replaced by zeros."""
    result = bytearray(data)
    for begin, end in holes:
        result[begin:end] = bytes(end - begin)
    return bytes(result)


# The bytes of the header that change, and its checksum.
HEADER_HOLES = (12, 13), (15, 16), (20, 24), (88, 112)
# Likewise in an entry of the thread directory.
CELL_HOLES = (1, 2), (32, 64), (112, 128)


class Fields:
    """Consecutive numbers and texts."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position

    def take(self, form: str) -> Any:
        (value,) = struct.unpack_from("<" + form, self.data, self.position)
        self.position += struct.calcsize("<" + form)
        return value

    def text(self) -> str:
        size = self.take("I")
        start = self.position
        self.position += size
        return self.data[start : start + size].decode()

    def texts(self) -> list[str]:
        return [self.text() for _ in range(self.take("I"))]

    def number(self) -> int:
        result = shift = 0
        while True:
            byte = self.take("B")
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    def signed(self) -> int:
        number = self.number()
        return -(number >> 1) - 1 if number & 1 else number >> 1


@dataclasses.dataclass
class Function:
    file: int
    first_line: int
    call_line: int
    flags: int
    name: str
    qualified_name: str
    parameters: list[str]


@dataclasses.dataclass
class Event:
    kind: str
    function: int
    line: int
    depth: int
    stack: int
    time: int
    thread: int
    c_function: int
    texts: list[str]
    task: int | None


class ProgramEnd:
    def __init__(self, fields: Fields) -> None:
        self.status = fields.take("i")
        self.exception: str | None = None
        self.message: str | None = None
        self.omitted = 0
        self.frames: list[tuple[str, int, str]] = []
        if fields.take("I"):
            self.exception = fields.text()
            has_message = fields.take("I")
            message = fields.text()
            self.message = message if has_message else None
            self.omitted = fields.take("I")
            for _ in range(fields.take("I")):
                self.frames.append((fields.text(), fields.take("i"), fields.text()))


@dataclasses.dataclass
class Chunk:
    offset: int
    kind: int
    length: int
    thread: int
    sequence: int
    time: int
    depth: int
    stack: int
    events_before: int
    events: int
    used: int

    @property
    def end(self) -> int:
        return self.offset + (self.used or self.length)


class TraceFile:
    """A file, read completely."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.sources: dict[int, str] = {}
        self.functions: dict[int, Function] = {}
        self.c_functions: dict[int, str] = {}
        self.program_end: ProgramEnd | None = None
        self.threads: dict[int, dict[str, Any]] = {}
        self.chunks: list[Chunk] = []
        self._read_header()
        position = self.size
        while position < len(self.data) and self.data[position : position + 4] == b"CHNK":
            chunk = self._read_chunk(position)
            self.chunks.append(chunk)
            position += chunk.length
        for chunk in self.chunks:
            if chunk.kind == 1:
                self._read_definitions(chunk)
            elif chunk.kind == 2:
                self._read_threads(chunk)

    def _read_chunk(self, position: int) -> Chunk:
        head = self.data[position : position + 64]
        (kind,) = struct.unpack_from("<B", head, 4)
        if self.version == 1:
            return Chunk(position, kind, *struct.unpack_from("<IIQQiIQII", head, 8))
        length, of_head = struct.unpack_from("<II", head, 8)
        *fields, of_content, used, events, thread = struct.unpack_from("<QQiIQIIII", head, 16)
        if kind != 4:
            assert of_head == check(zeroed(head, (12, 16), (48, 60)))
        if used:
            content = self.data[position + 64 : position + used]
            assert of_content == check(content, events << 32 | used)
        return Chunk(position, kind, length, thread, *fields, events, used)

    def _read_header(self) -> None:
        assert self.data[:8] == MAGIC
        self.version, order = struct.unpack_from("<HH", self.data, 8)
        assert self.version in (1, 2)
        assert order == 0x0102
        self.end, flags, self.clock = struct.unpack_from("<BBB", self.data, 12)
        self.is_root, self.keeps_last, self.has_values = (bool(flags & bit) for bit in (1, 2, 4))
        (self.size,) = struct.unpack_from("<I", self.data, 16)
        self.family = struct.unpack_from("<QQ", self.data, 24)
        self.process, self.parent = struct.unpack_from("<II", self.data, 40)
        self.counts, self.wall_start, self.start, self.limit = struct.unpack_from(
            "<QQQQ", self.data, 48
        )
        self.lost = 0
        if self.version == 2:
            assert self.data[15] == 255 - self.end
            of_header, self.lost = struct.unpack_from("<I64xQ", self.data, 20)
            assert of_header == check(zeroed(self.data[: self.size], *HEADER_HOLES))
        fields = Fields(self.data, 88 if self.version == 1 else 128)
        self.python, self.platform, self.folder = fields.text(), fields.text(), fields.text()
        self.arguments, self.options = fields.texts(), fields.texts()

    def _read_definitions(self, chunk: Chunk) -> None:
        fields = Fields(self.data, chunk.offset + 64)
        while fields.position < chunk.end and (word := fields.take("I")):
            kind, end = word >> 24, fields.position + (word & 0xFFFFFF)
            content = self.data[fields.position : end]
            number = fields.take("I")
            if kind == 1:
                self.sources[number] = fields.text()
            elif kind == 2:
                self.functions[number] = Function(
                    fields.take("I"),
                    fields.take("i"),
                    fields.take("i"),
                    fields.take("I"),
                    fields.text(),
                    fields.text(),
                    fields.texts(),
                )
            elif kind == 3:
                self.c_functions[number] = fields.text()
            elif kind == 4:
                self.program_end = ProgramEnd(Fields(content))
            fields.position = end
            if self.version == 2:
                assert fields.take("I") == check(content, word)

    def _read_threads(self, chunk: Chunk) -> None:
        position = chunk.offset + 64
        while position < chunk.offset + chunk.length and self.data[position] == 1:
            names = ("index", "native_id", "ident", "first", "events", "dropped", "since", "until")
            cell = dict(
                zip(names, struct.unpack_from("<IQQQQQQQ", self.data, position + 4), strict=True)
            )
            size = self.data[position + 2]
            if self.version == 2:
                whole = self.data[position : position + 128]
                (of_cell,) = struct.unpack_from("<I", whole, 120)
                assert of_cell == check(zeroed(whole, *CELL_HOLES))
            (cell["last"],) = struct.unpack_from("<Q", self.data, position + 112)
            cell["ended"] = self.data[position + 1] == 1
            cell["name"] = self.data[position + 64 : position + 64 + size].decode()
            self.threads[cell["index"]] = cell
            position += 128

    def dropped(self, thread: int) -> int:
        """Number of a thread's dropped events."""
        chunks = self._chunks_of(thread)
        cell = self.threads[thread]
        lost = chunks[0].events_before if chunks else cell["events"]
        return int(lost + cell["dropped"])

    def _chunks_of(self, thread: int) -> list[Chunk]:
        chunks = [chunk for chunk in self.chunks if chunk.kind == 3 and chunk.thread == thread]
        return sorted(chunks, key=lambda chunk: chunk.sequence)

    def events(self, thread: int) -> Iterator[Event]:
        """The events of a thread, in order."""
        tasks, passed = Tasks(), 0
        for chunk in self._chunks_of(thread):
            if chunk.events_before != passed:
                tasks = Tasks(tasks.last)
            passed = chunk.events_before + chunk.events
            yield from ChunkReader(self, chunk, tasks)

    def text(self, position: int) -> str:
        """The text whose record begins at this offset."""
        assert self.data[position : position + 2] == b"\x80\x0d"
        fields = Fields(self.data, position + 2)
        size = fields.number()
        return self.data[fields.position : fields.position + size].decode()


class Tasks:
    """The tasks of one thread."""

    def __init__(self, last: int = 0) -> None:
        self.last = last
        self.numbers: dict[int, int] = {}
        self.running: dict[int, list[tuple[int, int, int]]] = {}

    def enter(self, address: int, begins: bool, depth: int, stack: int) -> None:
        self.cut(depth, stack)
        if begins or address not in self.numbers:
            self.last += 1
            self.numbers[address] = self.last
        running = self.running.setdefault(stack, [])
        running.append((address, self.numbers[address], depth + 1))

    def leave(self, is_over: bool, depth: int, stack: int) -> None:
        running = self.running.get(stack)
        if running and depth < running[-1][2]:
            address, _, _ = running.pop()
            if is_over:
                self.numbers.pop(address, None)

    def cut(self, depth: int, stack: int) -> None:
        running = self.running.get(stack)
        while running and running[-1][2] > depth:
            running.pop()

    def current(self, stack: int) -> int | None:
        running = self.running.get(stack)
        return running[-1][1] if running else None


class ChunkReader:
    """The events of one chunk."""

    def __init__(self, file: TraceFile, chunk: Chunk, tasks: Tasks) -> None:
        self.file = file
        self.chunk = chunk
        self.tasks = tasks
        tasks.cut(chunk.depth, chunk.stack)
        self.time, self.depth, self.stack = chunk.time, chunk.depth, chunk.stack
        self.function = self.line = 0
        self.callers: list[tuple[int, int]] = []
        self.suspended = [(0, 0)] * 64
        self.exception: str | None = None

    def enter(self, function: int, line: int) -> None:
        if len(self.callers) == MOST_CALLERS:
            self.callers.clear()
        self.callers.append((self.function, self.line))
        self.depth += 1
        self.function, self.line = function, line

    def leave(self, kind: int) -> None:
        left = self.function, self.line
        self.depth -= 1
        self.function, self.line = self.callers.pop() if self.callers else (0, 0)
        if kind in SUSPENDS:
            self.suspended[self.function % 64] = left
        self.tasks.leave(kind not in SUSPENDS, self.depth, self.stack)

    def event(self, kind: int, c_function: int = 0, texts: list[str] | None = None) -> Event:
        return Event(
            KINDS[kind],
            self.function,
            self.line,
            self.depth,
            self.stack,
            self.time,
            self.chunk.thread,
            c_function,
            texts or [],
            self.tasks.current(self.stack),
        )

    def call_line(self, function: int) -> int:
        return self.file.functions[function].call_line

    def __iter__(self) -> Iterator[Event]:
        data = self.file.data
        position = self.chunk.offset + 64
        while position < self.chunk.end and data[position]:
            first = data[position]
            place = (first & -first).bit_length() - 1
            if place < 6:
                size = (2, 3, 2, 4, 5, 5)[place]
                word = int.from_bytes(data[position : position + size], "little") >> (place + 1)
                position += size
                yield from self.short(place, word)
                continue
            fields = Fields(data, position + 1)
            if place == 6:
                self.time += 1024 * fields.number()
            else:
                yield from self.long(fields)
            position = fields.position

    def short(self, place: int, word: int) -> Iterator[Event]:
        shift = (5, 12, 3, 2, 25, 24)[place]
        self.time += word >> shift & 1023
        if place == 0:
            self.line += (word & 31) - 8
            yield self.event(3)
        elif place in (1, 5):
            function = word & (1 << shift) - 1
            self.enter(function, self.call_line(function))
            yield self.event(1)
        elif place == 2 and word & 7 == 4:
            self.enter(*self.suspended[self.function % 64])
            yield self.event(2)
        elif place in (2, 3):
            kind = 4 + (word & (7 if place == 2 else 3))
            if place == 3:
                offset = word >> 12 & 0xFFFF
                offset -= (offset & 0x8000) << 1
                self.line = self.call_line(self.function) + offset
            yield self.event(kind)
            self.leave(kind)
        elif word & 7 == 1:
            step = word >> 3 & 0x3FFFFF
            self.line += step - ((step & 0x200000) << 1)
            yield self.event(3)
        elif word & 7 == 2:
            step = word >> 3 & 0x3FFFFF
            self.line += step - ((step & 0x200000) << 1)
            assert self.exception is not None
            yield self.event(8, texts=[self.exception])
        else:
            function = word >> 3 & 4095
            self.enter(function, self.call_line(function) + (word >> 15 & 1023))
            yield self.event(2)

    def long(self, fields: Fields) -> Iterator[Event]:
        kind = fields.take("B")
        if kind == 13 or kind >= 128:
            size = fields.number()
            fields.position += size
            return
        if kind == 14:
            self.depth, self.stack = fields.signed(), fields.number()
            self.function, self.callers = 0, []
            self.tasks.cut(self.depth, self.stack)
            return
        if kind in (15, 16):
            self.tasks.enter(fields.number(), kind == 15, self.depth, self.stack)
            return
        if kind in (17, 18):
            return
        self.time += fields.number()
        function, line = fields.number(), fields.signed()
        c_function = fields.number() if kind >= 10 else 0
        texts = [self.file.text(fields.number()) for _ in range(fields.number())]
        if kind == 8:
            self.exception = texts[0] if len(texts) == 1 else None
        if kind in ENTERS:
            self.enter(function, line)
        else:
            self.function, self.line = function, line
        yield self.event(kind, c_function, texts)
        if kind in LEAVES:
            self.leave(kind)
