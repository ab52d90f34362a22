"""The progress bar of what takes longer than a second."""

import contextlib
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
from swifttrace import _export, _export_command, _progress, _reading, _views_command
from swifttrace._progress import progress_bar


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Standard error is a terminal; what it has shown."""
    leader, follower = pty.openpty()
    with open(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)

        def read() -> str:
            terminal.write("END")
            terminal.flush()
            text = ""
            while not text.endswith("END"):
                text += os.read(leader, 1 << 16).decode()
            return text[:-3]

        yield read
    os.close(leader)


@pytest.fixture
def without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rich", "rich.console", "rich.progress"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown after a second is shown at once."""
    monkeypatch.setattr(_progress, "_PATIENCE", 0)


def work(*, until_asked: bool) -> bool:
    """Work, until it was asked how far that has come; or at once. Returns whether it was asked."""
    asked = threading.Event()

    def read() -> tuple[int, int]:
        asked.set()
        return 30_000, 120_000

    with progress_bar("export to chrome", read):
        if until_asked:
            assert asked.wait(TIMEOUT)
    return asked.is_set()


@pytest.mark.usefixtures("at_once")
def test_a_bar_is_shown(shown: Callable[[], str]) -> None:
    work(until_asked=True)
    text = shown()
    assert "export to chrome" in text
    assert "25%" in text


@pytest.mark.usefixtures("at_once", "without_rich")
def test_a_line_is_shown_without_rich(shown: Callable[[], str]) -> None:
    work(until_asked=True)
    assert shown() == (
        "swifttrace: export to chrome: 120,000 events; "
        "for a progress bar: pip install 'swifttrace[terminal]'\r\n"
    )


def test_nothing_is_shown_of_what_is_short(
    shown: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _progress._PATIENCE == 1
    monkeypatch.setattr(_progress, "_PATIENCE", TIMEOUT)
    assert not work(until_asked=False)
    assert shown() == ""


@pytest.mark.usefixtures("at_once")
def test_nothing_is_shown_without_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    threads = threading.active_count()
    with progress_bar("export", lambda: (1, 2)):
        assert threading.active_count() == threads
    assert capfd.readouterr() == ("", "")


def test_an_error_goes_through(shown: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_progress, "_PATIENCE", TIMEOUT)
    with pytest.raises(ValueError, match="no"), progress_bar("export", lambda: (1, 2)):
        raise ValueError("no")
    assert shown() == ""


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
    monkeypatch.setattr(_export, "progress_bar", noted)
    monkeypatch.setattr(_reading, "progress_bar", noted)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    command = words[0]
    monkeypatch.setattr(sys, "argv", ["swifttrace", command, "run.swt", *words[1:]])
    module = _export_command if command == "export" else _views_command
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 0
    ((name, done, total),) = told
    assert name == (f"export to {words[2]}" if command == "export" else "reading")
    assert total == sum(1 for _ in swifttrace.open("run.swt"))
    assert total / 3 < done <= total
