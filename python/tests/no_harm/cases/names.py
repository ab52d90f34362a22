"""Names and values with unusual texts."""

from .case import Case

RENAMED = """
from facts import note

def work(): return 1

texts = TEXTS
for text in texts:
    code = work.__code__.replace(co_name=text, co_qualname=text, co_filename=text)
    function = type(work)(code, globals())
    note(function())
"""


def renamed(name: str, *texts: str) -> Case:
    return Case(name, RENAMED.replace("TEXTS", repr(texts)), "1\n" * len(texts))


LONG = f"{'d' * 200}/" * 10 + "s.py"

CASES = [
    renamed("names that are not valid UTF-8", "\ud800", "a\udcffb"),
    renamed("names that are empty", "", " "),
    renamed("names of several lines", "a\nb", "\r\n", "\x1b[31m", '"\\'),
    Case(
        "names of 100,000 characters",
        RENAMED.replace("TEXTS", "('n' * 100_000, '\\u20ac' * 100_000)"),
        "1\n1\n",
    ),
    Case(
        "values that are not valid UTF-8",
        """
from facts import note

def give(value): return value

for value in ("\\ud800", "a\\udcffb", "\\0", "", b"\\xff\\xfe", bytearray(b"\\x80")):
    note(len(give(value)))
""",
        "1\n3\n1\n0\n2\n1\n",
    ),
    Case(
        "a folder and a script that are not valid UTF-8",
        "from facts import note\n\ndef f(): return 1\n\nnote(f())\n",
        "1\n",
        command=("s\udcff.py",),
        files={"s\udcff.py": "from facts import note\n\ndef f(): return 1\n\nnote(f())\n"},
    ),
    Case(
        "arguments that are not valid UTF-8",
        "import sys\nfrom facts import note\nnote(ascii(sys.argv[1:]))\n",
        "['\\udcff', '', 'x y']\n",
        command=("program.py", "\udcff", "", "x y"),
    ),
    Case(
        "a source in another encoding",
        "",
        "'\\xe9'\n",
        command=("latin.py",),
        files={
            "latin.py": "# coding: latin-1\nfrom facts import note\n\ndef f(): return '\xe9'\n"
            "\nnote(ascii(f()))\n".encode("latin-1")
        },
    ),
    Case("an empty script", ""),
    Case(
        "a path of 2,000 characters",
        "",
        "1\n",
        command=(LONG,),
        files={LONG: "from facts import note\n\ndef f(): return 1\n\nnote(f())\n"},
    ),
]
