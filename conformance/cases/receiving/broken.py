"""Broken packets between good ones: the good ones arrive, the broken one is refused where it can be seen. PK-07."""

from abc import abstractmethod
from collections.abc import Iterable
from contextlib import suppress

from conformance.case import Case
from conformance.cases.steps import act, codes, settled, took
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import letter
from conformance.stage import Stage, StageEnd
from simulator.protocol import codec, names
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


class _Poison(Case):
    """Plants one broken packet between two good ones."""

    ON: Check
    VISIBLE: Check

    @abstractmethod
    def broken(self, package: Package) -> bytes:
        """The bytes that are wrong."""

    async def drive(self, stage: Stage) -> None:
        """Good, broken, good; all in the list before the SUT looks again, or soon after."""
        before = await stage.send(letter(stage), label="before")
        package = letter(stage)
        poison = await stage.plant(self.broken(package), like=package, label="poison")
        after = await stage.send(letter(stage), label="after")
        await stage.until(
            lambda seen: all(seen.confirmed(each) for each in (before, after)),
            for_=Text("the SUT to confirm the good documents", "SUT xác nhận các văn bản tốt"),
        )
        await settled(stage, poison)
        await self.after(stage, poison)
        await stage.quiet(1)
        await stage.look("in")

    async def after(self, stage: Stage, poison: Sent) -> None:
        """What else is done once the SUT has confirmed it: nothing."""

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The good ones first: they are the twin of the refusal."""
        good = [evidence.sent("before"), evidence.sent("after")]
        arrived = [took(evidence, each) for each in good]
        lost = ", ".join(each.label for each, found in zip(good, arrived, strict=True) if not found)
        yield evidence.expect(
            self.ON,
            [found[0] for found in arrived if found] if all(arrived) else (),
            good[-1],
            held=Text("the good ones before and after it arrived", "các văn bản tốt trước và sau đều đến"),
            broken=Text(f"the good document '{lost}' was not taken", f"văn bản tốt '{lost}' không được nhận"),
        )
        because = Text("not even a good document was taken in", "văn bản tốt cũng không được nhận")
        evidence.require(any(arrived), because, *good)  # refusing is no merit where everything is refused
        yield self._visible(evidence, evidence.sent("poison"))

    def _visible(self, evidence: CaseEvidence, poison: Sent) -> Finding:
        """Refused to the axis (fail) or to the sender (02), and not among the documents held."""
        failed = evidence.confirmed(poison, "fail")
        rejected = evidence.statuses_from_sut(poison, "02")
        answers = evidence.statuses_from_sut(poison)
        look = evidence.look("in")
        held = [row for row in look.of(poison.document_id) if row.get("state") not in ("refused", None)]
        confirmed = ", ".join(str(each["word"]) for each in evidence.confirmed(poison)) or "–"
        return self.VISIBLE.decide(
            (failed or rejected) and not held,
            poison,
            *failed,
            *rejected,
            look,
            held=Text(
                "refused: 'fail' to the axis or 02 to the sender", "đã từ chối: 'fail' với trục hoặc 02 với bên gửi"
            ),
            broken=Text(
                f"confirmed: {confirmed}; statuses: {codes(answers)}; {len(held)} rows show it as held",
                f"xác nhận: {confirmed}; trạng thái: {codes(answers)}; {len(held)} dòng coi như đã nhận",
            ),
        )


class CutShort(_Poison):
    """A packet that ends in the middle."""

    id = "receiving/truncated-packet"
    title = Text("Half a packet between two good ones", "Nửa gói tin giữa hai gói tốt")
    expected = Text(
        "Both good documents arrive; the half one is confirmed with 'fail', and polling goes on.",
        "Hai văn bản tốt đến nơi; gói bị cắt được xác nhận 'fail' và SUT vẫn tiếp tục hỏi trục.",
    )
    ON = Check("queue-goes-on-after-half-packet", ("PK-07",), Text("the good ones arrive", "văn bản tốt vẫn đến"))
    VISIBLE = Check("half-packet-refused", ("PK-07",), Text("the half one is refused", "gói bị cắt bị từ chối"))
    checks = (ON, VISIBLE)

    def broken(self, package: Package) -> bytes:
        """The first half."""
        data = codec.encode(package)
        return data[: len(data) // 2]


class Rubbish(_Poison):
    """Bytes that are no XML at all."""

    id = "receiving/no-packet-at-all"
    title = Text("An HTML page instead of a packet", "Trang HTML thay cho gói tin")
    expected = Text(
        "It is refused with 'fail'; nothing of it becomes a document.",
        "Bị từ chối bằng 'fail'; không tạo thành văn bản.",
    )
    ON = Check("queue-goes-on-after-rubbish", ("PK-07",), Text("the good ones arrive", "văn bản tốt vẫn đến"))
    VISIBLE = Check("rubbish-refused", ("PK-07",), Text("the rubbish is refused", "dữ liệu rác bị từ chối"))
    checks = (ON, VISIBLE)

    def broken(self, package: Package) -> bytes:
        """As a proxy would say it."""
        return b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>\r\n"


class Entities(_Poison):
    """A document type with an entity: refused before anything is expanded."""

    id = "receiving/hostile-entity"
    title = Text("A DTD with an entity", "DTD có thực thể (entity)")
    expected = Text(
        "The SUT refuses the packet; the entity is neither expanded nor fetched.",
        "SUT từ chối gói tin; không mở rộng và không tải thực thể.",
    )
    ON = Check("queue-goes-on-after-entity", ("PK-07",), Text("the good ones arrive", "văn bản tốt vẫn đến"))
    VISIBLE = Check("hostile-entity-refused", ("PK-07",), Text("the DTD is refused", "DTD bị từ chối"))
    SHUT = Check("entity-not-expanded", ("PK-07",), Text("nothing was expanded", "không mở rộng thực thể"))
    checks = (ON, VISIBLE, SHUT)

    def broken(self, package: Package) -> bytes:
        """The subject is an entity."""
        head, _, tail = codec.encode(package).partition(b"?>")
        data = head + b'?><!DOCTYPE edXML [<!ENTITY bay "ENTITY-WAS-EXPANDED">]>' + tail
        return data.replace(package.subject.encode(), b"&bay;", 1)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The sign of an expansion is its text in the box."""
        yield from super().judge(evidence)
        poison, look = evidence.sent("poison"), evidence.look("in")
        evidence.require(evidence.fetched(poison), Text("the SUT never fetched it", "SUT chưa tải gói này"), poison)
        shown = [row for label in ("before", "after") for row in look.of(evidence.sent(label).document_id)]
        evidence.require(shown, Text("the box shows not even a good document", "hộp đến không có cả văn bản tốt"), look)
        seen = [row for row in look.rows if "ENTITY-WAS-EXPANDED" in str(row)]
        yield self.SHUT.decide(
            not seen,
            poison,
            look,
            held=Text("its text appears nowhere in the box", "nội dung thực thể không xuất hiện trong hộp đến"),
            broken=Text("the entity's text appears in the box", "nội dung thực thể xuất hiện trong hộp đến"),
        )


