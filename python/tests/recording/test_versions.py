"""Files of version 1, written before version 2 existed, can be read."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
import swifttrace
from independent_reader import TraceFile
from test_format import compare

FOLDER = Path(__file__).parent / "version1"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())


@pytest.fixture
def sample(tmp_path: Path, name: str) -> Path:
    """An unpacked sample."""
    path = tmp_path / f"{name}.swt"
    path.write_bytes(gzip.decompress((FOLDER / f"{name}.swt.gz").read_bytes()))
    return path


@pytest.mark.parametrize("name", EXPECTED)
def test_version_1_is_read(sample: Path, name: str) -> None:
    recording = swifttrace.open(sample)
    lines = [
        f"{e.kind} {e.function.qualified_name} {e.line} {e.depth} {e.time} {e.thread} {e.task} "
        f"{e.arguments} {e.value} {e.message}"
        for e in recording
    ]
    text = "\n".join(lines)
    assert recording.damage == ()
    assert EXPECTED[name] == {
        "events": len(lines),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "threads": [[thread.name, thread.dropped] for thread in recording.threads],
        "ended": recording.ended,
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_both_readers_agree(sample: Path, name: str) -> None:
    assert TraceFile(sample).version == 1
    assert compare(sample) == EXPECTED[name]["events"]
