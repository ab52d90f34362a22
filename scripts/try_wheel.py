"""Records, shows and traces a small program with the installed swifttrace."""

import os
import subprocess
import sys
import tempfile

PROGRAM = """
import subprocess, sys, threading
import swifttrace

def work(number):
    try:
        return 10 // number
    except ZeroDivisionError:
        return None

def main():
    thread = threading.Thread(target=work, args=(5,))
    thread.start()
    thread.join()
    subprocess.run([sys.executable, "child.py"], check=True)
    print(work(0), work(2))

if "--live" in sys.argv:
    with swifttrace.trace(swifttrace.TreeLogger("tree.txt")):
        main()
else:
    main()
"""


def python(*arguments: str) -> str:
    """Returns the output of this Python with these arguments. Fails if it fails."""
    command = [sys.executable, *arguments]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=300, check=True)
    return answer.stdout


def expect(text: str, found: str) -> None:
    if text not in found:
        sys.exit(f"no {text!r} in:\n{found}")


def main() -> None:
    command = ["-m", "swifttrace"]
    for name, text in {"program.py": PROGRAM, "child.py": "def child(): pass\nchild()\n"}.items():
        with open(name, "w") as file:
            file.write(text)
    expect("None 5\n", python(*command, "record", "--values", "safe", "program.py"))
    shown = python(*command, "show", "run.swt")
    expect("work(number=0)", shown)
    expect("child()", shown)
    expect("work", python(*command, "stats", "run.swt"))
    python(*command, "export", "--to", "speedscope", "-o", "run.json", "run.swt")
    expect("None 5\n", python("program.py", "--live"))
    with open("tree.txt") as file:
        expect("work(number=2)", file.read())
    print(python(*command, "doctor"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        main()
