"""``python .ci/install.py LOCK [PROJECT]``: put a lock file's packages, then the project, into the Python running this.

A lock is complete, so pip is never asked to resolve anything: ``--no-deps``. Its resolver would look at releases that
are newer than the pinned ones, and what a stranger publishes tomorrow could end an install that works today. In its
place ``pip check`` says once, at the end, whether anything is missing. PROJECT is a folder (installed editable) or a
wheel; ``--only-binary :all:`` and the like reach pip by its own variables (``PIP_ONLY_BINARY``).

Shows that it moves: one line that counts, on a terminal; one every few seconds elsewhere. Stands on the standard
library alone, and asks no more of pip than what 23.0.1 (Debian 12) and the newest have in common.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from pathlib import Path

__all__ = ["main"]

_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_TAKEN = ("Collecting ", "Processing ", "Requirement already satisfied: ")
_NOT_FOR_HERE = "Ignoring "  # a pin whose marker names another platform
_MILD = ("WARNING: ", "DEPRECATION: ")
_TICK = 0.5
_QUIET_TICK = 5.0  # where each tick is a line that stays, as in the log of a CI job


class Failed(Exception):
    """What went wrong, for whoever waits."""


def main(arguments: list[str]) -> int:
    """Install; the exit code."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("usage: python .ci/install.py LOCK [PROJECT]\n")
        return 2
    lock, project = Path(arguments[0]), arguments[1:2]
    site = Path(sysconfig.get_path("purelib"))
    pins = [f"{_plain(name)}=={version}" for name, version in _PIN.findall(lock.read_text("utf-8"))]
    try:
        _drop_halves(pins, site)
        _install(["--require-hashes", "--requirement", str(lock)], pins, site)
        if project:
            editable = ["--editable"] if Path(project[0]).is_dir() else []
            _install(["--no-build-isolation", "--no-index", *editable, *project], [], site)
        _check(lock)
    except Failed as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on from here.\n")
        return 130
    return 0


def _drop_halves(pins: list[str], site: Path) -> None:
    """Forget packages that an interrupted pip left unfinished: it would take them for installed.

    The last thing that pip writes is the list of what it wrote, and only then its own mark stands in that list.
    """
    for folder in site.glob("*.dist-info"):
        record = folder / "RECORD"
        if _pin_of(folder) not in pins:
            continue
        if not record.exists() or "INSTALLER," not in record.read_text("utf-8"):
            shutil.rmtree(folder)


def _install(what: list[str], pins: list[str], site: Path) -> None:
    """One call of pip, watched. ``pins``: what it counts. Raises Failed."""
    # Byte code is written for the modules that are imported, when they are: for all of them it is a third of the time.
    call = [*_PIP, "install", "--no-deps", "--no-compile", "--progress-bar", "off", *what]
    logs = Path(sys.prefix, "install.log"), Path(sys.prefix, "install.err")
    counter, complaints = _Count(pins, site), _Complaints()
    with logs[0].open("wb") as log, logs[1].open("wb") as errors:
        pip = subprocess.Popen(call, stdout=log, stderr=errors)  # noqa: S603  # this Python's own pip
        try:
            while _still_running(pip):
                complaints.hear(_read(logs[1]))
                counter.show(_read(logs[0]))
        except KeyboardInterrupt:
            pip.terminate()
            pip.wait()
            raise
    complaints.hear(_read(logs[1]), ended=True)
    if not pip.returncode:
        counter.end(_read(logs[0]))
    else:
        raise Failed(f"pip could not install {what[-1]}; all it said stands in {logs[0]} and {logs[1].name}")


def _still_running(pip: "subprocess.Popen[bytes]") -> bool:
    try:
        pip.wait(_TICK)
    except subprocess.TimeoutExpired:
        return True
    return False


class _Count:
    """Says how far pip is."""

    def __init__(self, pins: list[str], site: Path) -> None:
        self._pins, self._site = frozenset(pins), site
        self._began = time.monotonic()
        self._stays = not sys.stdout.isatty()  # what is written: on a terminal the next one takes its place
        self._next = 0.0

    def show(self, log: str) -> None:
        """Say it, if it is time to."""
        seconds = time.monotonic() - self._began
        if self._pins and seconds >= self._next:
            self._next = seconds + (_QUIET_TICK if self._stays else 0.0)
            self._say(log, "\n" if self._stays else "")

    def end(self, log: str) -> None:
        """Say it for the last time."""
        if self._pins:
            self._say(log, "\n")

    def _say(self, log: str, end: str) -> None:
        lines = log.splitlines()
        total = len(self._pins) - sum(line.startswith(_NOT_FOR_HERE) for line in lines)
        taken = min(total, sum(line.startswith(_TAKEN) for line in lines))
        there = len(self._pins & {_pin_of(folder) for folder in self._site.glob("*.dist-info")})
        far = f"of {total} packages {taken} fetched, {there} installed" if taken else "looking for the first package"
        sys.stdout.write(f"{_fresh_line()}  {time.monotonic() - self._began:3.0f} s: {far}{end}")
        sys.stdout.flush()


class _Complaints:
    """What pip says on stderr: errors whole; of warnings the first of each kind, for a machine may cause a hundred."""

    def __init__(self) -> None:
        self._heard = 0
        self._kinds: Counter[str] = Counter()

    def hear(self, text: str, *, ended: bool = False) -> None:
        """Pass on what is new in ``text``, which is all that was said."""
        lines = text.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n") and not ended:
            lines.pop()  # it is not whole yet
        for line in lines[self._heard :]:
            kind = " ".join(line.split()[:2])
            if line.startswith(_MILD):
                self._kinds[kind] += 1
            if not line.startswith(_MILD) or self._kinds[kind] == 1:
                sys.stderr.write(f"{_fresh_line()}{line.rstrip()}\n")
        self._heard = len(lines)
        for kind, count in self._kinds.items() if ended else ():
            if count > 1:
                sys.stderr.write(f"{_fresh_line()}{kind} … ({count - 1} more of these)\n")


def _check(lock: Path) -> None:
    """Whether everything that is installed finds what it needs. Raises Failed."""
    done = subprocess.run([*_PIP, "check"], capture_output=True, text=True, check=False)  # noqa: S603  # this Python's own pip
    if done.returncode:
        raise Failed(
            f"{done.stdout}{done.stderr}The packages in {sys.prefix} do not fit together. If it held others before: "
            f"remove it and try again.\nIf it was new, {lock} is not complete: `make lock` writes it anew."
        )


def _fresh_line() -> str:
    """What makes room on a terminal, where the count stands on the line."""
    return "\r\x1b[K" if sys.stdout.isatty() else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pin_of(folder: Path) -> str:
    name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
    return f"{_plain(name)}=={version}"


def _read(file: Path) -> str:
    return file.read_text("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
