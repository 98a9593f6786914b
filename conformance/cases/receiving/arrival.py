"""Ordinary documents arrive: fetched, confirmed, reported, listed. ST-01, ST-06, ST-13, TR-05, ID-11."""

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.case import Case
from conformance.cases.steps import arrive, codes, took
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


class PlainDocument(Case):
    """A plain document is fetched, confirmed once, reported once and listed with its fields."""

    id = "receiving/plain-document"
    title = Text("A plain document arrives", "Nhận một văn bản thông thường")
    expected = Text(
        "The SUT fetches the document, confirms it to the axis with 'done' once, reports 01 by itself once, and lists "
        "it with number, notation, subject and sender.",
        "SUT tải văn bản, xác nhận 'done' với trục đúng một lần, tự báo 01 đúng một lần và liệt kê văn bản với số, "
        "ký hiệu, trích yếu, đơn vị gửi.",
    )
    FETCHED = Check("document-fetched", ("TR-05",), Text("the document is fetched", "văn bản được tải về"))
    DONE = Check("confirmed-with-done", ("ST-13",), Text("it is confirmed with 'done'", "được xác nhận bằng 'done'"))
    REPORTED = Check("arrival-reported", ("ST-06", "ST-01"), Text("01 comes by itself", "tự động báo 01"))
    ONCE = Check("confirmed-once", ("ST-13",), Text("it is confirmed only once", "chỉ xác nhận một lần"))
    ONE_REPORT = Check("arrival-reported-once", ("ST-11",), Text("01 comes only once", "chỉ báo 01 một lần"))
    FIELDS = Check("listed-with-its-fields", ("HD-36",), Text("it is listed with its fields", "được liệt kê đủ trường"))
    checks = (FETCHED, DONE, REPORTED, ONCE, ONE_REPORT, FIELDS)

    async def drive(self, stage: Stage) -> None:
        """One letter; then time for what should not happen."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await stage.quiet()
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Positive checks first; 'once' only where it happened at all."""
        document = evidence.sent()
        done = evidence.confirmed(document, "done")
        arrivals = evidence.statuses_from_sut(None, "01")
        yield evidence.expect(
            self.FETCHED,
            evidence.fetched(document),
            document,
            held=Text("the SUT fetched it", "SUT đã tải văn bản"),
            broken=Text("the SUT polled, but never fetched it", "SUT có hỏi trục nhưng không tải văn bản"),
        )
        yield evidence.expect(
            self.DONE,
            done,
            document,
            held=Text("the SUT confirmed 'done'", "SUT đã xác nhận 'done'"),
            broken=Text("the SUT never confirmed 'done'", "SUT không xác nhận 'done'"),
        )
        yield evidence.expect(
            self.REPORTED,
            arrivals,
            document,
            held=Text("01 came without a hand", "01 được gửi tự động"),
            broken=Text("01 never came", "không có trạng thái 01"),
        )
        taken = evidence.taken(document)
        every = evidence.confirmed(document)
        yield self.ONCE.decide(
            len(every) == 1,
            *every,
            held=Text("one confirm", "một lần xác nhận"),
            broken=Text(f"confirmed {len(every)} times", f"xác nhận {len(every)} lần"),
        )
        evidence.require(arrivals, Text("01 never came at all", "chưa từng có 01"), taken)
        yield self.ONE_REPORT.decide(
            len(arrivals) == 1,
            *arrivals,
            held=Text("one 01", "một trạng thái 01"),
            broken=Text(f"01 came {len(arrivals)} times", f"01 được gửi {len(arrivals)} lần"),
        )
        yield self._fields(evidence)

    def _fields(self, evidence: CaseEvidence) -> Finding:
        document = evidence.sent()
        look = evidence.look("in")
        number, _, notation = document.code.partition("/")
        wanted = {"code_number": number, "code_notation": notation, "kind": "new", "state": "arrived"}

        def flaws(row: Mapping[str, Any]) -> list[str]:
            found = [f"{name}={row.get(name)!r}" for name, value in wanted.items() if row.get(name) != value]
            found += [f"from={row.get('from')!r}"] if row.get("from") not in evidence.lane.codes else []
            return found if row.get("subject") else [*found, "subject"]

        wrong = look.flaws(document.document_id, flaws)
        return self.FIELDS.decide(
            not wrong,
            document,
            look,
            held=Text(
                "number, notation, kind, state and sender are right", "số, ký hiệu, loại, trạng thái, nơi gửi đúng"
            ),
            broken=Text(f"missing or different: {', '.join(wrong)}", f"thiếu hoặc khác: {', '.join(wrong)}"),
        )


