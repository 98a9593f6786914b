"""Systems whose polling loop ends for good at the first answer that it did not expect. Pitfall 50."""

from abc import abstractmethod

from conformance.mutants.mutant import Mutant
from simulator.agency.client import AxisClient, AxisUnreachable, Refusal
from simulator.agency.dms import Dms
from simulator.words import Text

__all__ = ["MUTANTS"]


class _Mortal(Dms):
    """Polls until something deadly happens; afterwards it only says that it polls."""

    dead = False

    @abstractmethod
    def deadly(self, error: Exception) -> bool:
        """Whether this ends the loop."""

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Nothing, once the loop is dead."""
        if self.dead:
            return ()
        try:
            return await super().listed(message_type)
        except (AxisUnreachable, Refusal) as error:
            self.dead = self.deadly(error)
            raise


class DiesOnFail(_Mortal):
    """``.size()`` of the list that FAIL does not have."""

    mutant = Mutant(
        "dies-on-fail",
        Text("FAIL for the list ends the polling", "FAIL khi hỏi danh sách làm ngừng hỏi trục"),
        source="pitfalls 50",
        caught_by=("polling-survives-fail",),
    )

    def deadly(self, error: Exception) -> bool:
        """Code 20."""
        return isinstance(error, Refusal) and error.code == "20"


class DiesOnBadSecret(_Mortal):
    """Code 15 ends it: nobody starts it again when the secret is right."""

    mutant = Mutant(
        "dies-on-bad-secret",
        Text("a refused secret ends the polling", "khóa bị từ chối làm ngừng hỏi trục"),
        source="wire.md A.3",
        caught_by=("polling-survives-bad-secret",),
    )

    def deadly(self, error: Exception) -> bool:
        """Code 15."""
        return isinstance(error, Refusal) and error.code == "15"


class DiesOnPage(_Mortal):
    """An HTTP status other than 200 ends it."""

    mutant = Mutant(
        "dies-on-page",
        Text("an HTML page ends the polling", "trang HTML làm ngừng hỏi trục"),
        source="pitfalls 49",
        caught_by=("polling-survives-page",),
    )

    def deadly(self, error: Exception) -> bool:
        """A page of a proxy."""
        return "HTTP 502" in str(error)


class DiesOnRubbish(_Mortal):
    """HTTP 200 with a body that is no JSON ends it."""

    mutant = Mutant(
        "dies-on-rubbish",
        Text("an answer that is no JSON ends the polling", "câu trả lời không phải JSON làm ngừng hỏi trục"),
        source="wire.md A.3",
        caught_by=("polling-survives-rubbish",),
    )

    def deadly(self, error: Exception) -> bool:
        """Not understood."""
        return "HTTP 200" in str(error)


class DiesWithoutList(_Mortal):
    """OK without a list: ``.size()`` of null."""

    mutant = Mutant(
        "dies-without-list",
        Text("OK without a list ends the polling", "OK mà không có danh sách làm ngừng hỏi trục"),
        source="pitfalls 50",
        caught_by=("polling-survives-broken-lists",),
    )

    def deadly(self, error: Exception) -> bool:
        """No member ``data``."""
        return "gave no list" in str(error)


class DiesOnNulls(_Mortal):
    """A null where a text should be ends it."""

    mutant = Mutant(
        "dies-on-nulls",
        Text("a null in the list ends the polling", "null trong danh sách làm ngừng hỏi trục"),
        source="wire.md A.2",
        caught_by=("polling-survives-nulls",),
    )

    def deadly(self, error: Exception) -> bool:
        """Only nulls."""
        return False

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """A line without an id is the end."""
        if not self.dead:
            answer = await self.client.received(message_type)
            self.dead = any(item.get("docId") is None for item in answer.items)
        return await super().listed(message_type)


class DiesOnOutage(_Mortal):
    """A refused connection ends it."""

    mutant = Mutant(
        "dies-on-outage",
        Text("a refused connection ends the polling", "bị từ chối kết nối thì ngừng hỏi trục"),
        source="pitfalls 11",
        caught_by=("polling-survives-outage",),
    )

    def deadly(self, error: Exception) -> bool:
        """Nobody listens."""
        return "attempts failed" in str(error)


class NeverReconnects(_Mortal):
    """A connection that broke is never opened again."""

    mutant = Mutant(
        "never-reconnects",
        Text("a broken connection is never opened again", "kết nối đứt thì không bao giờ mở lại"),
        source="pitfalls 52",
        caught_by=("polling-survives-restart",),
    )

    def deadly(self, error: Exception) -> bool:
        """Any trouble with the connection."""
        return "no connection" in str(error)


class DiesOfSilence(_Mortal):
    """Waits a second; an axis that is silent for longer ends it."""

    mutant = Mutant(
        "dies-of-silence",
        Text("a silent axis ends the polling", "trục im lặng làm ngừng hỏi trục"),
        source="pitfalls 52",
        caught_by=("polling-survives-silence",),
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """One second."""
        return super().make_client(1.0)

    def deadly(self, error: Exception) -> bool:
        """No answer in time."""
        return "did not answer in time" in str(error)


MUTANTS: tuple[type[Dms], ...] = (
    DiesOnFail,
    DiesOnBadSecret,
    DiesOnPage,
    DiesOnRubbish,
    DiesWithoutList,
    DiesOnNulls,
    DiesOnOutage,
    NeverReconnects,
    DiesOfSilence,
)
