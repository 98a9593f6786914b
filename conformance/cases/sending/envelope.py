"""The envelope of what leaves: sender, receiver, id, kind, trace, form on the wire. HD-01, HD-32, HD-33, PK-02."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from conformance.answering import Given
from conformance.case import Case
from conformance.cases.sending.base import Sending, answered, equal, leaves, leaving, left, orders
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.flaws import resting
from conformance.stage import Stage
from simulator.protocol.rules.rule import Level
from simulator.words import Text

__all__ = ["CASES"]

_NOT_YOURS = "khong dung voi ma da dang ky"
_UNPREFIXED = "prefix-missing"
"""Judged by a check of its own."""
_GIVEN = ("organ-code-removed", "organ-of-no-grammar")
"""About the receiver's code, in whichever of its forms: some of the directory's codes are removed or of no grammar."""
_GOVERNMENT = "G22"
"""The Government Office: a paper copy to the Government and the Prime Minister is in order (QĐ 28/2018 art. 5.3)."""
_TIME = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\Z")


class PlainDocument(Sending):
    """An ordinary document leaves: from the own unit, to its receiver, as new, under the id that the clerk sees."""

    id = "sending/plain-document"
    title = Text("An ordinary document leaves", "Gửi một văn bản thông thường")
    expected = Text(
        "The packet reaches the axis; From is the SUT's own registered unit with its name, To the ordered receiver, "
        "DocumentId the one that the SUT told its clerk, the kind is new and no paper copy is announced.",
        "Gói tin đến trục; From là đơn vị đã đăng ký của SUT kèm tên, To là nơi nhận được chọn, DocumentId là mã "
        "SUT đã báo cho văn thư, nghiệp vụ là văn bản mới và không báo gửi kèm bản giấy.",
    )
    LEFT = Check("order-reaches-receiver", ("TR-05", "HD-08"), Text("it leaves", "văn bản rời đi"))
    FROM = Check("sent-from-own-unit", ("TR-10", "HD-01"), Text("From is the own unit", "From là đơn vị của mình"))
    NAME = Check("sender-named-in-words", ("HD-02",), Text("From bears the unit's name", "From có tên đơn vị"))
    ID = Check("told-id-is-in-the-packet", ("HD-32",), Text("one DocumentId inside and out", "một mã trong và ngoài"))
    NEW = Check("sent-as-new", ("BZ-01",), Text("it is sent as new", "gửi là văn bản mới"))
    PAPER = Check(
        "no-paper-announced", ("HD-35", "LG-09"), Text("no paper copy is announced", "không báo gửi bản giấy")
    )
    checks = (LEFT, FROM, NAME, ID, NEW, PAPER)

    async def drive(self, stage: Stage) -> None:
        """One order."""
        if await orders(stage):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The packet, member by member."""
        yield leaving(self.LEFT, evidence)
        error = str((answered(evidence, "document")["answer"] or {}).get("error", ""))
        if _NOT_YOURS in error:
            yield self.FROM.broken(
                Text(f"the axis refused its From: {error}", f"trục từ chối From: {error}"),
                answered(evidence, "document"),
            )
        told, document = left(evidence)
        package, business = document.package, document.package.business
        organ, name = (package.sender.organ_id, package.sender.name) if package.sender else ("", "")
        yield self.FROM.decide(
            organ in evidence.sut.organs,
            document,
            held=Text(f"From is {organ}", f"From là {organ}"),
            broken=Text(
                f"From is '{organ}', not a registered unit", f"From là '{organ}', không phải đơn vị đã đăng ký"
            ),
        )
        yield self.NAME.decide(
            name.strip() and name not in evidence.sut.organs,
            document,
            held=Text(f"OrganName: {name}", f"OrganName: {name}"),
            broken=Text(f"OrganName is '{name}'", f"OrganName là '{name}'"),
        )
        yield equal(self.ID, evidence, told.document_id, package.document_id)
        yield equal(self.NEW, evidence, 0, package.business_type)
        yield self.PAPER.decide(
            business is None or not business.paper or _GOVERNMENT in evidence.lane.codes,
            told,
            document,
            held=Text("none is announced", "không báo bản giấy"),
            broken=Text("Paper is 1, although nobody ordered a copy", "Paper là 1 dù không ai yêu cầu bản giấy"),
        )


