"""Ways to reach a system under test: its control API over HTTP, a program, the bundled reference, or nobody."""

from conformance.sut.driver import Connection, Driver, Silent

__all__ = ["Connection", "Driver", "Silent"]
