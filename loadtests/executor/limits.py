"""What a load run may take of the machine at most, and what its processes agree on."""

import contextlib
import sys

__all__ = ["MOST_WORKERS", "OBSERVED", "raise_descriptors"]

MOST_WORKERS = 200
"""Workers of one run, by policy: beyond about a thousand locust's master loses some (pitfall 159)."""

OBSERVED = "AXISPROOF_LOAD_OBSERVED"
"""The environment variable in which the generator is told of the system under test (JSON of ``feed.Observed``)."""


def raise_descriptors() -> None:
    """As many open sockets as the machine lets an ordinary process have: each node keeps its connections."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
