from pathlib import Path

from simulator.agency import dms

LINES = 600


def test_the_reference_system_stays_one_readable_file() -> None:
    """Whoever must make a system of his own behave reads how the reference does it: in one sitting, in one file."""
    assert len(Path(dms.__file__).read_text(encoding="utf-8").splitlines()) < LINES