class Trace(Sending):
    """The first hop says who sent and when, in Vietnamese time."""

    id = "sending/trace-header"
    title = Text("The trace header of the sender", "TraceHeader của bên gửi")
    expected = Text(
        "TraceHeader names the SUT's unit and the moment of sending, yyyy/MM/dd HH:mm:ss in Vietnamese time.",
        "TraceHeader nêu mã đơn vị của SUT và thời điểm gửi, dạng yyyy/MM/dd HH:mm:ss theo giờ Việt Nam.",
    )
    TOLERANCE = timedelta(minutes=10)
    WHO = Check("trace-names-own-unit", ("HD-33",), Text("the hop is the own unit", "TraceHeader là đơn vị mình"))
    FORM = Check("trace-time-form", ("HD-33",), Text("the time has the profile's form", "thời gian đúng dạng"))
    ZONE = Check(
        "trace-time-vietnamese", ("TM-05",), Text("the time is Vietnamese time", "thời gian theo giờ Việt Nam")
    )
    checks = (WHO, FORM, ZONE)

    async def drive(self, stage: Stage) -> None:
        """One order."""
        if await orders(stage):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first hop; its text, then its value against the axis's clock."""
        _, document = left(evidence)
        hops = document.package.trace.headers if document.package.trace else ()
        organ = hops[0].organ_id if hops else ""
        yield self.WHO.decide(
            organ in evidence.sut.organs,
            document,
            held=Text(f"the first hop is {organ}", f"TraceHeader đầu là {organ}"),
            broken=Text(f"the first hop is '{organ}'", f"TraceHeader đầu là '{organ}'"),
        )
        text = next((leaf.text for leaf in document.reading.texts("TraceHeaderList/TraceHeader/Timestamp")), "")
        yield self.FORM.decide(
            _TIME.match(text.strip()),
            document,
            held=Text(text, text),
            broken=Text(f"the Timestamp reads '{text}'", f"Timestamp ghi '{text}'"),
        )
        stamp = hops[0].timestamp if hops else None
        evidence.require(stamp, Text("the time cannot be read", "không đọc được thời gian"), document)
        off = abs(document.moment - stamp) if stamp else timedelta()
        yield self.ZONE.decide(
            off <= self.TOLERANCE,
            document,
            held=Text(f"{off.total_seconds():.0f} s from the axis's clock", f"lệch {off.total_seconds():.0f} giây"),
            broken=Text(
                f"{text} lies {off.total_seconds() / 3600:.1f} h from the axis's clock",
                f"{text} lệch {off.total_seconds() / 3600:.1f} giờ so với đồng hồ của trục",
            ),
        )


class WireForm(Sending):
    """The packet has the strict form that every reader takes, and breaks no rule of the wire."""

    id = "sending/wire-form"
    title = Text("The form on the wire", "Hình thức gói tin")
    expected = Text(
        "Everything in the envelope bears the prefix edXML; no rule of lint is broken, errors and warnings alike.",
        "Mọi phần tử trong phong bì mang tiền tố edXML; không vi phạm quy tắc kiểm tra nào, cả lỗi lẫn cảnh báo.",
    )
    PREFIX = Check("written-with-the-prefix", ("PK-02",), Text("the prefix edXML is written", "có tiền tố edXML"))
    ERRORS = Check("sent-packet-without-errors", ("PK-08",), Text("no rule is broken", "không có lỗi quy tắc"))
    CLEAN = Check("sent-packet-without-warnings", ("HD-37", "PK-01"), Text("nothing to warn of", "không có cảnh báo"))
    checks = (PREFIX, ERRORS, CLEAN)

    async def drive(self, stage: Stage) -> None:
        """One order."""
        if await orders(stage):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The form, then lint's own judgement of the very bytes."""
        _, document = left(evidence)
        bare = document.reading.traits.unprefixed
        yield self.PREFIX.decide(
            not bare,
            document,
            held=Text("every element of the envelope bears it", "mọi phần tử trong phong bì đều có"),
            broken=Text(f"without it: {', '.join(bare[:3])} …", f"thiếu tiền tố: {', '.join(bare[:3])} …"),
        )
        given = Given(evidence.records, evidence.blobs, evidence.sut.system_id)
        for check, level in ((self.ERRORS, Level.ERROR), (self.CLEAN, Level.WARN)):
            flaws = [flaw for flaw in given.flaws(document.fact, level) if _blamed(flaw.rule.id, flaw.at)]
            said = ", ".join(f"{flaw.rule.id} ({flaw.at})" for flaw in flaws)
            yield check.decide(
                not flaws,
                document,
                held=Text("lint finds nothing of that level", "bộ kiểm tra không thấy vi phạm ở mức này"),
                broken=Text(f"broken: {said}", f"vi phạm: {said}"),
                rests_on=resting(check, flaws),
            )


