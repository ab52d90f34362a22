"""All commands read source text by one reader, and by Python's rules."""

import tokenize
from pathlib import Path

import pytest
from running import run_python
from swifttrace import _swifttrace

SOURCES = {
    "lone_cr": b"def f():\n    a = 1\r    b = 2\n    c = 3\n    return a + b + c\nf()\n",
    "crlf": b"a = 1\r\nb = 2\r\n\r\nc = 3",
    "latin_9": "# -*- coding: iso-8859-15 -*-\ns = '€é'\nprint(len(s))\n".encode("iso-8859-15"),
    "latin_1": "#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\ns = 'é'\n".encode("latin-1"),
    "cp1252": "# coding: cp1252\ns = '€'\n".encode("cp1252"),
    "utf_8": "s = 'é€'\n".encode(),
    "mark": b"\xef\xbb\xbfs = 1\n",
    "mark_and_name": b"\xef\xbb\xbf# coding: utf-8\ns = 1\n",
    "mark_of_another": b"\xef\xbb\xbf# coding: latin-1\ns = 1\n",
    "third_line": "a = 1\nb = 2\n# coding: latin-1\ns = 'é'\n".encode(),
    "behind_code": "a = 1\n# coding: latin-1\ns = 'é'\n".encode(),
    "behind_blank": "\n# coding: latin-1\ns = 'é'\n".encode("latin-1"),
    "invalid": "s = 'é'\n".encode("latin-1"),
    "unknown": b"# coding: nonsense\ns = 1\n",
    "form_feed": b"a = 1\n\x0cb = 2\x0b\n\xe2\x80\xa8c = 3\n",
    "shift_jis": "# -*- coding: shift_jis -*-\ns = '日本'\n".encode("shift_jis"),
    "empty": b"",
    "no_end": b"a = 1",
}


@pytest.mark.parametrize("name", SOURCES)
def test_the_lines_are_those_that_tokenize_opens(tmp_path: Path, name: str) -> None:
    path = tmp_path / "source.py"
    path.write_bytes(SOURCES[name])
    try:
        with tokenize.open(path) as file:
            expected = tuple(line.removesuffix("\n") for line in file)
    except (SyntaxError, UnicodeDecodeError):
        expected = ()
    assert _swifttrace.source_lines(str(path).encode()) == expected


@pytest.mark.parametrize("name", ["lone_cr", "latin_9"])
def test_show_and_stats_have_the_right_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / "source.py"
    path.write_bytes(SOURCES[name])
    assert run_python("-m", "swifttrace", "record", "--lines", path, cwd=tmp_path).status == 0
    with tokenize.open(path) as file:
        lines = [line.strip() for line in file]
    shown = run_python("-m", "swifttrace", "show", "--lines", "--source", "run.swt", cwd=tmp_path)
    assert shown.status == 0
    found = [line.partition("source.py:")[2] for line in shown.stdout.splitlines()]
    for number, _, text in (line.partition("  ") for line in found if line):
        assert text == lines[int(number) - 1]
    assert len([line for line in found if line]) > 1
    listed = run_python("-m", "swifttrace", "stats", "--source", path, "run.swt", cwd=tmp_path)
    texts = [line[32:].lstrip(" !0123456789") for line in listed.stdout.splitlines()[1:]]
    assert texts == [line.lstrip(" !0123456789") for line in lines]
