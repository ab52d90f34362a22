"""Perfetto's own message classes read the export: names, tracks, times and categories."""

import json
from pathlib import Path
from typing import Any

import pytest
import swifttrace
from exported import TASKS, WORKERS, Step, Steps, record
from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as protos
from test_export_chrome import GREENLETS

MONOTONIC = 3


class Reader:
    """Applies defaults, interned data and clocks, like Perfetto's trace processor."""

    def __init__(self, path: Path) -> None:
        self.trace = protos.Trace()
        self.trace.ParseFromString(path.read_bytes())
        self.tracks: dict[int, Any] = {}
        self.defaults: dict[int, Any] = {}
        self.names: dict[tuple[int, int], str] = {}
        self.categories: dict[tuple[int, int], str] = {}
        self.places: dict[tuple[int, int], tuple[str, int]] = {}
        self.clocks: dict[int, int] = {}
        self.events: list[tuple[int, Any, int, str | None]] = []
        for packet in self.trace.packet:
            self._take(packet)

    def _take(self, packet: Any) -> None:
        sequence = packet.trusted_packet_sequence_id
        assert sequence > 0
        if packet.HasField("track_descriptor"):
            assert packet.track_descriptor.uuid not in self.tracks
            self.tracks[packet.track_descriptor.uuid] = packet.track_descriptor
        if packet.HasField("trace_packet_defaults"):
            assert packet.sequence_flags & packet.SEQ_INCREMENTAL_STATE_CLEARED
            self.defaults[sequence] = packet.trace_packet_defaults
        for name in packet.interned_data.event_names:
            assert (sequence, name.iid) not in self.names, "a name is interned twice"
            self.names[sequence, name.iid] = name.name
        for name in packet.interned_data.event_categories:
            self.categories[sequence, name.iid] = name.name
        for place in packet.interned_data.source_locations:
            self.places[sequence, place.iid] = (place.file_name, place.line_number)
        time = self._time(packet, sequence)
        for clock in packet.clock_snapshot.clocks:
            if clock.is_incremental:
                assert clock.clock_id >= 64
                self.clocks[sequence] = time
        if packet.HasField("track_event"):
            assert packet.sequence_flags & packet.SEQ_NEEDS_INCREMENTAL_STATE
            event = packet.track_event
            track = event.track_uuid or self.defaults[sequence].track_event_defaults.track_uuid
            name = self.names[sequence, event.name_iid] if event.name_iid else event.name or None
            self.events.append((track, event, time, name))

    def _time(self, packet: Any, sequence: int) -> int:
        clock = packet.timestamp_clock_id
        if not clock and sequence in self.defaults:
            clock = self.defaults[sequence].timestamp_clock_id
        if clock < 64 or packet.HasField("clock_snapshot"):
            return int(packet.timestamp)
        self.clocks[sequence] += packet.timestamp
        return self.clocks[sequence]

    def category(self, track: int, event: Any) -> str:
        """The event's category; empty if it has none."""
        names = {iid: name for (_, iid), name in self.categories.items()}
        return names[event.category_iids[0]] if event.category_iids else ""

    def annotations(self, event: Any) -> dict[str, str]:
        return {each.name: each.string_value for each in event.debug_annotations}


