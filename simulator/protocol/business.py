"""BussinessDocType 0 … 3: what each kind of packet is and what it must carry (wire.md C.4; SDK samples)."""

from dataclasses import dataclass
from enum import IntEnum

from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["KINDS", "BusinessKind", "BusinessType", "target_document_id"]


class BusinessType(IntEnum):
    """The values of BussinessDocType."""

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACE = 3


@dataclass(frozen=True, slots=True)
class BusinessKind:
    """One type: its word in the contract's control API, its name, and what it must carry."""

    type: BusinessType
    word: str
    name: Text
    needs_reason: bool
    needs_target: bool


KINDS: tuple[BusinessKind, ...] = (
    BusinessKind(BusinessType.NEW, "new", Text("new document", "văn bản điện tử mới"), False, False),
    BusinessKind(BusinessType.RECALL, "recall", Text("recall", "thu hồi văn bản điện tử"), True, True),
    BusinessKind(BusinessType.UPDATE, "update", Text("update", "cập nhật văn bản điện tử"), True, True),
    BusinessKind(BusinessType.REPLACE, "replace", Text("replacement", "văn bản thay thế"), True, True),
)


def target_document_id(package: Package) -> tuple[str, ...]:
    """The DocumentIds that a recall, update or replacement may mean, the likeliest first.

    Recall: MessageHeader, else ResponseFor, else Bussiness (contract 6; not published). Update: Bussiness, else
    ResponseFor, else MessageHeader. Replacement: every ReplacementInfo, else ResponseFor.
    """
    business = package.business
    named = (business.document_id,) if business else ()
    answered = tuple(each.document_id for each in package.response_for)
    match package.business_type:
        case BusinessType.RECALL:
            candidates = (package.document_id, *answered, *named)
        case BusinessType.UPDATE:
            candidates = (*named, *answered, package.document_id)
        case BusinessType.REPLACE:
            replaced = tuple(
                item.document_id for group in (business.replacements if business else ()) for item in group.items
            )
            candidates = (*replaced, *answered, *named)
        case _:
            candidates = ()
    return tuple(dict.fromkeys(filter(None, candidates)))
