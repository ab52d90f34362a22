"""Arrow tables of a recording: pyarrow, polars, pandas and DuckDB agree with the Python reader."""

import ctypes
import gc
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest
import swifttrace
from running import run_python
from swifttrace._reading import parquet

PROGRAM = """
import os, threading

def give(value, *rest):
    return value

def fail():
    raise KeyError("a")

def numbers():
    yield 1

for number in range(COUNT):
    give("x", number)
try:
    fail()
except KeyError:
    pass
list(numbers())
thread = threading.Thread(target=give, args=[1], name="worker")
thread.start()
thread.join()
if FORKS and os.fork() == 0:
    give("child")
    os._exit(0)
if FORKS:
    os.wait()
"""


def record(folder: Path, *options: str, count: int = 3, forks: bool = True) -> Path:
    program = PROGRAM.replace("COUNT", str(count)).replace("FORKS", str(forks))
    (folder / "program.py").write_text(program)
    command = ["-m", "swifttrace", "record", *options, "program.py"]
    assert run_python(*command, cwd=folder).status == 0
    return folder / "run.swt"


@pytest.fixture
def recording(tmp_path: Path) -> swifttrace.Recording:
    """A recording of two processes, with values and C calls."""
    return swifttrace.open(record(tmp_path, "--c-calls", "--values", "safe"))


@pytest.mark.parametrize("options", [("--c-calls", "--values", "safe"), ()])
def test_each_event_is_a_row(tmp_path: Path, options: tuple[str, ...]) -> None:
    recording = swifttrace.open(record(tmp_path, *options))
    table = pyarrow.table(recording)
    table.validate(full=True)
    rows = table.to_pylist()
    events = list(recording)
    assert len(rows) == len(events)
    names = {c_function for event in events if (c_function := event.value)}
    for row, event in zip(rows, events, strict=True):
        assert (row["process"], row["thread"]) == (event.process, event.thread)
        assert recording.processes[row["process_index"]] == event.process
        assert (row["time"], row["kind"]) == (event.time, event.kind)
        assert row["timestamp"].value == recording.start + event.time
        assert recording.functions[row["process_index"]][row["function"]] == event.function
        assert row["name"] == event.function.qualified_name
        assert row["file"] == event.function.file
        assert (row["line"], row["depth"], row["stack"]) == (event.line, event.depth, 0)
        assert (row["message"], row["task"]) == (event.message, event.task)
        assert tuple(row["arguments"] or ()) == event.arguments
        if event.kind in ("exception", "unwind"):
            assert (row["exception"], row["value"]) == (event.value, None)
        elif event.event.startswith("c_"):
            assert row["c_function"] or row["value"]
            assert {row["c_function"], row["value"]} & names
        else:
            assert (row["exception"], row["value"]) == (None, event.value)


def test_the_schema(recording: swifttrace.Recording) -> None:
    schema = pyarrow.schema(recording)
    assert schema == pyarrow.table(recording).schema
    assert schema.field("kind").type == pyarrow.dictionary(pyarrow.int8(), pyarrow.string())
    assert schema.field("timestamp").type == pyarrow.timestamp("ns", "UTC")
    assert {field.name for field in schema if field.nullable} == {
        *("name", "file", "task", "c_function", "exception", "value", "message", "arguments")
    }


def test_functions_and_threads_are_tables_and_rows(recording: swifttrace.Recording) -> None:
    functions, threads = pyarrow.table(recording.functions), pyarrow.table(recording.threads)
    functions.validate(full=True)
    threads.validate(full=True)
    known = [function for file in recording.functions for function in file if function]
    assert functions["qualified_name"].to_pylist() == [f.qualified_name for f in known]
    assert functions["parameters"].to_pylist() == [list(f.parameters) for f in known]
    assert threads["name"].to_pylist() == [thread.name for thread in recording.threads]
    assert threads["native_id"].to_pylist() == [thread.native_id for thread in recording.threads]
    assert threads["dropped_from"].null_count == len(recording.threads)
    assert pyarrow.schema(recording.threads) == threads.schema
    assert recording.threads == tuple(recording.threads)
    assert recording.threads[0] in recording.threads


