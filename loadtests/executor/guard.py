"""``python -m loadtests.executor.guard MODULE ARGUMENT…``: the module as the program, and an end when stdin ends.

Whoever starts a server holds the other end of its stdin: killed outright, he still leaves no server behind.
"""

import os
import runpy
import signal
import sys
import threading

__all__ = ["main"]


def _watch() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run the module that the first argument names."""
    sys.argv = sys.argv[1:]
    threading.Thread(target=_watch, daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
