"""Hashes of what swifttrace writes for real programs, to show that a redesign changes nothing.

    python -m bench.baseline FILE            write the hashes
    python -m bench.baseline --check FILE    compare with hashes written before

Run by `make baseline` and `make baseline-check`. Each program is recorded under a fixed clock, with
address randomization off, with and without values, and from each source; the recording's bytes, its
texts and its exports are hashed, and so is the live text. Addresses in values (`<A object at 0x…>`)
are masked: they depend on the size of the extension. The hashes hold for one interpreter, one
machine and one path of the virtual environment, which recordings contain.
"""

import argparse
import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import native
from .instructions import preload_problem, sources

ROOT = Path(__file__).resolve().parents[2]
STREAM = ROOT / "python" / "tests" / "stream"
ADDR_NO_RANDOMIZE = 0x0040000
# Programs with threads: the order of their events depends on the scheduler.
LEFT_OUT = ("driver/threading_pool", "driver/asyncio_tasks")

PROGRAM = "program.py"

# An address in the text of a value. User space ends at 2**47, so most have twelve digits.
ADDRESS = re.compile(rb"0x[0-9a-f]{6,16}")
PAGE = 4096

LIVE = {
    "tree": ["--lines"],
    "sentences": ["--events", "--format", "sentences"],
    "json": ["--events", "--format", "json"],
    "calls": ["--calls", "--format", "sentences"],
}
SHOWN = {
    "show": ["show", "--lines"],
    "fold": ["show", "--fold", "--times", "relative"],
    "show-json": ["show", "--format", "json"],
    "sentences": ["show", "--format", "sentences"],
    "stats": ["stats"],
    "callers": ["callers", "--format", "json"],
    "paths": ["paths"],
}
EXPORTS = ["chrome", "speedscope", "collapsed", "callgrind", "pstats", "lcov", "jsonl", "perfetto"]


def without_randomization() -> None:
    """Disable address randomization in this process, for the program that replaces it by exec."""
    if ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE) == -1:
        raise OSError("personality failed")


def texts() -> dict[str, str]:
    """Return the source of each single-threaded program of the stream tests, by name."""
    spec = importlib.util.spec_from_file_location("stream_programs", STREAM / "programs.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules["stream_programs"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = {}
    for program in [*module.BENCHMARKS, *module.DRIVERS]:
        if program.name not in LEFT_OUT:
            loads = "".join(f"import {module}\n" for module in program.preload)
            found[program.name.replace("/", "-")] = loads + program.source
    return found


class Hasher:
    """Runs swifttrace on one program, and yields its outputs."""

    def __init__(self, name: str, text: str, preloaded: Path, folder: Path) -> None:
        self.name, self.folder = name, folder / name
        self.folder.mkdir()
        (self.folder / "program.py").write_text(text)
        kept = {key: os.environ[key] for key in ("HOME", "PATH") if key in os.environ}
        self.environment = kept | {
            "LD_PRELOAD": str(preloaded),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TZ": "UTC",
            "COLUMNS": "100",
            "PYTHONPATH": str(STREAM / "preload"),
        }

    def swifttrace(self, *arguments: str) -> bytes:
        """Return the standard output of a command."""
        ended = subprocess.run(
            [sys.executable, "-m", "swifttrace", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            preexec_fn=without_randomization,
        )
        if ended.returncode not in (0, 1):
            raise SystemExit(f"baseline: {self.name}: {arguments} failed:\n{ended.stderr.decode()}")
        return ended.stdout

    def file(self, name: str) -> bytes:
        """Return the content of a file, and remove the file."""
        path = self.folder / name
        content = path.read_bytes()
        path.unlink()
        return content

    def outputs(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name of each output and its bytes."""
        for source in sources():
            own = ["--source", source]
            for name, options in LIVE.items():
                self.swifttrace("-o", "text", *own, *options, PROGRAM)
                yield f"{source}/live-{name}", self.file("text")
            for values, kept in {"plain": [], "safe": ["--values", "safe"]}.items():
                self.swifttrace("record", "-o", "run.swt", *own, *kept, PROGRAM)
                yield f"{source}/{values}/recording", (self.folder / "run.swt").read_bytes()
                for name, options in SHOWN.items():
                    command, *more = options
                    asked = ["*"] if command in ("callers", "paths") else []
                    yield (
                        f"{source}/{values}/{name}",
                        self.swifttrace(command, *more, "run.swt", *asked),
                    )
                for kind in EXPORTS:
                    self.swifttrace("export", "--to", kind, "-o", "out", "run.swt")
                    yield f"{source}/{values}/export-{kind}", self.file("out")
                self.file("run.swt")


def masked(content: bytes) -> bytes:
    """Return `content` with digits of addresses and checksums of chunks replaced by zeros."""
    kept = bytearray(ADDRESS.sub(lambda found: b"0x".ljust(len(found[0]), b"0"), content))
    # In a recording (docs/format.md), the checksum of a chunk is at offset 48 of its header.
    for page in range(0, len(content), PAGE):
        if content.startswith(b"CHNK", page):
            end = page + int.from_bytes(content[page + 8 : page + 12], "little")
            if kept[page:end] != content[page:end]:
                kept[page + 48 : page + 52] = bytes(4)
    return bytes(kept)


def hashes(folder: Path, only: str) -> dict[str, str]:
    """Return the hash of each output of the programs whose names contain `only`."""
    preloaded = native.build("fixed_clock", folder)
    made: dict[str, str] = {}

    def one(program: tuple[str, str]) -> dict[str, str]:
        hasher = Hasher(*program, preloaded, folder)
        return {
            f"{hasher.name}/{output}": hashlib.sha256(masked(content)).hexdigest()
            for output, content in hasher.outputs()
        }

    chosen = [program for program in texts().items() if only in program[0]]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(one, chosen):
            made |= part
    return made


def main() -> None:
    """Write the hashes, or compare them with those of a file."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bench.baseline")
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--only", default="", help="programs whose names contain this")
    options = parser.parse_args()
    reason = preload_problem()
    if reason:
        print(f"baseline: {reason}", file=sys.stderr)
        raise SystemExit(2)
    # All runs use this folder, because recordings contain its name.
    folder = ROOT / "build" / "baseline-run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = hashes(folder, options.only)
    shutil.rmtree(folder)
    if not options.check:
        options.file.parent.mkdir(parents=True, exist_ok=True)
        options.file.write_text(json.dumps(made, indent=0, sort_keys=True))
        print(f"baseline: {len(made)} hashes written to {options.file}")
        return
    before: dict[str, str] = json.loads(options.file.read_text())
    before = {name: value for name, value in before.items() if options.only in name.split("/")[0]}
    different = sorted(
        name for name in before.keys() | made.keys() if before.get(name) != made.get(name)
    )
    for name in different:
        print(f"baseline: {name} differs", file=sys.stderr)
    print(f"baseline: {len(made) - len(different)} of {len(before)} outputs are equal")
    raise SystemExit(1 if different else 0)


if __name__ == "__main__":
    main()
