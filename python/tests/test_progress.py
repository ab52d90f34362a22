"""The progress bar of commands that take longer than a second."""

import contextlib
import importlib
import os
import pty
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import swifttrace
from running import TIMEOUT, run_python
from swifttrace._reading import export, progress
from swifttrace._reading import recording as reading
from swifttrace._reading.progress import progress_bar


class Terminal:
    """A terminal as standard error, set in the test, because pytest replaces the stream before."""

    def __init__(self) -> None:
        self._leader, follower = pty.openpty()
        self._file = open(follower, "w")  # noqa: SIM115

    def __enter__(self) -> "Terminal":
        self._before, sys.stderr = sys.stderr, self._file
        return self

    def __exit__(self, *_: object) -> None:
        sys.stderr = self._before
        self._file.close()
        os.close(self._leader)

    def text(self) -> str:
        """Return the text on the terminal."""
        self._file.write("END")
        self._file.flush()
        text = ""
        while not text.endswith("END"):
            text += os.read(self._leader, 1 << 16).decode()
        return text[:-3]


@pytest.fixture
def without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rich", "rich.console", "rich.progress"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows the progress bar immediately instead of after a second."""
    monkeypatch.setattr(progress, "_PATIENCE", 0)


class Asked:
    """Reports progress, and stores whether it was called."""

    def __init__(self) -> None:
        self.event = threading.Event()

    def __call__(self) -> tuple[int, int]:
        self.event.set()
        return 30_000, 120_000


def work(*, until_asked: bool) -> bool:
    """Works until progress is read, or ends at once. Returns whether progress was read."""
    asked = Asked()
    with progress_bar("export to chrome", asked):
        if until_asked:
            assert asked.event.wait(TIMEOUT)
    return asked.event.is_set()


@pytest.mark.usefixtures("at_once")
def test_a_bar_is_shown() -> None:
    with Terminal() as terminal:
        work(until_asked=True)
        text = terminal.text()
    assert "export to chrome" in text
    assert "25%" in text


@pytest.mark.usefixtures("at_once")
def test_a_bar_leaves_what_is_printed_alone() -> None:
    stdout = sys.stdout
    with Terminal(), progress_bar("export", asked := Asked()):
        assert asked.event.wait(TIMEOUT)
        assert sys.stdout is stdout


@pytest.mark.usefixtures("at_once", "without_rich")
def test_a_line_is_shown_without_rich() -> None:
    with Terminal() as terminal:
        work(until_asked=True)
        assert terminal.text() == (
            "swifttrace: export to chrome: 120,000 events; "
            "for a progress bar: pip install 'swifttrace[terminal]'\r\n"
        )


def test_nothing_is_shown_of_what_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress._PATIENCE == 1
    monkeypatch.setattr(progress, "_PATIENCE", TIMEOUT)
    with Terminal() as terminal:
        assert not work(until_asked=False)
        assert terminal.text() == ""


@pytest.mark.usefixtures("at_once")
def test_nothing_is_shown_without_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    threads = threading.active_count()
    with progress_bar("export", lambda: (1, 2)):
        assert threading.active_count() == threads
    assert capfd.readouterr() == ("", "")


def test_an_error_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", TIMEOUT)
    with Terminal() as terminal:
        with pytest.raises(ValueError, match="no"), progress_bar("export", lambda: (1, 2)):
            raise ValueError("no")
        assert terminal.text() == ""


@pytest.mark.parametrize(
    "words",
    [
        ["stats"],
        ["callers", "f"],
        ["diff", "run.swt"],
        ["export", "--to", "jsonl", "-o", "out"],
        ["export", "--to", "coverage", "-o", "out"],
        ["export", "--to", "parquet", "-o", "out.parquet"],
    ],
    ids=lambda words: words[2 if words[0] == "export" else 0],
)
def test_commands_tell_how_far_they_have_come(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, int]] = []

    @contextlib.contextmanager
    def noted(name: str, read: Callable[[], tuple[int, int]]) -> Iterator[None]:
        assert read()[0] == 0
        yield
        told.append((name, *read()))

    (tmp_path / "script.py").write_text("def f(): pass\nfor _ in range(100_000): f()\n")
    assert run_python("-m", "swifttrace", "record", "script.py", cwd=tmp_path).status == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(export, "progress_bar", noted)
    monkeypatch.setattr(reading, "progress_bar", noted)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    command = words[0]
    monkeypatch.setattr(sys, "argv", ["swifttrace", command, "run.swt", *words[1:]])
    module = importlib.import_module(f"swifttrace._cli.{command}")
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 0
    ((name, done, total),) = told
    assert name == (f"export to {words[2]}" if command == "export" else "reading")
    assert total == sum(1 for _ in swifttrace.open("run.swt"))
    assert total / 3 < done <= total
