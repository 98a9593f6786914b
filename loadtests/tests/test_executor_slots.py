"""Work of the greenlets, and its end. In a process of its own: gevent stays out of here."""

import subprocess
import sys

SCRIPT = r"""
import gevent
from gevent.event import Event
from loadtests.executor.slots import Slots

broken = []
written = []

def answer_that_never_comes(name):
    try:
        Event().wait()
    except LookupError as error:
        written.append((name, str(error)))

def loops_whatever_happens():
    while True:
        try:
            Event().wait()
        except LookupError:
            written.append("once more")

slots = Slots(3, broken.append)
for name in "abcd":
    slots.start(answer_that_never_comes, name)
assert not slots.rested(0.05)
slots.end(lambda: LookupError("over"))
assert slots.idle and not broken, broken
assert sorted(written) == [("a", "over"), ("b", "over"), ("c", "over")], written  # d had not begun

calm = Slots(1, broken.append)
calm.start(written.append, "done")
calm.start(lambda: 1 / 0)
assert calm.rested(5.0) and written[-1] == "done" and "ZeroDivisionError" in broken.pop()

late = Slots(1, broken.append)
late.start(written.append, "never")
late.end(lambda: LookupError("over"))  # before it was given its first moment
assert late.idle and written[-1] == "done"

from loadtests.executor import slots as module
module._SECONDS_TO_WRITE = 0.05
stubborn = Slots(1, broken.append)
stubborn.start(loops_whatever_happens)
gevent.sleep(0)
stubborn.end(lambda: LookupError("over"))
assert stubborn.idle and written[-1] == "once more" and not broken
print("all of it")
"""


def test_whatever_is_under_way_can_write_down_that_it_was_ended() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, check=False)

    assert done.stdout.strip() == "all of it", done.stderr
