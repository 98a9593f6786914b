"""Recalls that must not be carried out. BZ-14, BZ-15."""

from conformance.case import Case
from conformance.cases.changes import recall_of
from conformance.cases.strangers import OtherOrgan, UnknownTarget
from conformance.evidence import Lane
from conformance.finding import Check
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


class UnknownRecalled(UnknownTarget):
    """A recall of a document that never came: refused with the reason, documents of that number untouched."""

    id = "recall/unknown-document"
    title = Text("The recalled document is unknown", "Thu hồi văn bản không có trong hệ thống")
    expected = Text(
        "16 with the reason; a document of the same number but another year or another unit is not touched.",
        "16 kèm lý do; văn bản cùng số nhưng khác năm hoặc khác đơn vị không bị đụng đến.",
    )
    capability = "recall"
    REFUSED = Check("unknown-recall-refused", ("BZ-14",), Text("16 is answered", "trả lời 16"))
    REASON = Check("unknown-recall-with-reason", ("BZ-14",), Text("with the reason", "kèm lý do"))
    OTHER_YEAR = Check("recall-spares-other-year", ("BZ-14",), Text("other year untouched", "khác năm giữ nguyên"))
    OTHER_ORGAN = Check(
        "recall-spares-other-organ", ("BZ-14", "BZ-15"), Text("other unit's untouched", "của đơn vị khác giữ nguyên")
    )
    checks = (REFUSED, OTHER_YEAR, OTHER_ORGAN, REASON)

    def change(self, stage: Stage, package: Package, lane: Lane) -> Package:
        """A recall in the form of the samples."""
        return recall_of(stage, package, lane=lane)


class RecallByOther(OtherOrgan):
    """Only the unit that sent a document may recall it."""

    id = "recall/by-another-unit"
    title = Text("Another unit recalls the document", "Đơn vị khác thu hồi văn bản")
    expected = Text(
        "The other unit gets 16 and nothing happens to the document; the sender's own recall is carried out.",
        "Đơn vị khác nhận 16, văn bản giữ nguyên; yêu cầu của chính đơn vị gửi được thực hiện.",
    )
    capability = "recall"
    OWNER = Check("owner-recall-answered", ("BZ-05",), Text("the sender's own is obeyed", "bên gửi được đáp ứng"))
    REFUSED = Check("stranger-recall-refused", ("BZ-15",), Text("the other unit gets 16", "đơn vị khác nhận 16"))
    SAFE = Check("stranger-recall-not-applied", ("BZ-15",), Text("nothing happened", "văn bản giữ nguyên"))
    checks = (OWNER, REFUSED, SAFE)

    def change(self, stage: Stage, package: Package, lane: Lane) -> Package:
        """The same recall, from whoever asks."""
        return recall_of(stage, package, lane=lane)


CASES: tuple[Case, ...] = (UnknownRecalled(), RecallByOther())