class ThreeDocuments(Case):
    """Three documents on one lane all arrive and are not mixed up."""

    id = "receiving/three-documents"
    title = Text("Three documents from one sender", "Ba văn bản từ một đơn vị gửi")
    expected = Text(
        "All three are confirmed, each gets its own 01, each is listed with its own subject.",
        "Cả ba được xác nhận, mỗi văn bản có 01 riêng và được liệt kê với trích yếu của nó.",
    )
    ALL = Check("every-document-arrives", ("TR-05", "ST-13"), Text("all are taken in", "nhận đủ mọi văn bản"))
    EACH = Check("every-document-answered", ("ST-06",), Text("each gets its own 01", "mỗi văn bản có 01 riêng"))
    APART = Check("documents-not-mixed-up", ("HD-36",), Text("each keeps its subject", "mỗi văn bản đúng trích yếu"))
    checks = (ALL, EACH, APART)

    async def drive(self, stage: Stage) -> None:
        """Three letters in a row, whose subjects differ."""
        sent = []
        for name in ("first", "second", "third"):
            package = letter(stage, subject=f"Về việc thử nghiệm {name} {stage.random.randint(1000, 9999)}")
            stage.note("subject", label=name, subject=package.subject)
            sent.append(await stage.send(package, label=name))
        await arrive(stage, *sent)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """All, each, apart."""
        sent = [evidence.sent(name) for name in ("first", "second", "third")]
        done = [took(evidence, each) for each in sent]
        missing = ", ".join(each.label for each, found in zip(sent, done, strict=True) if not found)
        yield evidence.expect(
            self.ALL,
            [found[0] for found in done if found] if all(done) else (),
            sent[-1],
            held=Text("all three fetched, confirmed and kept", "cả ba đã tải, xác nhận và giữ lại"),
            broken=Text(f"not taken in: {missing}", f"chưa nhận: {missing}"),
        )
        evidence.require(all(done), Text("not all were taken in", "chưa nhận đủ"), *sent)
        answers = [evidence.statuses_from_sut(each, "01") for each in sent]
        yield evidence.expect(
            self.EACH,
            [found[0] for found in answers if found] if all(answers) else (),
            sent[-1],
            held=Text("three times 01", "ba trạng thái 01"),
            broken=Text("an 01 is missing", "thiếu trạng thái 01"),
        )
        evidence.require(all(answers), Text("not all were reported with 01", "chưa báo 01 đủ"), *sent)
        look = evidence.look("in")
        subjects = {note["values"]["label"]: note["values"]["subject"] for note in evidence.notes("subject")}
        mixed = [
            each.label
            for each in sent
            if {row.get("subject") for row in look.of(each.document_id)} != {subjects[each.label]}
        ]
        yield self.APART.decide(
            not mixed,
            look,
            held=Text("each row has its own subject", "mỗi dòng đúng trích yếu"),
            broken=Text(f"wrong or missing: {', '.join(mixed)}", f"sai hoặc thiếu: {', '.join(mixed)}"),
        )


class EitherCode(Case):
    """A document addressed by the old code and one by the new code both reach the SUT."""

    id = "receiving/either-code"
    title = Text("Addressed by the old code, addressed by the new one", "Gửi theo mã cũ và theo mã mới")
    expected = Text(
        "Both codes of the unit are one unit: both documents are taken in and reported with 01.",
        "Hai mã của một đơn vị là một đơn vị: cả hai văn bản được nhận và báo 01.",
    )
    OLD = Check("old-code-taken", ("ID-11",), Text("the old code reaches the SUT", "mã cũ đến được SUT"))
    NEW = Check("new-code-taken", ("ID-11",), Text("the new code reaches the SUT", "mã mới đến được SUT"))
    checks = (OLD, NEW)

    async def drive(self, stage: Stage) -> None:
        """One letter to each spelling that the directory has."""
        stage.note("codes", codes=list(stage.sut.organs))
        sent = [
            await stage.send(letter(stage, to=[code]), label=name)
            for name, code in zip(("old", "new"), sorted(stage.sut.organs, key=len, reverse=True), strict=False)
        ]
        await arrive(stage, *sent)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """01 means: taken for its own."""
        for check, name in ((self.OLD, "old"), (self.NEW, "new")):
            document = evidence.sent(name)
            answers = evidence.statuses_from_sut(document)
            good = [each for each in answers if each.code == "01"]
            refused = any(each.code == "02" for each in answers)
            yield evidence.expect(
                check,
                () if refused else good,
                document,
                held=Text("taken in and reported with 01", "đã nhận và báo 01"),
                broken=Text(f"the SUT answered {codes(answers)}", f"SUT trả lời {codes(answers)}"),
            )


class BothCodesOnce(Case):
    """A document that lists the SUT under both of its codes arrives once."""

    id = "receiving/both-codes-once"
    title = Text("Listed under both codes", "Ghi nhận cả hai mã")
    expected = Text(
        "The unit stands twice in To, as the axis itself writes it; the SUT has one document and reports one 01.",
        "Đơn vị xuất hiện hai lần trong To như chính trục ghi; SUT chỉ có một văn bản và báo một 01.",
    )
    ONE_ROW = Check("both-codes-one-document", ("ID-11",), Text("one document in the box", "một văn bản trong hộp đến"))
    ONE_REPORT = Check("both-codes-one-arrival", ("ID-11", "ST-11"), Text("one 01", "một trạng thái 01"))
    checks = (ONE_ROW, ONE_REPORT)

    async def drive(self, stage: Stage) -> None:
        """One letter, both spellings in To."""
        document = await stage.send(letter(stage, to=stage.sut.organs))
        await arrive(stage, document)
        await stage.quiet()
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Exactly one of each, once it was taken in."""
        document = evidence.sent()
        taken = evidence.taken(document)
        arrivals = evidence.statuses_from_sut(document, "01")
        evidence.require(arrivals, Text("01 never came", "không có 01"), taken)
        look = evidence.look("in")
        rows = look.counted(document.document_id)
        yield self.ONE_ROW.decide(
            len(rows) == 1,
            document,
            taken,
            look,
            held=Text("one row", "một dòng"),
            broken=Text(f"{len(rows)} rows", f"{len(rows)} dòng"),
        )
        yield self.ONE_REPORT.decide(
            len(arrivals) == 1,
            *arrivals,
            held=Text("one 01", "một 01"),
            broken=Text(f"{len(arrivals)} times 01", f"{len(arrivals)} lần 01"),
        )


CASES: tuple[Case, ...] = (PlainDocument(), ThreeDocuments(), EitherCode(), BothCodesOnce())
