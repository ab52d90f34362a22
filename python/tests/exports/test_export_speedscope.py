"""Speedscope's JSON follows its schema, and its frames open and close as calls do."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import swifttrace
from exported import TASKS, WORKERS, Steps, record
from test_export_chrome import GREENLETS

NUMBER = {"type": "number"}
TEXT = {"type": "string"}
# The part of https://www.speedscope.app/file-format-schema.json for files of evented profiles.
SCHEMA = {
    "type": "object",
    "required": ["$schema", "profiles", "shared"],
    "properties": {
        "$schema": {"enum": ["https://www.speedscope.app/file-format-schema.json"]},
        "name": TEXT,
        "exporter": TEXT,
        "activeProfileIndex": NUMBER,
        "shared": {
            "type": "object",
            "required": ["frames"],
            "properties": {
                "frames": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": TEXT, "file": TEXT, "line": NUMBER, "col": NUMBER},
                        "additionalProperties": False,
                    },
                }
            },
        },
        "profiles": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["endValue", "events", "name", "startValue", "type", "unit"],
                "properties": {
                    "type": {"enum": ["evented"]},
                    "unit": {"enum": ["nanoseconds"]},
                    "name": TEXT,
                    "startValue": NUMBER,
                    "endValue": NUMBER,
                    "events": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["at", "frame", "type"],
                            "properties": {
                                "type": {"enum": ["O", "C"]},
                                "frame": NUMBER,
                                "at": NUMBER,
                            },
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def read(recording: swifttrace.Recording, folder: Path) -> Any:
    """Exports, and checks the rules for all such files."""
    path = folder / "run.speedscope.json"
    recording.export("speedscope", path)
    file = json.loads(path.read_text())
    jsonschema.validate(file, SCHEMA)
    for profile in file["profiles"]:
        running, last = [], profile["startValue"]
        for event in profile["events"]:
            assert event["at"] >= last, "speedscope refuses times that go back"
            last = event["at"]
            if event["type"] == "O":
                running.append(event["frame"])
            else:
                assert running.pop() == event["frame"], "it refuses frames that cross"
        assert not running
        assert profile["endValue"] == last
    return file


def test_calls_of_each_thread(
    recording: swifttrace.Recording, steps: Steps, tmp_path: Path
) -> None:
    file = read(recording, tmp_path)
    # The name of a task's outermost frame contains the task.
    names = [frame["name"].split(" [")[0] for frame in file["shared"]["frames"]]
    shown = [
        [(event["type"] == "C", names[event["frame"]], event["at"]) for event in profile["events"]]
        for profile in file["profiles"]
    ]
    assert shown == [
        [(step.is_end, step.function, step.time) for step in each] for each in steps.values()
    ]
    first, second = recording.processes
    assert [profile["name"] for profile in file["profiles"]] == [
        f"process {first} MainThread",
        f"process {first} a; second thread",
        f"process {second} MainThread",
    ]


def test_a_greenlet_that_is_switched_away_from_takes_no_time(tmp_path: Path) -> None:
    recording = record(tmp_path, GREENLETS)
    (profile,) = read(recording, tmp_path)["profiles"]
    depth = most = 0
    for event in profile["events"]:
        depth += 1 if event["type"] == "O" else -1
        most = max(most, depth)
    assert most == 1, "frames of two greenlets are open at a time"


def test_the_outermost_frame_of_a_task_names_it(tmp_path: Path) -> None:
    file = read(record(tmp_path, TASKS), tmp_path)
    names = [frame["name"] for frame in file["shared"]["frames"]]
    (profile,) = file["profiles"]
    running: list[str] = []
    stacks: dict[str, list[tuple[str, ...]]] = {}
    for event in profile["events"]:
        if event["type"] == "C":
            running.pop()
            continue
        running.append(names[event["frame"]])
        places = [place for place, name in enumerate(running) if " [task " in name]
        if places:
            stacks.setdefault(running[places[-1]], []).append(tuple(running[places[-1] + 1 :]))
    assert list(stacks) == ["main [task 1]", *WORKERS]
    first, *others = [stacks[name] for name in WORKERS]
    assert first.count(("turn", "step")) == 4
    assert others == [first, first]


def test_bad_schema_is_found(recording: swifttrace.Recording, tmp_path: Path) -> None:
    file = read(recording, tmp_path)
    file["profiles"][0]["events"][0]["at"] = "soon"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(file, SCHEMA)