class WrongNamespace(_Poison):
    """The older draft namespace of one province: named clearly, never silence."""

    id = "receiving/wrong-namespace"
    title = Text("A packet of another namespace", "Gói tin thuộc namespace khác")
    expected = Text(
        "It is no packet of this standard: refused with 'fail' or 02, and not held as a document.",
        "Không phải gói tin của chuẩn này: bị từ chối bằng 'fail' hoặc 02, không giữ như văn bản.",
    )
    ON = Check("queue-goes-on-after-wrong-namespace", ("PK-07",), Text("the good ones arrive", "văn bản tốt vẫn đến"))
    VISIBLE = Check("wrong-namespace-refused", ("PK-02",), Text("it is refused visibly", "bị từ chối rõ ràng"))
    checks = (ON, VISIBLE)

    def broken(self, package: Package) -> bytes:
        """http://www.go.vn/eDoc."""
        return codec.encode(package).replace(names.NAMESPACE.encode(), names.GO_VN.encode())


class NotForUs(_Poison):
    """A document whose To names somebody else: returned by the system, or by its clerk as soon as he wants to.

    What the axis delivers here may lawfully be ours although To does not name us: the header ``to`` of a client
    decides where it goes. So nobody is blamed for taking it in; the decree asks that it can be returned.
    """

    id = "receiving/addressed-to-another"
    title = Text("Delivered to the wrong place", "Gửi nhầm nơi nhận")
    expected = Text(
        "The SUT returns it with 02 and a reason, or its clerk can (Decree 30/2020 art. 21.2b).",
        "SUT trả lại bằng 02 kèm lý do, hoặc văn thư trả lại được (NĐ 30/2020 điều 21.2b).",
    )
    ON = Check("queue-goes-on-after-misdelivery", ("PK-07",), Text("the good ones arrive", "văn bản tốt vẫn đến"))
    VISIBLE = Check("misdelivery-returned", ("RF-03",), Text("it can be returned", "trả lại được văn bản"))
    REASON = Check("misdelivery-reason-given", ("RF-01",), Text("with a reason", "kèm lý do"))
    checks = (ON, VISIBLE, REASON)

    def broken(self, package: Package) -> bytes:
        """To names the sender's neighbour."""
        receiver = package.receivers[0].organ_id.encode()
        return codec.encode(package).replace(b"<edXML:OrganId>" + receiver + b"<", b"<edXML:OrganId>000.00.00.Z99<")

    async def after(self, stage: Stage, poison: Sent) -> None:
        """Where the system did not return it by itself, its clerk refuses it."""
        if not await stage.until(
            lambda seen: _returned(seen, poison),
            for_=Text("the SUT to return what is not for it", "SUT trả lại văn bản không gửi cho mình"),
            polls=2,
        ):
            with suppress(StageEnd):  # a clerk who may not return it is what is looked for
                await act(stage, "refuse", poison, "02", reason="Văn bản gửi nhầm nơi nhận")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A reason is more than white space."""
        yield from super().judge(evidence)
        poison = evidence.sent("poison")
        rejected = evidence.statuses_from_sut(poison, "02")
        failed = evidence.confirmed(poison, "fail")
        evidence.require(rejected or failed, Text("it was not returned at all", "chưa trả lại"), poison)
        reasons = [each.packet.description for each in rejected] + [str(each["description"]) for each in failed]
        yield self.REASON.decide(
            any(reason.strip() for reason in reasons),
            *rejected,
            *failed,
            held=Text(f"the reason: {reasons[0]}", f"lý do: {reasons[0]}"),
            broken=Text("no reason at all", "không nêu lý do"),
            rests_on=() if rejected else ("ST-13",),  # 'fail' alone: the SDK's call has no place for a reason
        )

    def _visible(self, evidence: CaseEvidence, poison: Sent) -> Finding:
        """Returned by whomever; else the clerk was not allowed to, or his 02 never left."""
        if returned := _returned(evidence, poison):
            held = Text("returned with 'fail' or 02", "đã trả lại bằng 'fail' hoặc 02")
            return self.VISIBLE.held(held, poison, *returned)
        asked = evidence.acts("POST /control/act", action="refuse", document_id=poison.document_id)
        if asked and asked[-1]["status"] in (404, 409):
            error = str((asked[-1]["answer"] or {}).get("error", ""))
            return self.VISIBLE.broken(
                Text(f"the clerk cannot return it: {error}", f"văn thư không trả lại được: {error}"), poison, asked[-1]
            )
        return evidence.expect(
            self.VISIBLE,
            (),
            evidence.act("refuse", poison),
            held=Text("returned", "đã trả lại"),
            broken=Text("the clerk returned it, and no 02 left", "văn thư đã trả lại nhưng không có 02 nào rời đi"),
        )


def _returned(evidence: CaseEvidence, document: Sent) -> tuple[Cited, ...]:
    return (*evidence.confirmed(document, "fail"), *evidence.statuses_from_sut(document, "02"))


CASES: tuple[Case, ...] = (CutShort(), Rubbish(), Entities(), WrongNamespace(), NotForUs())
