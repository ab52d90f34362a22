"""Speed of writing a timeline for Chrome's viewer, by swifttrace and by VizTracer.

    python Benchmarks/timeline_peer.py [CALLS]

Both have traced calls and returns of one program. VizTracer saves its events from memory;
swifttrace exports a recording. Each runs in a new process. Times are CPU times.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CALLS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000

PROGRAM = """\
import os, sys

def callee(number):
    return number

def run(calls):
    for number in range(calls):
        callee(number)

def seconds(work):
    begin = os.times()
    work()
    end = os.times()
    print(end.user + end.system - begin.user - begin.system)

calls, folder = int(sys.argv[1]), sys.argv[2]
"""

SWIFTTRACE = """
import swifttrace
with swifttrace.record(f"{folder}/run.swt", events=("call", "return")):
    run(calls)
recording = swifttrace.open(f"{folder}/run.swt")
seconds(lambda: recording.export("chrome", f"{folder}/run.json"))
"""

VIZTRACER = """
from viztracer import VizTracer
tracer = VizTracer(tracer_entries=calls + 1000, verbose=0)
tracer.start()
run(calls)
tracer.stop()
seconds(lambda: tracer.save(f"{folder}/run.json"))
"""


def main() -> None:
    """Measure both tools."""
    with tempfile.TemporaryDirectory() as folder:
        for name, code in (("swifttrace", SWIFTTRACE), ("VizTracer", VIZTRACER)):
            command = [sys.executable, "-c", PROGRAM + code, str(CALLS), folder]
            output = subprocess.check_output(command, env={**os.environ, "PYTHONHASHSEED": "0"})
            seconds = float(output)
            file = Path(folder) / "run.json"
            names = [
                event["name"]
                for event in json.loads(file.read_text())["traceEvents"]
                if event.get("ph") in ("B", "X")
            ]
            calls = sum("callee" in name for name in names)
            assert calls == CALLS, (name, calls)
            print(
                f"{name:12}{seconds:6.2f} s  {calls / seconds / 1e6:6.2f} million calls/s  "
                f"{file.stat().st_size / calls:4.0f} bytes a call",
                flush=True,
            )


if __name__ == "__main__":
    main()
