"""A module for the programs of the cases, which writes their observations to a file."""

import os


def note(*values, os=os):
    """Adds a line to `facts.txt`. Works with all streams closed and while Python ends."""
    path = os.environ["NO_HARM_FACTS"]
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        os.write(file, (" ".join(map(str, values)) + "\n").encode(errors="backslashreplace"))
    finally:
        os.close(file)
