"""A program ends under `python -m swifttrace.trace` as it does untraced."""

from pathlib import Path

import pytest
from running import run_python

POOLS = {
    "threads": """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
print(pool.submit(len, "abc").result())
""",
    "processes": """
from concurrent.futures import ProcessPoolExecutor
if __name__ == "__main__":
    pool = ProcessPoolExecutor(1)
    print(pool.submit(len, "abc").result())
""",
    "a thread that waits for the end": """
import threading
over = threading.Event()
def work():
    over.wait()
    print("the thread is over")
threading.Thread(target=work).start()
threading._register_atexit(over.set)
print(3)
""",
}


@pytest.mark.parametrize("option", ["-c", "-t", "-l", "-T"])
@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_that_is_left_open(tmp_path: Path, pool: str, option: str) -> None:
    (tmp_path / "program.py").write_text(POOLS[pool])
    command = ["-m", "swifttrace.trace", option, "--ignore-dir", "$prefix", "program.py"]
    ended = run_python(*command, cwd=tmp_path)
    assert (ended.stderr, ended.status) == ("", 0)
    printed = ended.stdout.splitlines()
    assert "3" in printed
    assert ("the thread is over" in printed) == (pool == "a thread that waits for the end")


def test_the_hooks_at_the_end_are_not_counted(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import threading\ndef hook():\n    print('hook')\nthreading._register_atexit(hook)\n"
    )
    ended = run_python("-m", "swifttrace.trace", "-c", "program.py", cwd=tmp_path)
    assert (ended.stdout.splitlines()[0], ended.status) == ("hook", 0)
    lines = (tmp_path / "program.cover").read_text().splitlines()
    assert lines[2] == "           print('hook')"


def test_exit_hooks_come_in_order(tmp_path: Path) -> None:
    program = """
import atexit, threading
def tell(text): print(text, threading.main_thread().is_alive(), threading.active_count())
threading._register_atexit(tell, "first")
threading._register_atexit(tell, "second")
atexit.register(tell, "exit")
def work(): tell("thread")
threading.Timer(0.2, work).start()
"""
    (tmp_path / "program.py").write_text(program)
    untraced = run_python("program.py", cwd=tmp_path)
    command = ["-m", "swifttrace.trace", "-c", "--summary", "program.py"]
    traced = run_python(*command, cwd=tmp_path)
    lines = untraced.lines()
    assert len(lines) == 4
    assert [line for line in traced.stdout.splitlines() if line in lines] == lines


def test_an_exit_hook_that_fails(tmp_path: Path) -> None:
    program = "import threading\nthreading._register_atexit(lambda: 1 / 0)\n"
    (tmp_path / "program.py").write_text(program)
    untraced = run_python("program.py", cwd=tmp_path)
    traced = run_python("-m", "swifttrace.trace", "-c", "program.py", cwd=tmp_path)
    assert traced.status == untraced.status
    assert traced.stderr.splitlines()[-1] == untraced.stderr.splitlines()[-1]


def test_a_child_imports_nothing_at_its_end(tmp_path: Path) -> None:
    # A process that has dropped its privileges may be unable to import modules.
    program = """
import os, sys

class Refuse:
    def find_spec(self, name, *rest):
        raise ImportError(f"{name} is imported")

for name in [*sys.modules]:
    if name.partition(".")[0] in ("json", "_json"): del sys.modules[name]
if os.fork() == 0:
    sys.meta_path[:] = [Refuse()]
else:
    print(os.wait()[1])
"""
    (tmp_path / "program.py").write_text(program)
    for option in ("-c", "-t", "-l", "-T"):
        command = ["-m", "swifttrace.trace", option, "--no-report", "program.py"]
        if option in ("-l", "-T"):
            command.remove("--no-report")
        ended = run_python(*command, cwd=tmp_path, env={"PYTHONUNBUFFERED": "1"})
        assert (ended.stderr, ended.status) == ("", 0)
        assert "\n0\n" in "\n" + ended.stdout


def test_the_program_s_own_import_of_json_is_seen(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import sys\nprint('json' in sys.modules)\nimport json\n")
    command = ["-m", "swifttrace.trace", "-l", "program.py"]
    ended = run_python(*command, cwd=tmp_path)
    assert ended.stdout.startswith("False\n")
    command = ["-m", "swifttrace.trace", "-c", "--summary", "program.py"]
    assert "json" in run_python(*command, cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "tracer", [["swifttrace"], ["swifttrace", "record"], ["swifttrace.trace", "-c"]]
)
@pytest.mark.parametrize("end", ["", "sys.exit(3)", "1 / 0", "raise KeyboardInterrupt"])
def test_main_while_exit_handlers_run(tmp_path: Path, tracer: list[str], end: str) -> None:
    program = f"""
import atexit, sys
NAMES = ("__file__", "__cached__", "__name__", "__loader__")
def names(): return [name for name in NAMES if name in globals()]
def hook(*error):
    print("hook", names())
sys.excepthook = hook
atexit.register(lambda: print("exit", names()))
{end}
"""
    (tmp_path / "program.py").write_text(program)
    untraced = run_python("program.py", cwd=tmp_path)
    traced = run_python("-m", *tracer, "program.py", cwd=tmp_path)
    assert traced.status == untraced.status
    if tracer[-1] == "-c":
        # The original gives `__main__` no loader.
        assert [line.replace(", '__loader__'", "") for line in untraced.stdout.splitlines()] == [
            line.replace(", '__loader__'", "") for line in traced.stdout.splitlines()
        ]
    else:
        assert traced.stdout == untraced.stdout


def test_exit_handlers_of_a_module_keep_its_file(tmp_path: Path) -> None:
    program = "import atexit\natexit.register(lambda: print('__file__' in globals()))\n"
    (tmp_path / "program.py").write_text(program)
    for tracer in (["-m", "swifttrace"], ["-m", "swifttrace", "record", "--force"]):
        assert run_python(*tracer, "-m", "program", cwd=tmp_path).stdout == "True\n"
