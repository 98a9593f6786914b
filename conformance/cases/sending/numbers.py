"""Number and notation: given apart, sent apart, and together again the text on the document. DI-05, HD-10, HD-11."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.sending.base import Sending, differing, kept_back, leaves, leaving, left, orders
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import Code, Package
from simulator.words import Text

__all__ = ["CASES"]


def _code(package: Package) -> Code:
    return package.code or Code()


def _both(package: Package) -> str:
    return f"{_code(package).number} | {_code(package).notation}"


class Forms(Sending):
    """Numbers as they are in use: plain, with a letter, with a year in the notation."""

    id = "sending/number-forms"
    title = Text("Number and notation in their forms", "Các dạng số và ký hiệu")
    expected = Text(
        "105 | UBND-VP, 12a | UBND-TH and 37 | 2026/NQ-HĐND stand in CodeNumber and CodeNotation as they were given; "
        "joined by '/' they are the text on the document.",
        "105 | UBND-VP, 12a | UBND-TH và 37 | 2026/NQ-HĐND nằm trong CodeNumber và CodeNotation đúng như đã nhập; "
        "ghép bằng '/' thành đúng số, ký hiệu trên văn bản.",
    )
    PARTS = Check("number-and-notation-apart", ("HD-10", "HD-11"), Text("each in its own field", "mỗi phần một trường"))
    JOINED = Check(
        "joined-number-as-ordered",
        ("HD-10", "HD-11", "DI-05"),
        Text("joined they are the order", "ghép lại đúng yêu cầu"),
    )
    LETTER = Check("letter-in-number-kept", ("HD-10",), Text("12a stays 12a", "12a vẫn là 12a"))
    YEAR = Check("second-slash-kept", ("HD-11",), Text("the slash in the notation stays", "giữ dấu / trong ký hiệu"))
    checks = (PARTS, JOINED, LETTER, YEAR)

    async def drive(self, stage: Stage) -> None:
        """Three orders; the number that is drawn makes them new in each run."""
        draw, year = stage.random, stage.now().year
        await orders(stage, "plain", code_number=str(draw.randint(100, 999)), code_notation="UBND-VP")
        await orders(stage, "letter", code_number=f"{draw.randint(10, 99)}a", code_notation="UBND-TH")
        await orders(
            stage,
            "year",
            code_number=str(draw.randint(10, 99)),
            code_notation=f"{year}/NQ-HĐND",
            type_name="Nghị quyết",
        )
        await leaves(stage, "plain", "letter", "year")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The parts, then the whole."""
        parts: dict[str, tuple[object, object]] = {}
        whole: dict[str, tuple[object, object]] = {}
        for label in ("plain", "letter", "year"):
            told, document = left(evidence, label)
            wanted = Code(told.request["code_number"], told.request["code_notation"])
            parts[label] = (f"{wanted.number} | {wanted.notation}", _both(document.package))
            whole[label] = (wanted.text, _code(document.package).text)
        yield differing(self.PARTS, evidence, parts)
        yield differing(self.JOINED, evidence, whole)
        yield differing(self.LETTER, evidence, {"letter": parts["letter"]})
        yield differing(self.YEAR, evidence, {"year": parts["year"]})


class BelowTen(Sending):
    """A number below 10 is given as 5 and leaves as 05."""

    id = "sending/number-below-ten"
    title = Text("A number below 10", "Số nhỏ hơn 10")
    expected = Text(
        "Ordered as 5, sent as 05 (Decree 30/2020, Appendix I); 5 is only a warning.",
        "Nhập 5, gửi đi là 05 (NĐ 30/2020, Phụ lục I); ghi 5 chỉ bị cảnh báo.",
    )
    ZERO = Check("number-below-ten-has-zero", ("HD-10",), Text("it leaves with a leading 0", "có số 0 đứng trước"))
    SAME = Check("number-below-ten-same", ("HD-10", "DI-05"), Text("it is the same number", "vẫn là số đó"))
    checks = (ZERO, SAME)

    async def drive(self, stage: Stage) -> None:
        """One digit."""
        notation = f"UBND-NC{stage.random.randint(10, 99)}"
        if await orders(stage, code_number=str(stage.random.randint(1, 9)), code_notation=notation):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """With the zero; and the same digit in any case."""
        told, document = left(evidence)
        wanted, sent = str(told.request["code_number"]), _code(document.package).number
        for check, good in ((self.ZERO, sent == f"0{wanted}"), (self.SAME, sent.lstrip("0") == wanted)):
            yield check.decide(
                good,
                told,
                document,
                held=Text(f"ordered {wanted}, sent {sent}", f"nhập {wanted}, gửi {sent}"),
                broken=Text(f"ordered {wanted}, CodeNumber is '{sent}'", f"nhập {wanted}, CodeNumber là '{sent}'"),
            )


