"""The locust user that carries a plan out: one a worker, in whose time all the worker's nodes live.

Arrivals never wait for each other in the open model, so they cannot be the turns of a user's loop (pitfall 152); locust
starts, stops and counts the user, and hears of every request.
"""

from typing import Any

from locust import User, task
from locust.exception import StopUser

__all__ = ["PLAYER", "Agencies"]

PLAYER = "axisproof_engine"
"""The member of locust's environment that holds the engine of this process."""


class Agencies(User):
    """All nodes of one worker."""

    @task
    def live(self) -> None:
        """Carry the plan out, then stop."""
        engine: Any = getattr(self.environment, PLAYER)
        engine.play()
        raise StopUser
