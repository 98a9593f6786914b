"""Wrong fields: cut, folded, constant, invented, or left over from the document before."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import Letter
from simulator.protocol.package import (
    Business,
    DocumentType,
    OtherInfo,
    Package,
    Promulgation,
    Signer,
)
from simulator.protocol.rules.doctypes import TYPES, folded
from simulator.words import Text

__all__ = ["MUTANTS"]


class PlainLetters(Dms):
    """Writes its texts without marks."""

    mutant = Mutant(
        "plain-letters-in-subject",
        Text("writes the subject without accents", "ghi trích yếu không dấu"),
        source="pitfalls 23",
        caught_by=("subject-as-ordered",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """de thi nghi khong dau."""
        package = super().document_package(order, document_id, business)
        return replace(package, subject=folded(package.subject))


class ConstantPlace(Dms):
    """The place of issue was typed in at installation."""

    mutant = Mutant(
        "constant-place",
        Text("writes one place of issue for everything", "luôn ghi một địa danh cố định"),
        source="pitfalls 23",
        caught_by=("place-as-ordered",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """Always Hà Nội."""
        package = super().document_package(order, document_id, business)
        return replace(package, promulgation=replace(package.promulgation or Promulgation(), place="Hà Nội"))


class ConstantType(Dms):
    """Type is always 18."""

    mutant = Mutant(
        "constant-type",
        Text("sends everything as Công văn", "gửi mọi văn bản với loại Công văn"),
        source="pitfalls 23",
        caught_by=("type-name-as-ordered", "decree-types-kept", "types-alike-kept-apart"),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """18, Công văn."""
        package = super().document_package(order, document_id, business)
        return replace(package, document_type=DocumentType(type=18, name="Công văn"))


class TypeByAbbreviation(Dms):
    """Finds the type by its abbreviation, folded to plain letters."""

    mutant = Mutant(
        "type-by-plain-abbreviation",
        Text("mixes up ĐA and DA, HĐ and HD", "lẫn ĐA với DA, HĐ với HD"),
        source="pitfalls 23, regulation 3",
        caught_by=("types-alike-kept-apart",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """The last type of the table with the same plain letters wins."""
        package = super().document_package(order, document_id, business)
        plain = folded(order.code_notation.split("-")[0])
        alike = [each.name for each in TYPES if each.abbreviation and folded(each.abbreviation) == plain]
        return replace(package, document_type=DocumentType(type=2, name=alike[-1])) if alike else package


class CompetenceLost(Dms):
    """Drops KT., TM. before the position."""

    mutant = Mutant(
        "drops-competence",
        Text("drops the authority prefix of the signer", "bỏ mất thẩm quyền ký (KT., TM.)"),
        source="pitfalls 23",
        caught_by=("signer-as-ordered",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """Position and name remain."""
        package = super().document_package(order, document_id, business)
        return replace(package, signer=replace(package.signer or Signer(), competence=""))


class ConstantPriority(Dms):
    """Priority is always 0."""

    mutant = Mutant(
        "constant-priority",
        Text("sends everything with Priority 0", "luôn ghi Priority 0"),
        source="pitfalls 23",
        caught_by=("priority-not-constant",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """Hỏa tốc goes like any letter."""
        package = super().document_package(order, document_id, business)
        return replace(package, other=replace(package.other or OtherInfo(), priority=0))


class CutsTexts(Dms):
    """Its column is shorter than the field."""

    mutant = Mutant(
        "cuts-long-texts",
        Text("cuts the subject at 250 characters", "cắt trích yếu còn 250 ký tự"),
        source="pitfalls 33",
        caught_by=("longest-texts-whole",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """Silently."""
        package = super().document_package(order, document_id, business)
        return replace(package, subject=package.subject[:250].strip())


class CutsOverlong(Dms):
    """Makes a text fit that is too long."""

    mutant = Mutant(
        "cuts-overlong-subject",
        Text("cuts a subject that is too long instead of refusing it", "cắt trích yếu quá dài thay vì từ chối"),
        source="pitfalls 33",
        caught_by=("overlong-subject-refused",),
    )

    def complete(self, order: Order) -> Order:
        """500 characters are left of 501."""
        return replace(order, subject=order.subject[:500])


class CountsGroups(Dms):
    """Counts lengths in groups between dots, so limits never bite."""

    mutant = Mutant(
        "counts-groups",
        Text("counts lengths in groups between dots", "đếm độ dài theo nhóm giữa các dấu chấm"),
        source="pitfalls 37",
        caught_by=("overlong-subject-refused",),
    )

    def length(self, text: str) -> int:
        """One for a text without a dot."""
        return text.count(".") + 1


class StopsAfterFirst(Dms):
    """Its outbox stands still after one document."""

    mutant = Mutant(
        "outbox-stands-still",
        Text("sends one document and no other", "gửi một văn bản rồi không gửi thêm"),
        source="pitfalls 11",
        caught_by=("every-order-leaves",),
    )

    def may_try(self, letter: Letter) -> bool:
        """Only the first line of the outgoing book leaves."""
        return letter.outgoing in (None, 1)


class SendsTwice(Dms):
    """Writes a document anew and sends it again."""

    mutant = Mutant(
        "sends-every-document-twice",
        Text("sends every document twice", "gửi mỗi văn bản hai lần"),
        source="pitfalls 51",
        caught_by=("every-order-leaves-once", "every-receiver-once"),
    )

    def envelopes(self, package: Package) -> tuple[Package, ...]:
        """Written a second time, so its bytes differ and the axis cannot know it."""
        return (*super().envelopes(package), replace(package, content="Gửi lại"))


class KeepsFirstSubject(Dms):
    """Its form keeps what was typed before."""

    mutant = Mutant(
        "keeps-the-first-subject",
        Text("sends the subject of the document before", "gửi trích yếu của văn bản trước"),
        source="pitfalls 74",
        caught_by=("orders-not-mixed-up",),
    )

    _first = ""

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """The field is not emptied."""
        package = super().document_package(order, document_id, business)
        self._first = self._first or package.subject
        return replace(package, subject=self._first)


MUTANTS: tuple[type[Dms], ...] = (
    PlainLetters,
    ConstantPlace,
    ConstantType,
    TypeByAbbreviation,
    CompetenceLost,
    ConstantPriority,
    CutsTexts,
    CutsOverlong,
    CountsGroups,
    StopsAfterFirst,
    SendsTwice,
    KeepsFirstSubject,
)