def _unlike(row: Mapping[str, Any], request: Mapping[str, Any]) -> list[str]:
    """What the row shows otherwise than it was ordered."""
    pairs = [(name, request[name], row.get(name)) for name in ("code_number", "code_notation", "subject")]
    files = sorted(str(each.get("name")) for each in row.get("attachments") or ())
    pairs.append(("attachments", sorted(each["name"] for each in request["attachments"]), files))
    return [f"{name}={value!r}" for name, wanted, value in pairs if wanted != value]


def _blamed(rule: str, at: str) -> bool:
    """Whether the SUT answers for that flaw here."""
    return rule != _UNPREFIXED and not (rule in _GIVEN and at.startswith("MessageHeader/To["))


class Outbox(Sending):
    """The clerk finds what left in the box of sent documents, as it left."""

    id = "sending/outgoing-book"
    title = Text("The outgoing book shows what left", "Hộp văn bản đi hiển thị đúng văn bản đã gửi")
    expected = Text(
        "The document is listed once as sent, with number, notation, subject, attachment and receiver.",
        "Văn bản được liệt kê một lần ở trạng thái đã gửi, đủ số, ký hiệu, trích yếu, tệp đính kèm và nơi nhận.",
    )
    LISTED = Check("sent-document-listed", ("ST-04", "RF-06"), Text("it is listed as sent", "được liệt kê là đã gửi"))
    FIELDS = Check("outgoing-fields-shown", ("HD-36",), Text("with its fields", "đủ các trường"))
    TO = Check("outgoing-receiver-shown", ("HD-36", "RF-06"), Text("with its receiver", "có nơi nhận"))
    checks = (LISTED, FIELDS, TO)

    async def drive(self, stage: Stage) -> None:
        """One order, one look."""
        if await orders(stage):
            await leaves(stage)
            await stage.quiet(1)
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The row against the order."""
        told, document = left(evidence)
        look = evidence.look("out")
        rows = look.of(told.document_id)
        states = ", ".join(sorted(str(row.get("state")) for row in rows))
        yield self.LISTED.decide(
            states == "sent",
            document,
            look,
            held=Text("one row, sent", "một dòng, đã gửi"),
            broken=Text(f"states in the box: {states or '–'}", f"trạng thái trong hộp đi: {states or '–'}"),
        )
        evidence.require(rows, Text("it is not in the box of sent documents", "không có trong hộp văn bản đi"), look)
        wrong = ", ".join(look.flaws(told.document_id, lambda row: _unlike(row, told.request)))
        yield self.FIELDS.decide(
            not wrong,
            told,
            look,
            held=Text("number, notation, subject and file are shown", "hiển thị đúng số, ký hiệu, trích yếu, tệp"),
            broken=Text(f"missing or different: {wrong}", f"thiếu hoặc khác: {wrong}"),
        )
        organs = [each.get("organ") for row in rows for each in row.get("receivers") or ()]
        shown = ", ".join(map(str, organs)) or "–"
        yield self.TO.decide(
            len(organs) == 1 and organs[0] in evidence.lane.codes,
            told,
            look,
            held=Text(f"receiver: {shown}", f"nơi nhận: {shown}"),
            broken=Text(f"receivers shown: {shown}", f"nơi nhận hiển thị: {shown}"),
        )


CASES: tuple[Case, ...] = (PlainDocument(), Trace(), WireForm(), Outbox())
