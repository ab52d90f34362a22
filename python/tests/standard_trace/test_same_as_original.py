"""`python -m swifttrace.trace` prints and writes the same as `python -m trace`."""

import re
import shutil
from pathlib import Path

import pytest
from running import run_python

SHAPES = """
import collections, sys

class Shape:
    def __init__(self, size):
        self.size = size

    def area(self):
        return self.size ** 2

def numbers(n):
    for i in range(n):
        yield i

def main():
    sizes = [Shape(i).area() for i in numbers(4)]
    print("sizes", sizes)
    sys.stdout.write("written\\n")
    sys.stdout.writelines(["a\\n", "b\\n"])
    if not sizes:
        print("never")
    try:
        1 / 0
    except ZeroDivisionError:
        print("caught")
    return collections.namedtuple("Pair", "a b")(1, 2)

print(main())
exec("print('from a string')")
sys.exit()
"""

# The text fills more than one buffer. The source is not UTF-8, and has unusual lines.
LONG = """# coding: latin-1
def spr\xe4che(x): # no line feed at the end follows
    return (x +
            1); "\xe4"
for i in range(3000):
    spr\xe4che(i)
    if i % 700 == 0: print("\xe4" * i)
print('end')"""

PACKAGE = """
import helpers.tools
print(helpers.tools.double(4), __name__)
"""

PROGRAMS = {"shapes": SHAPES, "long": LONG, "package": PACKAGE}

OPTIONS = [
    ["--trace"],
    ["-t", "--count", "--no-report"],
    ["--count", "--coverdir", "covers"],
    ["-c", "-m", "-s", "-C", "covers"],
    ["-c"],
    ["--listfuncs"],
    ["--trackcalls"],
    ["-lT"],
    ["-cT", "-C", "covers"],
    ["--trace", "--ignore-module", "collections,helpers"],
    ["--trace", "--ignore-module", "program"],
    ["--trace", "--ignore-dir", "$prefix:$exec_prefix"],
    ["-c", "-C", "covers", "--ignore-dir", "$prefix", "-s"],
    ["--count", "--file", "counts", "-C", "covers"],
]


def _make(folder: Path, program: str) -> None:
    (folder / "helpers").mkdir(parents=True)
    (folder / "helpers" / "__init__.py").write_text("A = 1\n")
    (folder / "helpers" / "tools.py").write_text("def double(x):\n    return 2 * x\n")
    (folder / "program.py").write_text(PROGRAMS[program], encoding="latin-1")


def _covers(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*.cover"))}


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
@pytest.mark.parametrize("program", PROGRAMS)
def test_output_and_reports_are_the_same(tmp_path: Path, program: str, options: list[str]) -> None:
    if options == ["-c"]:
        options = [*options, "--ignore-dir", "$prefix"]  # Otherwise it writes files in the library.
    results = []
    for module in ("trace", "swifttrace.trace"):
        folder = tmp_path / "run"
        _make(folder, program)
        # Compiles imported modules first, so that both runs import them in the same way.
        run_python("program.py", cwd=folder)
        ended = run_python("-m", module, *options, "program.py", "argument", cwd=folder)
        results.append((ended, _covers(folder)))
        shutil.rmtree(folder)
    assert results[0][0].status == 0
    assert results[0] == results[1]
    assert results[0][0].stdout


def test_counts_are_added_up_over_runs_and_reported(tmp_path: Path) -> None:
    results = []
    for module in ("trace", "swifttrace.trace"):
        folder = tmp_path / "run"
        _make(folder, "package")
        run_python("program.py", cwd=folder)
        for _ in range(3):
            run_python("-m", module, "-c", "-C", "c", "-f", "counts", "program.py", cwd=folder)
        ended = run_python("-m", module, "-r", "-m", "-s", "-f", "counts", "-C", "c", cwd=folder)
        results.append((ended, _covers(folder)))
        shutil.rmtree(folder)
    assert results[0] == results[1]
    covers = b"".join(results[1][1].values())
    assert b"    3:     return 2 * x" in covers


def test_a_module_is_run(tmp_path: Path) -> None:
    results = []
    for module in ("trace", "swifttrace.trace"):
        folder = tmp_path / "run"
        _make(folder, "package")
        run_python("program.py", cwd=folder)
        options = ["-c", "-C", "c", "-t", "--module", "helpers.tools"]
        results.append((run_python("-m", module, *options, cwd=folder), _covers(folder)))
        shutil.rmtree(folder)
    assert results[0] == results[1]
    assert "tools.py(1): " in results[1][0].stdout


def test_lines_have_the_time_where_asked_for(tmp_path: Path) -> None:
    texts = []
    for module in ("trace", "swifttrace.trace"):
        (tmp_path / "program.py").write_text("import time\ntime.sleep(0.02)\nx = 1\n")
        ended = run_python("-m", module, "-t", "-g", "program.py", cwd=tmp_path)
        texts.append(ended.lines())
    time = re.compile(r"^\d+\.\d\d ")
    assert [time.sub("", line) for line in texts[0]] == [time.sub("", line) for line in texts[1]]
    assert all(time.match(line) for line in texts[1][1:])
    first, last = [float(texts[1][place].split()[0]) for place in (1, -1)]
    assert last >= first + 0.01


@pytest.mark.parametrize("options", [["-g"], ["-lc", "x.py"], ["-sT", "x.py"], ["-r"], ["-y"]])
def test_mistakes_are_told_the_same(tmp_path: Path, options: list[str]) -> None:
    unwrapped = {"COLUMNS": "1000"}
    original = run_python("-m", "trace", *options, cwd=tmp_path, env=unwrapped)
    assert original.status == 2
    ended = run_python("-m", "swifttrace.trace", *options, cwd=tmp_path, env=unwrapped)
    # From 3.14 on, argparse names the module.
    assert (ended.status, ended.stdout) == (2, original.stdout)
    assert ended.stderr.replace("-m swifttrace.trace", "-m trace") == original.stderr
