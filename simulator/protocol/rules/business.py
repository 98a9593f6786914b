"""What a packet does: Bussiness (the wire's spelling), type 0-3 and what each must carry (wire.md C.4)."""

from collections.abc import Iterator

from simulator.protocol import names
from simulator.protocol.business import KINDS, BusinessKind, BusinessType, target_document_id
from simulator.protocol.codec import Reading
from simulator.protocol.package import Package
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_AT = f"{names.TRACE_LIST}/{names.BUSINESS}"
_TYPE_AT = f"{_AT}/BussinessDocType"
_UNCLEAR = Text(
    en="a receiver cannot tell what to do with it",
    vi="bên nhận không biết phải xử lý thế nào",
)


def _kind(package: Package) -> BusinessKind | None:
    return next((kind for kind in KINDS if kind.type == package.business_type), None)


def _is(package: Package, kind: BusinessType) -> bool:
    return package.business_type == kind


@rule(
    "business-type-unknown",
    "BZ-01",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("BussinessDocType is 0, 1, 2 or 3", "BussinessDocType là 0, 1, 2 hoặc 3"),
    good="update.edxml",
    unprocessable=_UNCLEAR,
)
@of_package
def business_type_unknown(package: Package, _: Reading) -> Iterator[Breach]:
    """New, recall, update, replacement; nothing else was ever seen."""
    if package.business_type is not None and _kind(package) is None:
        yield Breach(
            _TYPE_AT,
            Text(en=f"{package.business_type} is unknown", vi=f"không có nghiệp vụ {package.business_type}"),
        )


@rule(
    "business-type-unreadable",
    "BZ-01",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("BussinessDocType is a number", "BussinessDocType là số"),
    good="recall.edxml",
    unprocessable=_UNCLEAR,
)
@of_package
def business_type_unreadable(package: Package, reading: Reading) -> Iterator[Breach]:
    """An absent Bussiness means 0; a Bussiness without a readable type means nothing."""
    if package.business_type is None:
        text = (reading.text(_TYPE_AT) or "").strip()
        yield Breach(
            _TYPE_AT,
            Text(en=f"'{shown(text)}' is no number", vi=f"'{shown(text)}' không phải số")
            if text
            else Text(en="Bussiness has no BussinessDocType", vi="Bussiness không có BussinessDocType"),
        )


@rule(
    "business-spelt-right",
    "BZ-01",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("The element is spelt Bussiness, as on the wire", "Tên phần tử viết là Bussiness như trên đường truyền"),
    good="recall.edxml",
)
@of_package
def business_spelt_right(package: Package, _: Reading) -> Iterator[Breach]:
    """With the English spelling a recall reads as a new document."""
    for item in package.unknown:
        if item.element.name.startswith("Business"):
            yield Breach(
                f"{item.parent}/{item.element.name}",
                Text(
                    en=f"{item.element.name} is not read; the wire's spelling is {names.BUSINESS}",
                    vi=f"{item.element.name} không được đọc; trên đường truyền viết là {names.BUSINESS}",
                ),
            )


@rule(
    "business-reason-missing",
    "BZ-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Recall, update and replacement give a reason", "Thu hồi, cập nhật, thay thế phải nêu lý do"),
    good="recall.edxml",
)
@of_package
def business_reason_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """One product sends none when it recalls from a single receiver (pitfall 7)."""
    kind = _kind(package)
    if kind and kind.needs_reason and package.business and not package.business.reason:
        yield Breach(
            f"{_AT}/BussinessDocReason",
            Text(en=f"no reason for the {kind.name.en}", vi=f"không nêu lý do {kind.name.vi}"),
        )


@rule(
    "business-target-missing",
    "BZ-03",
    "BZ-09",
    "BZ-11",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("Recall, update and replacement name a document", "Thu hồi, cập nhật, thay thế phải nêu văn bản"),
    good="recall.edxml",
    unprocessable=Text(en="no document is meant by it", vi="không chỉ ra văn bản nào"),
)
@of_package
def business_target_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """In none of the places where receivers look (contract 6)."""
    kind = _kind(package)
    if kind and kind.needs_target and not target_document_id(package):
        yield Breach(
            f"{_AT}/DocumentId",
            Text(
                en=f"nothing says which document this {kind.name.en} is about",
                vi=f"không nêu {kind.name.vi} cho văn bản nào",
            ),
        )


@rule(
    "recall-without-response-for",
    "BZ-03",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A recall lists a ResponseFor", "Gói thu hồi có ResponseFor"),
    good="recall.edxml",
)
@of_package
def recall_without_response_for(package: Package, _: Reading) -> Iterator[Breach]:
    """One per receiver concerned, in the sample."""
    if _is(package, BusinessType.RECALL) and not package.response_for:
        yield Breach(
            "MessageHeader/ResponseFor",
            Text(
                en="the sample's recall names the document in a ResponseFor for each receiver",
                vi="gói thu hồi mẫu nêu văn bản trong ResponseFor cho từng đơn vị nhận",
            ),
        )


