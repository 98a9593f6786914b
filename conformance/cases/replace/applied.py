"""A replacement arrives for documents that the SUT holds: it is a document, the old ones give way to it. BZ-11."""

from collections.abc import Iterable, Sequence

from conformance.case import Case
from conformance.cases.changes import hold_all, replacement_of, stands
from conformance.cases.steps import act, answered, arrive, codes
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


class Replaces(Case):
    """``old`` documents arrive, then one that replaces them at ``organs`` (None: at the SUT)."""

    capability = "replace"
    old: Sequence[str] = ("document",)

    def organs(self, stage: Stage) -> Sequence[str] | None:
        """The units concerned."""
        return None

    async def drive(self, stage: Stage) -> None:
        """The old, the new, a look."""
        await self.replace(stage)
        await stage.quiet(1)
        await stage.look("in")

    async def replace(self, stage: Stage) -> None:
        """The old ones in one poll, the new one in the next."""
        olds = await hold_all(stage, {label: letter(stage) for label in self.old})
        new = replacement_of(stage, *(each.document_id for each in olds), organs=self.organs(stage))
        await arrive(stage, await stage.send(new, label="new"))

    def arrives(self, check: Check, evidence: CaseEvidence) -> Finding:
        """The new one is taken as a document: 01."""
        new = evidence.sent("new")
        return answered(check, evidence, new, "01", new)

    def replaced(self, check: Check, look: Look, old: Sent, *cites: Cited) -> Finding:
        """The old one is shown as replaced."""
        state = look.state(old.document_id) or "–"
        return check.decide(
            "replaced" in look.states(old.document_id),
            *cites,
            look,
            held=Text(f"'{old.label}' is replaced", f"'{old.label}' đã bị thay thế"),
            broken=Text(f"'{old.label}' is shown as '{state}'", f"'{old.label}' hiển thị là '{state}'"),
        )


class OldMarked(Replaces):
    """The new document arrives, the old one is marked, and they are linked."""

    id = "replace/old-marked-replaced"
    title = Text("A document is replaced", "Văn bản bị thay thế")
    expected = Text(
        "01 for the new document; the old one is shown as replaced, and one of the two names the other.",
        "01 cho văn bản mới; văn bản cũ hiển thị đã bị thay thế, hai văn bản liên kết với nhau.",
    )
    ARRIVES = Check("replacement-arrives", ("ST-06", "BZ-13"), Text("01 for the new one", "01 cho văn bản mới"))
    LISTED = Check("replacement-listed", ("BZ-13",), Text("the new one is listed", "văn bản mới có trong sổ"))
    MARKED = Check("old-marked-replaced", ("BZ-11",), Text("the old one is marked", "đánh dấu văn bản cũ"))
    LINKED = Check("replacement-linked", ("BZ-11",), Text("they are linked", "hai văn bản liên kết"))
    checks = (ARRIVES, LISTED, MARKED, LINKED)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """01, then the two rows."""
        old, new = evidence.sent(), evidence.sent("new")
        yield self.arrives(self.ARRIVES, evidence)
        taken, look = evidence.taken(new), evidence.look("in")
        rows = look.of(new.document_id)
        shown = "; ".join(sorted(f"{row.get('kind')}, {row.get('state')}" for row in rows)) or "–"
        yield self.LISTED.decide(
            look.of(new.document_id, kind="replace", state="arrived"),
            taken,
            look,
            held=Text("listed as a replacement", "có trong sổ là văn bản thay thế"),
            broken=Text(f"shown as {shown}", f"hiển thị: {shown}"),
        )
        yield self.replaced(self.MARKED, look, old, taken)
        links = {row.get("refers_to") for row in (*rows, *look.of(old.document_id))}
        yield self.LINKED.decide(
            links & {old.document_id, new.document_id},
            taken,
            look,
            held=Text("refers_to names the other one", "refers_to nêu văn bản kia"),
            broken=Text("neither names the other", "không văn bản nào nêu văn bản kia"),
        )