def test_other_readers_count_the_same(recording: swifttrace.Recording) -> None:
    kinds = Counter(event.kind for event in recording)
    rows = duckdb.sql("select kind::varchar, count(*) from recording group by 1").fetchall()
    assert dict(rows) == kinds
    frame = polars.DataFrame(recording)
    assert Counter(frame["kind"].cast(polars.String)) == kinds
    assert Counter(pandas.DataFrame.from_arrow(recording)["kind"]) == kinds
    threads, functions = recording.threads, recording.functions
    assert duckdb.sql("select count(*) from threads").fetchall() == [(len(threads),)]
    assert len(polars.DataFrame(functions)) == pyarrow.table(functions).num_rows


@pytest.mark.memory
def test_many_batches_and_nothing_grows(tmp_path: Path) -> None:
    recording = swifttrace.open(record(tmp_path, count=60_000, forks=False))
    batches = list(pyarrow.RecordBatchReader.from_stream(recording))
    assert len(batches) > 1
    assert sum(batch.num_rows for batch in batches) == sum(1 for _ in recording)
    del batches

    def use() -> None:
        recording.__arrow_c_stream__()
        recording.__arrow_c_schema__()
        reader = pyarrow.RecordBatchReader.from_stream(recording)
        reader.read_next_batch()
        pyarrow.table(recording.functions)

    for _ in range(20):
        use()
    before = resident()
    for _ in range(200):
        use()
    gc.collect()
    # A batch has about 7 MB: keeping one in each round would take 1400 MB.
    assert resident() - before < 30_000_000


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class _Array(ctypes.Structure):
    _fields_ = (("length", ctypes.c_int64), ("_1", ctypes.c_int64 * 7))
    _fields_ = (*_fields_, ("release", ctypes.c_void_p), ("private_data", ctypes.c_void_p))