@rule(
    "update-without-document",
    "BZ-09",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("An update names the updated document in Bussiness", "Gói cập nhật nêu văn bản gốc trong Bussiness"),
    good="update.edxml",
)
@of_package
def update_without_document(package: Package, _: Reading) -> Iterator[Breach]:
    """Bussiness/DocumentId in the sample; without it receivers guess by MessageHeader."""
    if _is(package, BusinessType.UPDATE) and package.business and not package.business.document_id:
        yield Breach(f"{_AT}/DocumentId", Text(en="Bussiness has no DocumentId", vi="Bussiness không có DocumentId"))


@rule(
    "update-without-scope",
    "BZ-09",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("An update says what it changes", "Gói cập nhật nêu nội dung thay đổi"),
    good="update.edxml",
)
@of_package
def update_without_scope(package: Package, _: Reading) -> Iterator[Breach]:
    """BussinessDocumentInfo: the content, the receivers, or both."""
    if _is(package, BusinessType.UPDATE) and package.business:
        infos = package.business.document_infos
        if not any(1 in (info.document_info, info.document_receiver) for info in infos):
            yield Breach(
                f"{_AT}/BussinessDocumentInfo",
                Text(
                    en="neither DocumentInfo nor DocumentReceiver is 1: nothing changes",
                    vi="DocumentInfo và DocumentReceiver đều không bằng 1: không có gì thay đổi",
                ),
            )


@rule(
    "update-flag-unknown",
    "BZ-09",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("The flags of an update are 0 or 1", "Các cờ của gói cập nhật là 0 hoặc 1"),
    good="update.edxml",
)
@of_package
def update_flag_unknown(_: Package, reading: Reading) -> Iterator[Breach]:
    """DocumentInfo, DocumentReceiver, ReceiverType."""
    info = f"{_AT}/BussinessDocumentInfo"
    flags = (f"{info}/DocumentInfo", f"{info}/DocumentReceiver", f"{info}/ReceiverList/Receiver/ReceiverType")
    for leaf, text in filled(reading, *flags):
        if text not in ("0", "1"):
            yield Breach(
                leaf.path, Text(en=f"'{shown(text)}' is neither 0 nor 1", vi=f"'{shown(text)}' không phải 0 hay 1")
            )


@rule(
    "update-receivers-empty",
    "BZ-09",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Changed receivers are listed", "Danh sách đơn vị nhận thay đổi không được trống"),
    good="update.edxml",
)
@of_package
def update_receivers_empty(package: Package, _: Reading) -> Iterator[Breach]:
    """DocumentReceiver = 1 with an empty ReceiverList."""
    for number, info in enumerate(package.business.document_infos if package.business else (), 1):
        if info.document_receiver == 1 and not any(receiver.organ_id for receiver in info.receivers):
            yield Breach(
                f"{_AT}/BussinessDocumentInfo[{number}]/ReceiverList",
                Text(
                    en="DocumentReceiver is 1, but no receiver is listed",
                    vi="DocumentReceiver bằng 1 nhưng không liệt kê đơn vị nhận nào",
                ),
            )


@rule(
    "replacement-list-empty",
    "BZ-11",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A replacement lists what it replaces", "Gói thay thế liệt kê văn bản bị thay thế"),
    good="replace.edxml",
)
@of_package
def replacement_list_empty(package: Package, _: Reading) -> Iterator[Breach]:
    """ReplacementInfoList/ReplacementInfo/DocumentId."""
    if _is(package, BusinessType.REPLACE) and package.business:
        named = [item for group in package.business.replacements for item in group.items if item.document_id]
        if not named:
            yield Breach(
                f"{_AT}/ReplacementInfoList",
                Text(en="no replaced document is listed", vi="không liệt kê văn bản bị thay thế nào"),
            )


@rule(
    "replacement-without-organs",
    "BZ-11",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A replacement lists the units concerned", "Gói thay thế liệt kê đơn vị liên quan"),
    good="replace.edxml",
)
@of_package
def replacement_without_organs(package: Package, _: Reading) -> Iterator[Breach]:
    """OrganIdList: the old document is marked replaced only for the units listed."""
    for outer, group in enumerate(package.business.replacements if package.business else (), 1):
        for inner, item in enumerate(group.items, 1):
            if item.document_id and not item.organ_ids:
                yield Breach(
                    f"{_AT}/ReplacementInfoList[{outer}]/ReplacementInfo[{inner}]/OrganIdList",
                    Text(en="no unit is listed", vi="không liệt kê đơn vị nào"),
                )


@rule(
    "paper-unknown",
    "HD-35",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Paper is 0 or 1", "Paper là 0 hoặc 1"),
    good="update.edxml",
)
@of_package
def paper_unknown(_: Package, reading: Reading) -> Iterator[Breach]:
    """0 no paper copy follows, 1 one does; one reader takes it for a count of pages."""
    for leaf, text in filled(reading, f"{_AT}/Paper", f"{names.TRACE_LIST}/Paper"):
        if text not in ("0", "1"):
            yield Breach(
                leaf.path, Text(en=f"'{shown(text)}' is neither 0 nor 1", vi=f"'{shown(text)}' không phải 0 hay 1")
            )


RULES: tuple[Rule, ...] = (
    business_type_unknown,
    business_type_unreadable,
    business_spelt_right,
    business_reason_missing,
    business_target_missing,
    recall_without_response_for,
    update_without_document,
    update_without_scope,
    update_flag_unknown,
    update_receivers_empty,
    replacement_list_empty,
    replacement_without_organs,
    paper_unknown,
)
