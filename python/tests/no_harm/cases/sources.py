"""The origin of code, and effects of the tracer's start that the program can see."""

import io
import zipfile

from .case import Case

PROGRAM = "from facts import note\n\ndef f(x): return x\n\nnote(f('ran'))\n"


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.py", text)
    return content.getvalue()


CASES = [
    Case(
        "pickling a class of the script",
        """
import pickle
from facts import note

class Point:
    def __init__(self, x): self.x = x

note(pickle.loads(pickle.dumps(Point(3))).x, Point.__module__)
""",
        "3 __main__\n",
    ),
    Case(
        "importing a neighbour of the script",
        "",
        "neighbour\n",
        command=("folder/tool.py",),
        files={
            "folder/tool.py": "from facts import note\nimport neighbour\nnote(neighbour.name())\n",
            "folder/neighbour.py": "def name(): return 'neighbour'\n",
        },
    ),
    Case(
        "`sys.argv`, `sys.path[0]`, `__main__`",
        """
import os, sys
from facts import note

note(sys.argv, os.path.realpath(sys.path[0]) == os.getcwd())
note(__name__, sys.modules["__main__"].__dict__ is globals(), os.path.basename(__file__))
note(__spec__, __package__, sorted(globals()))
note(type(__builtins__).__name__, __builtins__.__name__)
""",
        None,
        command=("program.py", "--all", "-x", "y"),
    ),
    Case("a module, by `-m`", PROGRAM, "ran\n", command=("-m", "program")),
    Case("code, by `-c`", "", "ran\n", command=("-c", PROGRAM)),
    Case(
        "a folder with a `__main__`",
        "",
        "ran\n",
        command=("folder",),
        files={"folder/__main__.py": PROGRAM},
    ),
    Case(
        "a zipapp",
        "",
        "ran neighbour\n",
        command=("program.pyz",),
        files={
            "program.pyz": zipped(
                __main__="from facts import note\nimport near\n\ndef f(): return 'ran'\n\n"
                "note(f(), near.name())\n",
                near="def name(): return 'neighbour'\n",
            )
        },
    ),
    Case(
        "code of `exec`, `eval` and `compile`, whose files do not exist",
        """
from facts import note

names = {}
exec("def f(x): return x + 1", names)
exec(compile("def g(x):\\n\\n  return f(x) + 1", "/nowhere/file.py", "exec"), names)
exec(compile("h = lambda x: g(x) + 1", "", "exec"), names)
note(eval("h(1)", names))
""",
        "4\n",
    ),
    Case(
        "frozen modules",
        """
import contextlib, io
from facts import note

with contextlib.redirect_stdout(io.StringIO()) as out:
    import __hello__
    __hello__.main()
note(out.getvalue().strip())
""",
        "Hello world!\n",
    ),
    Case(
        "a source that is changed or removed while it runs",
        """
import os
from facts import note

def f(): return 1

note(f())
with open(__file__, "w") as file: file.write("changed")
note(f())
os.remove(__file__)
note(f())
""",
        "1\n1\n1\n",
    ),
    Case(
        "settings of the interpreter",
        """
import gc, sys
from facts import note

note(gc.get_threshold(), gc.isenabled(), sys.getswitchinterval())
note(sys.getrecursionlimit(), sys.flags.optimize, sys.dont_write_bytecode, sys.warnoptions)
""",
        None,
    ),
]
