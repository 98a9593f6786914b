"""Poison in the XML: document types, depth, bytes that are no packet. Pitfalls 36, 39, 91, 92."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.poison.between import ON, VISIBLE, Poison
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Finding, Outcome
from simulator.protocol import codec, names
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

_NO_BODY = Text(
    "fetched by downloadEdoc only, where an empty package looks like an axis that had nothing",
    "chỉ tải bằng downloadEdoc, khi đó gói rỗng trông như trục không có gì để trả",
)
_BY_GET_EDOC = Text("let the system fetch by getEdoc as well", "để hệ thống tải thêm bằng getEdoc")


def _with_doctype(package: Package, doctype: str, subject: bytes) -> bytes:
    """The package behind a document type, its subject replaced."""
    head, _, tail = codec.encode(package).partition(b"?>")
    return head + b"?>" + doctype.encode() + tail.replace(package.subject.encode(), subject, 1)


class ExternalEntity(Poison):
    """A DTD and an entity that point to an address of ours: nobody may fetch it."""

    id = "poison/external-entity"
    title = Text("A DTD and an entity from outside (XXE)", "DTD và thực thể lấy từ bên ngoài (XXE)")
    QUEUE = Check("queue-goes-on-after-xxe", ("PK-07",), ON)
    REFUSED = Check("xxe-refused", ("PK-07",), VISIBLE)
    UNFETCHED = Check("canary-not-fetched", ("PK-07",), Text("nothing is fetched", "không tải gì từ bên ngoài"))
    UNREAD = Check("canary-not-shown", ("PK-07",), Text("nothing of it is shown", "không hiển thị nội dung lấy về"))
    checks = (QUEUE, REFUSED, UNFETCHED, UNREAD)

    def bad(self, package: Package, bait: str) -> bytes:
        """Both ways out: the external subset and an external entity."""
        doctype = f'<!DOCTYPE edXML SYSTEM "{bait}.dtd" [<!ENTITY bay SYSTEM "{bait}">]>'
        return _with_doctype(package, doctype, b"&bay;")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The twin of the silence: the SUT fetched the package and answered it."""
        yield from super().judge(evidence)
        poison = evidence.sent("poison")
        taken = evidence.taken(poison)
        visits = evidence.notes("canary")
        requests = ", ".join(str(each["values"]["request"]) for each in visits)
        yield self.UNFETCHED.decide(
            not visits,
            poison,
            taken,
            *visits,
            held=Text("nobody came to the address", "không ai truy cập địa chỉ đó"),
            broken=Text(f"the address was fetched: {requests}", f"địa chỉ đã bị truy cập: {requests}"),
        )
        look = evidence.look("in")
        shown = [row for row in look.rows if "CANARY-WAS-EATEN" in str(row)]
        yield self.UNREAD.decide(
            not shown,
            poison,
            look,
            held=Text("nothing of it stands in the box", "hộp đến không có nội dung đó"),
            broken=Text("its text stands in the box", "nội dung đó xuất hiện trong hộp đến"),
        )


class BillionLaughs(Poison):
    """Entities within entities: a few hundred bytes that become gigabytes."""

    id = "poison/billion-laughs"
    title = Text("Billion laughs", "Thực thể lồng nhau (billion laughs)")
    QUEUE = Check("queue-goes-on-after-laughs", ("PK-07",), ON)
    REFUSED = Check("laughs-refused", ("PK-07",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """Ten levels of ten."""
        levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
        return _with_doctype(package, f'<!DOCTYPE edXML [<!ENTITY a0 "ha">{levels}]>', b"&a9;")


class DeepNesting(Poison):
    """Twenty thousand elements inside one another."""

    id = "poison/deep-nesting"
    title = Text("Endless nesting", "Lồng phần tử quá sâu")
    QUEUE = Check("queue-goes-on-after-nesting", ("PK-07",), ON)
    REFUSED = Check("nesting-refused", ("PK-07",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """In the place of the subject's text."""
        deep = b"<edXML:a>" * 20_000 + b"</edXML:a>" * 20_000
        return codec.encode(package).replace(package.subject.encode(), deep, 1)


class CutInAttachment(Poison):
    """The package ends within its attachment: the header is whole."""

    id = "poison/cut-in-attachment"
    title = Text("Cut off within the attachment", "Bị cắt giữa tệp đính kèm")
    QUEUE = Check("queue-goes-on-after-cut-attachment", ("PK-07",), ON)
    REFUSED = Check("cut-attachment-refused", ("PK-07", "AT-01"), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """Fifty bytes into the base64 text."""
        data = codec.encode(package)
        return data[: data.rindex(package.attachments[0].encoded[:40]) + 50]


class Empty(Poison):
    """No byte at all."""

    id = "poison/empty-package"
    title = Text("An empty package", "Gói tin rỗng")
    QUEUE = Check("queue-goes-on-after-empty", ("PK-07",), ON)
    REFUSED = Check("empty-package-refused", ("PK-07",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """Nothing."""
        return b""

    def refusal(self, evidence: CaseEvidence, poison: Sent) -> Finding:
        """Whoever fetches by downloadEdoc cannot tell it from an axis that had nothing for him (wire.md A.2)."""
        finding = super().refusal(evidence, poison)
        if finding.outcome is not Outcome.BROKEN or evidence.fetched_by(poison) != {"downloadEdoc"}:
            return finding
        return self.REFUSED.unobserved(_NO_BODY, poison, remedy=_BY_GET_EDOC)


class BytesBeforeProlog(Poison):
    """The four bytes 1212 before the XML declaration, as in the vendor's own sample."""

    id = "poison/bytes-before-prolog"
    title = Text("'1212' before the XML declaration", "'1212' đứng trước khai báo XML")
    QUEUE = Check("queue-goes-on-after-1212", ("PK-07",), ON)
    REFUSED = Check("bytes-before-prolog-refused", ("PK-07",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """As the SDK's sample edoc_new.edxml begins."""
        return b"1212" + codec.encode(package)


class WrongRoot(Poison):
    """Everything of a packet under another root element."""

    id = "poison/wrong-root"
    title = Text("Another root element", "Phần tử gốc khác")
    QUEUE = Check("queue-goes-on-after-wrong-root", ("PK-07",), ON)
    REFUSED = Check("wrong-root-refused", ("PK-01",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """eDoc instead of edXML."""
        root = names.ROOT.encode()
        data = codec.encode(package).replace(b"<" + root + b" ", b"<eDoc ", 1)
        return data.replace(b"</" + root + b">", b"</eDoc>")


CASES: tuple[Case, ...] = (
    ExternalEntity(),
    BillionLaughs(),
    DeepNesting(),
    CutInAttachment(),
    Empty(),
    BytesBeforeProlog(),
    WrongRoot(),
)
