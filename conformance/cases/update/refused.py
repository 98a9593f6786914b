"""Updates that must not be applied. BZ-14, BZ-15."""

from conformance.case import Case
from conformance.cases.changes import update_of
from conformance.cases.strangers import OtherOrgan, UnknownTarget
from conformance.evidence import Lane
from conformance.finding import Check
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


class UnknownUpdated(UnknownTarget):
    """An update of a document that never came: refused with the reason, documents of that number untouched."""

    id = "update/unknown-document"
    title = Text("The updated document is unknown", "Cập nhật văn bản không có trong hệ thống")
    expected = Text(
        "16 with the reason; a document of the same number but another year or another unit is not touched.",
        "16 kèm lý do; văn bản cùng số nhưng khác năm hoặc khác đơn vị không bị đụng đến.",
    )
    capability = "update"
    REFUSED = Check("unknown-update-refused", ("BZ-14",), Text("16 is answered", "trả lời 16"))
    REASON = Check("unknown-update-with-reason", ("BZ-14",), Text("with the reason", "kèm lý do"))
    OTHER_YEAR = Check("update-spares-other-year", ("BZ-14",), Text("other year untouched", "khác năm giữ nguyên"))
    OTHER_ORGAN = Check(
        "update-spares-other-organ", ("BZ-14", "BZ-15"), Text("other unit's untouched", "của đơn vị khác giữ nguyên")
    )
    checks = (REFUSED, OTHER_YEAR, OTHER_ORGAN, REASON)

    def change(self, stage: Stage, package: Package, lane: Lane) -> Package:
        """New content for it."""
        return update_of(stage, package, lane=lane)


class UpdateByOther(OtherOrgan):
    """Only the unit that sent a document may update it."""

    id = "update/by-another-unit"
    title = Text("Another unit updates the document", "Đơn vị khác cập nhật văn bản")
    expected = Text(
        "The other unit gets 16 and nothing happens to the document; the sender's own update is applied.",
        "Đơn vị khác nhận 16, văn bản giữ nguyên; cập nhật của chính đơn vị gửi được thực hiện.",
    )
    capability = "update"
    OWNER = Check("owner-update-answered", ("BZ-13",), Text("the sender's own is obeyed", "bên gửi được đáp ứng"))
    REFUSED = Check("stranger-update-refused", ("BZ-15",), Text("the other unit gets 16", "đơn vị khác nhận 16"))
    SAFE = Check("stranger-update-not-applied", ("BZ-15",), Text("nothing happened", "văn bản giữ nguyên"))
    checks = (OWNER, REFUSED, SAFE)

    def change(self, stage: Stage, package: Package, lane: Lane) -> Package:
        """New content, from whoever asks."""
        return update_of(stage, package, lane=lane)


CASES: tuple[Case, ...] = (UnknownUpdated(), UpdateByOther())