@pytest.fixture(scope="module")
def trace(recording: swifttrace.Recording, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    path = tmp_path_factory.mktemp("perfetto") / "run.pftrace"
    recording.export("perfetto", path)
    return Reader(path)


def test_calls_of_each_thread(recording: swifttrace.Recording, trace: Reader, steps: Steps) -> None:
    indices = {(t.process, t.native_id): t.index for t in recording.threads}
    kinds = {"call": "call", "resume": "resume", "c": "c_call"}
    shown: Steps = {}
    running: dict[int, list[str]] = {}
    for track, event, time, name in trace.events:
        descriptor = trace.tracks[track]
        if not descriptor.HasField("thread"):
            assert " [task " in descriptor.name
            descriptor = trace.tracks[descriptor.parent_uuid]
        thread = descriptor.thread
        key = (thread.pid, indices[thread.pid, thread.tid])
        if event.type == event.TYPE_SLICE_BEGIN:
            assert name
            running.setdefault(track, []).append(name)
            kind = kinds[trace.category(track, event)]
            shown.setdefault(key, []).append(Step(kind, name, time - recording.clock, False))
        elif event.type == event.TYPE_SLICE_END:
            kind = trace.annotations(event).get("left", "return")
            name = running[track].pop()
            shown.setdefault(key, []).append(Step(kind, name, time - recording.clock, True))
    assert not any(running.values())
    assert shown == steps


def test_tracks_of_processes_and_threads(recording: swifttrace.Recording, trace: Reader) -> None:
    processes = {
        uuid: track.process.pid for uuid, track in trace.tracks.items() if track.HasField("process")
    }
    assert sorted(processes.values()) == sorted(recording.processes)
    threads = [track for track in trace.tracks.values() if track.HasField("thread")]
    assert sorted((t.thread.pid, t.thread.tid, t.thread.thread_name) for t in threads) == sorted(
        (t.process, t.native_id, t.name) for t in recording.threads
    )
    for track in threads:
        assert processes[track.parent_uuid] == track.thread.pid


def test_clocks(recording: swifttrace.Recording, trace: Reader) -> None:
    snapshots = [p.clock_snapshot for p in trace.trace.packet if p.HasField("clock_snapshot")]
    assert len(snapshots) == len(recording.threads)
    first = {clock.clock_id: clock.timestamp for clock in snapshots[0].clocks}
    assert snapshots[0].primary_trace_clock == MONOTONIC
    assert first == {MONOTONIC: recording.clock, 1: recording.start, 64: 0}


def test_source_locations_and_values(recording: swifttrace.Recording, trace: Reader) -> None:
    places = {
        name: trace.places[sequence, iid]
        for (sequence, iid), name in trace.names.items()
        if (sequence, iid) in trace.places
    }
    (fib,) = {f for functions in recording.functions for f in functions if f and f.name == "fib"}
    assert places["fib"] == (fib.file, fib.first_line)
    (first, *_) = [event for _, event, _, name in trace.events if name == "fib"]
    assert trace.annotations(first) == {"number": "6"}
    raised = [event for _, event, _, name in trace.events if name == "ValueError"]
    assert [event.type for event in raised] == [raised[0].TYPE_INSTANT] * 2
    assert trace.annotations(raised[0])["message"] == 'it\'s; a\n"test"'


def test_greenlets_have_tracks_of_their_own(tmp_path: Path) -> None:
    recording = record(tmp_path, GREENLETS)
    recording.export("perfetto", tmp_path / "out.pftrace")
    trace = Reader(tmp_path / "out.pftrace")
    tracks = {name: track for track, _, _, name in trace.events if name}
    thread = tracks[f"<module> {tmp_path.name}/program.py"]
    assert len({tracks["first"], tracks["second"], thread}) == 3
    assert trace.tracks[tracks["first"]].parent_uuid == thread
    assert trace.tracks[tracks["first"]].name.startswith("greenlet ")
    # The slices equal those of the JSON export.
    recording.export("chrome", tmp_path / "out.json")
    events = json.loads((tmp_path / "out.json").read_text())["traceEvents"]
    times = [round(e["ts"] * 1000) for e in events if e["ph"] in "BE"]
    assert [time - recording.clock for _, _, time, _ in trace.events] == times


def test_tasks_have_tracks_of_their_own(tmp_path: Path) -> None:
    recording = record(tmp_path, TASKS)
    recording.export("perfetto", tmp_path / "out.pftrace")
    trace = Reader(tmp_path / "out.pftrace")
    (thread,) = [uuid for uuid, track in trace.tracks.items() if track.HasField("thread")]
    slices: dict[str, list[str]] = {}
    for track, _, _, name in trace.events:
        descriptor = trace.tracks[track]
        assert track == thread or descriptor.parent_uuid == thread
        if name:
            slices.setdefault(descriptor.name, []).append(name)
    assert list(slices) == ["", "main [task 1]", *WORKERS]
    first, *others = [slices[name] for name in WORKERS]
    assert first.count("step") == 4 and first.count("turn") == 8
    assert others == [first, first]
