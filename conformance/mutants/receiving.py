"""Wrong receivers: what they do to packages that arrive."""

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.dms_store import FileRecord
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class ConfirmsNever(Dms):
    """Reads its packages and never confirms them: they stay on the list."""

    mutant = Mutant(
        "confirms-never",
        Text("never confirms to the axis", "không bao giờ xác nhận với trục"),
        source="pitfalls 16",
        caught_by=("confirmed-with-done",),
    )

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """Says nothing."""


class FirstAttachmentOnly(Dms):
    """Keeps the first attachment and drops the rest."""

    mutant = Mutant(
        "first-attachment-only",
        Text("keeps only the first of several attachments", "chỉ giữ tệp đính kèm đầu tiên"),
        source="pitfalls 29",
        caught_by=("every-attachment-there", "many-attachments-there"),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """The first one."""
        return super().files_of(package)[:1]


MUTANTS: tuple[type[Dms], ...] = (ConfirmsNever, FirstAttachmentOnly)
