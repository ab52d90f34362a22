"""Traced values may be secret: only the owner can read the files."""

import importlib.util
import os
import stat
import sys
from pathlib import Path

import pytest
from running import run, run_python

PROGRAM = """
import os, subprocess, sys
def work(secret): return secret
work("secret")
if os.fork() == 0:
    work("child")
    os._exit(0)
os.wait()
subprocess.run([sys.executable, "-c", "def f(): pass\\nf()"], check=True)
"""

TRACED = """
import swifttrace
@swifttrace.traced(swifttrace.CallLogger("traced.txt"))
def work(): pass
work()
with swifttrace.trace(swifttrace.CallLogger("trace.txt")): pass
with swifttrace.record("run.swt"): work()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", ["000", "022", "077", "777"])
def test_files_are_for_their_owner_alone(tmp_path: Path, umask: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "traced.py").write_text(TRACED)
    commands = ["-m swifttrace -o live.txt program.py", "traced.py"]
    commands += ["-m swifttrace record -o first.swt program.py"]
    formats = {"collapsed": "out.txt", "perfetto": "out.pftrace", "coverage": "out.coverage"}
    if importlib.util.find_spec("pyarrow"):
        formats["parquet"] = "out.parquet"
    commands += [
        f"-m swifttrace export --to {f} -o {name} first.swt" for f, name in formats.items()
    ]
    for command in commands:
        ended = run("bash", "-c", f"umask {umask}; python {command}", cwd=tmp_path, env=PATHS)
        assert ended.status == 0, (command, ended.stderr)
    made = [path for path in tmp_path.iterdir() if path.suffix != ".py"]
    # coverage creates its file itself, with line numbers only.
    modes = {path.name: oct(mode(path)) for path in made if path.suffix != ".coverage"}
    assert len(modes) == 6 + len(formats)
    assert set(modes.values()) == {"0o600"}, modes


@pytest.mark.parametrize("umask", ["000", "777"])
def test_folders_are_for_their_owner_alone(tmp_path: Path, umask: str) -> None:
    pytest.importorskip("pyarrow")
    assert run_python("-m", "swifttrace", "record", "-c", "1", cwd=tmp_path).status == 0
    command = "python -m swifttrace export --to parquet -o out run.swt"
    ended = run("bash", "-c", f"umask {umask}; {command}", cwd=tmp_path, env=PATHS)
    assert ended.status == 0, ended.stderr
    made = [tmp_path / "out", *(tmp_path / "out").rglob("*")]
    modes = {(path.is_dir(), oct(mode(path))) for path in made}
    assert modes == {(True, "0o700"), (False, "0o600")}


PATHS = {"PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"}


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
@pytest.mark.parametrize("kind", ["text", "traced", "record", "export"])
@pytest.mark.parametrize("owner", [65534, 0])
def test_links_of_others_are_not_followed(tmp_path: Path, kind: str, owner: int) -> None:
    assert run_python("-m", "swifttrace", "record", "-c", "1", cwd=tmp_path).status == 0
    target, link = tmp_path / "target.txt", tmp_path / "link"
    target.write_text("text")
    link.symlink_to(target)
    os.lchown(link, owner, owner)
    command = {
        "text": ["-m", "swifttrace", "-o", "link", "-c", "1"],
        "traced": ["-c", TRACED.replace("traced.txt", "link")],
        "record": ["-m", "swifttrace", "record", "-o", "link", "-c", "1"],
        "export": ["-m", "swifttrace", "export", "--to", "collapsed", "-o", "link", "run.swt"],
    }[kind]
    if kind == "traced":
        (tmp_path / "run.swt").unlink()
    ended = run_python(*command, cwd=tmp_path)
    follows = owner == 0 and kind != "record"
    assert (ended.status == 0) == follows
    assert (target.read_text() != "text") == follows


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
@pytest.mark.parametrize("kind", ["text", "traced", "export"])
@pytest.mark.parametrize(
    "placed", ["a file", "a link to a link of another's", "a link of one's own", "/dev/stdout"]
)
def test_files_that_others_put_into_a_sticky_folder(tmp_path: Path, kind: str, placed: str) -> None:
    assert run_python("-m", "swifttrace", "record", "-c", "1", cwd=tmp_path).status == 0
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    target, name = tmp_path / "target.txt", "shared/trace.txt"
    target.write_text("text")
    if placed == "a file":
        target.rename(shared / "trace.txt")
        target = shared / "trace.txt"
        os.chown(target, 65534, 65534)
    elif placed == "/dev/stdout":
        name = "/dev/stdout"
    else:
        (shared / "second").symlink_to(target)
        (shared / "trace.txt").symlink_to("second")
        if "another" in placed:
            os.lchown(shared / "second", 65534, 65534)
    program = "import swifttrace\n@swifttrace.traced(swifttrace.CallLogger('NAME'))\n"
    program = program.replace("NAME", name) + "def work(): pass\nwork()\n"
    command = {
        "text": ["-m", "swifttrace", "-o", name, "-c", "1"],
        "traced": ["-c", program],
        "export": ["-m", "swifttrace", "export", "--to", "collapsed", "-o", name, "run.swt"],
    }[kind]
    ended = run_python(*command, cwd=tmp_path)
    is_refused = placed in ("a file", "a link to a link of another's")
    assert (ended.status != 0) == is_refused, ended.stderr
    assert ("Permission denied" in ended.stderr) == is_refused
    if placed == "/dev/stdout":
        assert ended.stdout != ""
    else:
        assert (target.read_text() == "text") == is_refused
