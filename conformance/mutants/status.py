"""Wrong reporters: what they say of a document, and when."""

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.words import Text

__all__ = ["MUTANTS"]


class StartsOnAccept(Dms):
    """Sends 03 and 05 in the same instant, when the clerk accepts."""

    mutant = Mutant(
        "starts-on-accept",
        Text("reports 05 together with 03", "gửi 05 cùng lúc với 03"),
        source="pitfalls 4",
        caught_by=("processing-not-before-start",),
    )

    def codes_of(self, action: str) -> tuple[str, ...]:
        """Two codes for one act."""
        return ("03", "05") if action == "accept" else super().codes_of(action)


MUTANTS: tuple[type[Dms], ...] = (StartsOnAccept,)
