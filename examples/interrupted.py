"""Works out a formula and is killed in the middle of it."""

import os
import signal

from calculator import answer


class Prices(dict[str, int]):
    """Names whose values would come from elsewhere."""

    def __missing__(self, name: str) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0


answer("2 * 3 + price", Prices())