class OnlyListedOrgans(Replaces):
    """OrganIdList names other units only: here the old document stands."""

    id = "replace/only-for-listed-units"
    title = Text("A replacement that concerns other units", "Thay thế chỉ áp dụng cho đơn vị khác")
    expected = Text(
        "01 for the new document; the old one stands, because OrganIdList does not name this unit.",
        "01 cho văn bản mới; văn bản cũ vẫn còn hiệu lực vì OrganIdList không nêu đơn vị này.",
    )
    ARRIVES = Check("unlisted-replacement-arrives", ("ST-06", "BZ-11"), Text("01 for the new one", "01 cho bản mới"))
    STANDS = Check("old-stands-where-unlisted", ("BZ-11",), Text("the old one stands", "văn bản cũ còn hiệu lực"))
    checks = (ARRIVES, STANDS)

    def organs(self, stage: Stage) -> Sequence[str]:
        """A unit that is not the SUT."""
        return ("000.00.00.H99",)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """That the new one was taken in is the twin."""
        yield self.arrives(self.ARRIVES, evidence)
        taken, look = evidence.taken(evidence.sent("new")), evidence.look("in")
        yield stands(self.STANDS, evidence, look, evidence.sent(), taken)


class TwoByOne(Replaces):
    """One document replaces two."""

    id = "replace/two-by-one"
    title = Text("Two documents are replaced by one", "Một văn bản thay thế hai văn bản")
    expected = Text("Both old documents are shown as replaced.", "Cả hai văn bản cũ hiển thị đã bị thay thế.")
    old = ("first", "second")
    FIRST = Check("first-of-two-replaced", ("BZ-11",), Text("the first is", "văn bản thứ nhất"))
    SECOND = Check("second-of-two-replaced", ("BZ-11",), Text("the second is", "văn bản thứ hai"))
    checks = (FIRST, SECOND)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """One by one."""
        taken, look = evidence.taken(evidence.sent("new")), evidence.look("in")
        for check, label in zip(self.checks, self.old, strict=True):
            yield self.replaced(check, look, evidence.sent(label), taken)


class SuccessorInWork(Replaces):
    """The clerk works with the new document: its statuses name it, and none leaves for the old one."""

    id = "replace/new-one-goes-its-way"
    title = Text("The replacement is worked on", "Xử lý văn bản thay thế")
    expected = Text(
        "03 and 05 name the new document; about the old one nothing more is reported.",
        "03 và 05 nêu văn bản mới; không báo thêm gì về văn bản cũ.",
    )
    ACCEPTED = Check("replacement-statuses-name-it", ("HD-32", "ST-02"), Text("03, 05 name it", "03, 05 nêu bản mới"))
    QUIET = Check("old-one-not-reported", ("ST-10",), Text("nothing about the old one", "không báo về bản cũ"))
    checks = (ACCEPTED, QUIET)

    async def drive(self, stage: Stage) -> None:
        """accept, start."""
        await self.replace(stage)
        new = stage.seen.sent("new")
        await act(stage, "accept", new, "03")
        await act(stage, "start", new, "05")
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By the DocumentId that each status names."""
        old, new = evidence.sent(), evidence.sent("new")
        start = evidence.act("start", new)
        about_new = evidence.statuses_from_sut(new, "03", "05")
        yield evidence.expect(
            self.ACCEPTED,
            about_new if codes(about_new) == "03, 05" else (),
            start,
            held=Text("03 and 05 name the new document", "03 và 05 nêu văn bản mới"),
            broken=Text(
                f"about the new document came only: {codes(about_new)}",
                f"về văn bản mới chỉ có: {codes(about_new)}",
            ),
        )
        about_old = [each for each in evidence.statuses_from_sut(old) if each.code != "01"]
        evidence.require(about_new or about_old, Text("no 03 came", "không có 03"), start)
        yield self.QUIET.decide(
            not about_old,
            start,
            *about_old,
            held=Text("nothing but its 01", "chỉ có 01 của nó"),
            broken=Text(f"about the old one came {codes(about_old)}", f"về văn bản cũ có {codes(about_old)}"),
        )


CASES: tuple[Case, ...] = (OldMarked(), OnlyListedOrgans(), TwoByOne(), SuccessorInWork())
