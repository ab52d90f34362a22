"""The CPU time that `import swifttrace` takes, against that of an extension that does nothing."""

import statistics
import subprocess
import sys

from speed import spread

ROUNDS = 15
PROGRAM = """
import time
start = time.process_time()
import {module}
print((time.process_time() - start) * 1000)
"""


def measure(module: str) -> float:
    """Return the milliseconds of CPU of an import in a new process."""
    command = [sys.executable, "-c", PROGRAM.format(module=module)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main() -> None:
    times: dict[str, list[float]] = {"empty_hook": [], "swifttrace": []}
    for _ in range(ROUNDS):
        for module, values in times.items():
            values.append(measure(module))
    print(f"\nimport, ms of CPU in a new process, {ROUNDS} rounds; median (least to most)")
    for module, values in times.items():
        print(f"  {module:34}{spread(values, 1)}")
    more = statistics.median(times["swifttrace"]) - statistics.median(times["empty_hook"])
    print(f"  {'swifttrace costs more':34}{more:10.1f}")


if __name__ == "__main__":
    main()
