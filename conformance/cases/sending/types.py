"""Types of documents: 29 names, four pairs that differ only in the letter Đ, and none is mapped to another."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.sending.base import Sending, differing, kept_back, leaves, left, orders
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import Code, DocumentType, Package
from simulator.protocol.rules.doctypes import TYPES
from simulator.words import Text

__all__ = ["CASES"]

_ALIKE = (("Đề án", "ĐA-UBND"), ("Dự án", "DA-UBND"), ("Hợp đồng", "HĐ-UBND"), ("Hướng dẫn", "HD-UBND"))
_UNKNOWN = "Văn bản thử nghiệm không có trong danh mục"


def _type(package: Package) -> str:
    return (package.document_type or DocumentType()).name


class Alike(Sending):
    """Đề án and Dự án, Hợp đồng and Hướng dẫn: folded to plain letters they are one."""

    id = "sending/types-alike"
    title = Text("Types that differ in the letter Đ", "Các loại văn bản chỉ khác chữ Đ")
    expected = Text(
        "Each leaves under its own name and with its own abbreviation: ĐA and DA, HĐ and HD.",
        "Mỗi văn bản được gửi đúng tên loại và chữ viết tắt của nó: ĐA và DA, HĐ và HD.",
    )
    NAMES = Check("types-alike-kept-apart", ("DI-08",), Text("the names stay apart", "không lẫn tên loại"))
    SHORT = Check("abbreviations-keep-stroke", ("DI-07", "DI-06"), Text("Đ stays Đ", "chữ Đ vẫn là Đ"))
    checks = (NAMES, SHORT)

    async def drive(self, stage: Stage) -> None:
        """Four orders."""
        for name, notation in _ALIKE:
            await orders(stage, name, type_name=name, code_notation=notation)
        await leaves(stage, *(name for name, _ in _ALIKE))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Names, then abbreviations."""
        names: dict[str, tuple[object, object]] = {}
        shorts: dict[str, tuple[object, object]] = {}
        for name, notation in _ALIKE:
            _, document = left(evidence, name)
            names[name] = (name, _type(document.package))
            shorts[name] = (notation, (document.package.code or Code()).notation)
        yield differing(self.NAMES, evidence, names)
        yield differing(self.SHORT, evidence, shorts)


class Drawn(Sending):
    """Six of the 29 types, drawn: each leaves under its own name."""

    id = "sending/types-of-the-decree"
    title = Text("Types of Decree 30/2020", "Các loại văn bản của Nghị định 30/2020")
    expected = Text("Each leaves under the name it was given.", "Mỗi văn bản được gửi đúng tên loại đã chọn.")
    NAMES = Check("decree-types-kept", ("DI-08",), Text("every name is kept", "giữ nguyên mọi tên loại"))
    checks = (NAMES,)

    async def drive(self, stage: Stage) -> None:
        """The seed draws; over many runs all 29 are seen."""
        drawn = stage.random.sample([each for each in TYPES if each.name != "Công văn"], 6)
        stage.note("types", names=[each.name for each in drawn])
        for each in drawn:
            notation = f"{each.abbreviation}-UBND" if each.abbreviation else "UBND-VP"
            await orders(stage, each.name, type_name=each.name, code_notation=notation)
        await leaves(stage, *(each.name for each in drawn))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """All six."""
        drawn = [str(name) for note in evidence.notes("types") for name in note["values"]["names"]]
        evidence.require(drawn, Text("nothing was ordered", "chưa yêu cầu gửi văn bản nào"))
        names: dict[str, tuple[object, object]] = {
            name: (name, _type(left(evidence, name)[1].package)) for name in drawn
        }
        yield differing(self.NAMES, evidence, names)


class Unknown(Sending):
    """A type that no list has is not turned into the first of the list."""

    id = "sending/unknown-type"
    title = Text("A type that does not exist", "Loại văn bản không có trong danh mục")
    expected = Text(
        "It is refused, or leaves under the very name; it is never mapped to another type.",
        "Bị từ chối hoặc được gửi đúng tên đã nhập; không bao giờ bị đổi sang loại khác.",
    )
    SAME = Check("unknown-type-not-mapped", ("HD-16", "HD-37", "DI-08"), Text("it is not mapped", "không bị đổi loại"))
    checks = (SAME,)

    async def drive(self, stage: Stage) -> None:
        """The twin is a Công văn."""
        await orders(stage)
        await leaves(stage)
        await orders(stage, "unknown", type_name=_UNKNOWN)
        await stage.quiet(1)
        await stage.look("out", label="unknown")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Refused, or the name unchanged."""
        yield kept_back(self.SAME, evidence, "unknown", shown=_type, allowed=lambda package: _type(package) == _UNKNOWN)


CASES: tuple[Case, ...] = (Alike(), Drawn(), Unknown())