class Spaces(Sending):
    """A clerk types spaces before and behind number and notation; what leaves bears none of them."""

    id = "sending/number-with-spaces"
    title = Text("Spaces around number and notation", "Số, ký hiệu có khoảng trắng thừa")
    expected = Text(
        "' UBND-VP ' is refused, or leaves as 'UBND-VP': spaces are taken out, nothing else is changed.",
        "' UBND-VP ' bị từ chối hoặc được gửi là 'UBND-VP': chỉ bỏ khoảng trắng, không sửa gì khác.",
    )
    SAME = Check("spaced-notation-recognisable", ("HD-11",), Text("only spaces go", "chỉ bỏ khoảng trắng"))
    checks = (SAME,)

    async def drive(self, stage: Stage) -> None:
        """The twin first."""
        await orders(stage)
        await leaves(stage)
        number, notation = f" {stage.random.randint(100, 9999)} ", f"  UBND-VP{stage.random.randint(10, 99)} "
        await orders(stage, "spaced", code_number=number, code_notation=notation)
        await stage.quiet(1)
        await stage.look("out", label="spaced")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Refused, or the same without its spaces."""
        asked = evidence.acts("POST /control/send", label="spaced")
        request = asked[-1]["request"] if asked else {}
        wanted = tuple(str(request.get(name, "")).strip() for name in ("code_number", "code_notation"))
        if asked and 200 <= asked[-1]["status"] < 300:
            told, document = left(evidence, "spaced")
            sent = _code(document.package)
            yield self.SAME.decide(
                (sent.number, sent.notation) == wanted,
                told,
                document,
                held=Text(f"sent as '{sent.text}'", f"gửi là '{sent.text}'"),
                broken=Text(f"sent as '{_both(document.package)}'", f"gửi là '{_both(document.package)}'"),
            )
            return
        yield kept_back(self.SAME, evidence, "spaced", shown=_both)


class NoNotation(Sending):
    """A number without any notation: nothing is guessed for it."""

    id = "sending/number-without-notation"
    title = Text("A number without a notation", "Có số nhưng không có ký hiệu")
    expected = Text(
        "The SUT refuses it or sends the number alone; no notation is invented, the number is not split.",
        "SUT từ chối hoặc chỉ gửi số; không tự đặt ký hiệu, không tách số.",
    )
    ALONE = Check("notation-not-invented", ("HD-11", "HD-37"), Text("no notation is invented", "không tự đặt ký hiệu"))
    checks = (ALONE,)

    async def drive(self, stage: Stage) -> None:
        """The twin has one."""
        await orders(stage)
        await leaves(stage)
        await orders(stage, "bare", code_notation="")
        await stage.quiet(1)
        await stage.look("out", label="bare")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Refused, or the number alone."""
        asked = evidence.acts("POST /control/send", label="bare")
        number = str(asked[-1]["request"]["code_number"]) if asked else ""
        yield kept_back(
            self.ALONE,
            evidence,
            "bare",
            shown=_both,
            allowed=lambda package: (_code(package).number, _code(package).notation) == (number, ""),
        )


class SameNumberTwice(Sending):
    """A number and notation are given once in a year; the same number under another notation is another one."""

    id = "sending/same-number-twice"
    title = Text("The same number twice in a year", "Cấp trùng số trong một năm")
    expected = Text(
        "The second document with the same number and notation is refused, or leaves under another number that the "
        "system gave it; with another notation it leaves.",
        "Văn bản thứ hai trùng số và ký hiệu bị từ chối, hoặc được hệ thống cấp số khác rồi gửi; khác ký hiệu thì được "
        "gửi.",
    )
    OTHER = Check("other-notation-other-number", ("HD-11",), Text("another notation is free", "ký hiệu khác thì gửi"))
    ONCE = Check("number-given-once-a-year", ("DI-03",), Text("the second is refused", "văn bản thứ hai bị từ chối"))
    checks = (OTHER, ONCE)

    async def drive(self, stage: Stage) -> None:
        """The first, the twin under another notation, the same again with another subject."""
        number, field = str(stage.random.randint(100, 9999)), stage.random.randint(10, 99)
        await orders(stage, "first", code_number=number, code_notation=f"UBND-VP{field}")
        await orders(stage, "other", code_number=number, code_notation=f"UBND-TH{field}")
        await leaves(stage, "first", "other")
        subject = f"Về việc dùng lại số đã cấp {stage.random.randint(1000, 9999)}"
        await orders(stage, "again", code_number=number, code_notation=f"UBND-VP{field}", subject=subject)
        await stage.quiet(1)
        await stage.look("out", label="again")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The twin, then the repetition."""
        yield leaving(self.OTHER, evidence, "other")
        taken = evidence.order("first").request["code_number"]
        yield kept_back(
            self.ONCE,
            evidence,
            "again",
            shown=_both,
            allowed=lambda package: _code(package).number != taken,
            twin="first",
        )


CASES: tuple[Case, ...] = (Forms(), BelowTen(), Spaces(), NoNotation(), SameNumberTwice())
