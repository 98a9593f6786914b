"""Recalls, updates and replacements that hit the wrong document, or come from the wrong unit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import DOCUMENTS, Dms
from simulator.agency.kit.store import Incoming
from simulator.protocol.business import BusinessType, target_document_id
from simulator.protocol.package import Package, ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


def _documents(dms: Dms, wanted: Callable[[Incoming], object]) -> tuple[Incoming, ...]:
    return tuple(row for row in dms.store.incoming() if row.kind in DOCUMENTS and wanted(row))


def _without_business_id(package: Package) -> Package:
    trace = package.trace
    if trace is None or trace.business is None:
        return package
    return replace(package, trace=replace(trace, business=replace(trace.business, document_id="")))


class ReadsHeaderIdOnly(Dms):
    """Looks for the recalled document in MessageHeader/DocumentId only."""

    mutant = Mutant(
        "reads-header-id-only",
        Text("finds a recalled document by the header's id only", "chỉ tìm văn bản thu hồi theo mã ở header"),
        source="wire C.4",
        caught_by=("recalled-by-response-for", "recalled-by-business-id"),
    )

    def targets_of(self, package: Package) -> tuple[Incoming, ...]:
        """The other two places are not read."""
        is_recall = package.business_type == BusinessType.RECALL
        return super().targets_of(_without_business_id(replace(package, response_for=())) if is_recall else package)


class ReadsResponseForOnly(Dms):
    """Looks for the recalled document in ResponseFor only."""

    mutant = Mutant(
        "reads-response-for-only",
        Text("finds a recalled document by ResponseFor only", "chỉ tìm văn bản thu hồi theo ResponseFor"),
        source="wire C.4",
        caught_by=("recalled-by-header-id", "recalled-by-business-id"),
    )

    def targets_of(self, package: Package) -> tuple[Incoming, ...]:
        """The other two places are not read."""
        is_recall = package.business_type == BusinessType.RECALL
        return super().targets_of(_without_business_id(replace(package, document_id="")) if is_recall else package)


class LinksByNumber(Dms):
    """Finds the document by number and notation instead of by DocumentId."""

    mutant = Mutant(
        "links-by-number",
        Text("links by number instead of by DocumentId", "liên kết theo số thay vì theo DocumentId"),
        source="pitfalls 10",
        caught_by=(
            "recall-found-by-id", "recall-spares-the-number", "unknown-recall-refused", "recall-spares-other-year",
            "update-found-by-id", "update-spares-the-number", "unknown-update-refused", "update-spares-other-year",
            "unknown-replacement-refused", "replacement-spares-other-year",
        ),
    )  # fmt: skip

    def targets_of(self, package: Package) -> tuple[Incoming, ...]:
        """Whatever of that unit bears the number, of any year."""
        code, sender = package.code, package.sender.organ_id if package.sender else ""
        number = (code.number, code.notation) if code else ("", "")
        return _documents(self, lambda row: (row.number, row.notation) == number and self.same_unit(row.sender, sender))


class LinksByNumberOfAnybody(Dms):
    """Finds the document by number and notation, whoever sent it."""

    mutant = Mutant(
        "links-by-number-of-anybody",
        Text("links by number across all senders", "liên kết theo số của mọi đơn vị gửi"),
        source="pitfalls 10",
        caught_by=("recall-spares-other-organ", "update-spares-other-organ", "replacement-spares-other-organ"),
    )

    def targets_of(self, package: Package) -> tuple[Incoming, ...]:
        """The number alone counts."""
        code = package.code
        number = (code.number, code.notation) if code else ("", "")
        return _documents(self, lambda row: (row.number, row.notation) == number)


class ObeysAnybody(Dms):
    """Carries out a recall, update or replacement whoever sends it."""

    mutant = Mutant(
        "obeys-anybody",
        Text("lets any unit recall any document", "cho đơn vị bất kỳ thu hồi văn bản bất kỳ"),
        source="BZ-15",
        caught_by=(
            "stranger-recall-refused", "stranger-recall-not-applied", "stranger-update-refused",
            "stranger-update-not-applied", "stranger-replacement-refused", "stranger-replacement-not-applied",
        ),
    )  # fmt: skip

    def targets_of(self, package: Package) -> tuple[Incoming, ...]:
        """By the id, without a look at the sender."""
        ids = target_document_id(package)
        return _documents(self, lambda row: row.document_id in ids)


class RefusesWithoutAWord(Dms):
    """Sends its refusals without a Description."""

    mutant = Mutant(
        "refuses-without-a-word",
        Text("refuses without a reason", "từ chối không nêu lý do"),
        source="BZ-14",
        caught_by=(
            "unknown-recall-with-reason", "unknown-update-with-reason", "unknown-replacement-with-reason",
            "finished-take-back-reason",
        ),
    )  # fmt: skip

    def status_packet(self, code: str, response_for: ResponseFor, stamp: datetime, reason: str) -> StatusPacket:
        """Nothing is said."""
        packet = super().status_packet(code, response_for, stamp, reason)
        return replace(packet, description="") if code in ("02", "16") else packet


MUTANTS: tuple[type[Dms], ...] = (
    ReadsHeaderIdOnly, ReadsResponseForOnly, LinksByNumber, LinksByNumberOfAnybody, ObeysAnybody, RefusesWithoutAWord,
)  # fmt: skip