def test_a_batch_is_read_without_the_gil(tmp_path: Path) -> None:
    """`CFUNCTYPE` releases the GIL, so that an access to Python objects would crash."""
    recording = swifttrace.open(record(tmp_path, count=60_000, forks=False))
    expected = pyarrow.table(recording).num_rows
    pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_of.restype = ctypes.c_void_p
    pointer_of.argtypes = (ctypes.py_object, ctypes.c_char_p)
    counts: list[int] = []

    def pull() -> None:
        capsule = recording.__arrow_c_stream__()
        stream = pointer_of(capsule, b"arrow_array_stream")
        function = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
        get_next = function((ctypes.c_void_p * 5).from_address(stream)[1])
        count = 0
        while True:
            array = _Array()
            assert get_next(stream, ctypes.addressof(array)) == 0
            if not array.release:
                break
            count += array.length
            ctypes.CFUNCTYPE(None, ctypes.c_void_p)(array.release)(ctypes.addressof(array))
            assert not array.release
        counts.append(count)

    threads = [threading.Thread(target=pull) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [expected] * 4


GROWING = """
import sys

def give(value):
    return value

for _ in range(2):
    for number in range(50_000):
        give(number)
    print("waits", flush=True)
    sys.stdin.readline()
"""


def test_a_table_of_a_program_that_runs_is_what_there_was(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(GROWING)
    command = [sys.executable, "-m", "swifttrace", "record", "program.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin and program.stdout
        assert program.stdout.readline() == "waits\n"
        recording = swifttrace.open(tmp_path / "run.swt")
        half = pyarrow.table(recording)
        stream = pyarrow.RecordBatchReader.from_stream(recording)
        first = stream.read_next_batch()
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "waits\n"
        rest = list(stream)
        recording.to_parquet(tmp_path / "events.parquet")
        program.stdin.close()
    assert first.num_rows < half.num_rows
    # The program may have run its next line before the second stream was created.
    rows = pyarrow.Table.from_batches([first, *rest])
    assert half.num_rows <= rows.num_rows <= half.num_rows + 1
    assert rows.slice(0, half.num_rows).equals(half)
    whole = pyarrow.table(recording)
    assert whole.num_rows == sum(1 for _ in recording) > 1.9 * half.num_rows
    assert whole.slice(0, half.num_rows).equals(half)
    written = pyarrow.parquet.read_table(tmp_path / "events.parquet")
    assert half.num_rows < written.num_rows <= whole.num_rows
    assert written.equals(whole.slice(0, written.num_rows))


def test_damage_is_an_error_with_file_and_offset(tmp_path: Path) -> None:
    path = record(tmp_path, count=20_000, forks=False)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"run\.swt: .*\d"):
        pyarrow.table(swifttrace.open(path))
    with pytest.raises(ValueError, match=r"run\.swt"):
        swifttrace.open(path).to_parquet(tmp_path / "events.parquet")
    assert not list(tmp_path.glob("*.parquet*"))


def test_a_wrong_wish_is_refused(recording: swifttrace.Recording) -> None:
    assert recording.__arrow_c_stream__(recording.__arrow_c_schema__())
    with pytest.raises(TypeError, match="requested_schema"):
        recording.__arrow_c_stream__(1)


def test_parquet(recording: swifttrace.Recording, tmp_path: Path) -> None:
    recording.to_parquet(tmp_path / "events.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "events.parquet").equals(pyarrow.table(recording))
    recording.to_parquet(tmp_path / "set")
    names = sorted(str(p.relative_to(tmp_path / "set")) for p in (tmp_path / "set").rglob("*.*"))
    assert names == ["events/part-00000.parquet", "functions.parquet", "threads.parquet"]
    parts = str(tmp_path / "set" / "events" / "*.parquet")
    assert duckdb.sql(f"select count(*) from '{parts}'").fetchall() == [
        (sum(1 for _ in recording),)
    ]
    with pytest.raises(FileExistsError, match="not empty"):
        recording.to_parquet(tmp_path / "set")


def test_parquet_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = swifttrace.open(record(tmp_path, count=60_000, forks=False))
    batches = [batch.num_rows for batch in pyarrow.RecordBatchReader.from_stream(recording)]
    assert len(batches) > 1
    assert len(set(batches[:-1])) == 1
    # A part is full after its first batch, and no empty part follows the last one.
    monkeypatch.setattr(parquet, "_ROWS_OF_A_FILE", batches[0])
    rows = 0

    def written(more: int) -> None:
        nonlocal rows
        rows += more

    parquet.write_parquet(recording, tmp_path / "set", written)
    assert rows == sum(batches)
    parts = sorted((tmp_path / "set" / "events").iterdir())
    assert [part.name for part in parts] == [
        f"part-{number:05}.parquet" for number in range(len(batches))
    ]
    assert [pyarrow.parquet.read_metadata(part).num_rows for part in parts] == batches
    table = pyarrow.table(recording)
    assert pyarrow.parquet.read_table(tmp_path / "set" / "events").equals(table)
    whole = polars.read_parquet(parts)
    assert whole["time"].to_list() == table["time"].to_pylist()
    query = f"select count(*), sum(line) from '{tmp_path}/set/events/*.parquet'"
    assert duckdb.sql(query).fetchall() == [(len(whole), whole["line"].sum())]


def test_numbers_are_not_looked_up_in_parquet(
    recording: swifttrace.Recording, tmp_path: Path
) -> None:
    recording.to_parquet(tmp_path / "events.parquet")
    group = pyarrow.parquet.read_metadata(tmp_path / "events.parquet").row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    for name in ("time", "timestamp"):
        assert "DELTA_BINARY_PACKED" in columns[name].encodings
        assert columns[name].statistics.has_min_max
    for name in ("line", "depth", "function"):
        assert not columns[name].has_dictionary_page
    for name in ("name", "value", "arguments.list.element"):
        assert columns[name].has_dictionary_page
