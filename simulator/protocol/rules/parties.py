"""Who sends and who receives: From and To (regulation.md 5, rows 1.1 and 1.2)."""

import re
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.identifiers import mapped_code
from simulator.protocol.package import Package
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES", "same_unit"]

_AXIS_TWIN = "TLTVBQG_CDMDD_QD20"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")


def same_unit(one: str, other: str) -> bool:
    """True where both codes are one text, or one the old spelling of the other by the derived rule (ID-11)."""
    return one == other or mapped_code(one) == other or mapped_code(other) == one


@rule(
    "sender-missing",
    "HD-01",
    level=Level.ERROR,
    basis=Basis.OBSERVED,
    title=Text("From names the sending unit", "From nêu mã đơn vị gửi"),
    unprocessable=Text(en="nobody can be answered", vi="không biết trả lời cho ai"),
)
@of_package
def sender_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """The builder leaves From out silently where it was not set (wire.md C.1)."""
    if package.sender is None:
        yield Breach("MessageHeader/From", Text(en="there is no From", vi="không có From"))
    elif not package.sender.organ_id:
        yield Breach("MessageHeader/From/OrganId", Text(en="From has no OrganId", vi="From không có OrganId"))


@rule(
    "sender-name-missing",
    "HD-02",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("From names the unit in words", "From có tên đơn vị gửi"),
)
@of_package
def sender_name_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """Mandatory in two products."""
    if package.sender and package.sender.organ_id and not package.sender.name:
        yield Breach("MessageHeader/From/OrganName", Text(en="From has no OrganName", vi="From không có OrganName"))


@rule(
    "no-receiver",
    "HD-08",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A package has a receiver", "Gói tin có đơn vị nhận"),
    good="minimal-new.edxml",
    unprocessable=Text(en="it can be delivered to nobody", vi="không thể chuyển cho ai"),
)
@of_package
def no_receiver(package: Package, _: Reading) -> Iterator[Breach]:
    """Without the header ``to`` the receivers come from To/OrganId (wire.md A.2)."""
    if not package.receivers:
        yield Breach("MessageHeader/To", Text(en="there is no To", vi="không có To"))
    elif not any(party.organ_id for party in package.receivers):
        yield Breach("MessageHeader/To[1]/OrganId", Text(en="no To has an OrganId", vi="không To nào có OrganId"))


@rule(
    "receiver-without-organ",
    "HD-08",
    "ID-10",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("Every To has an OrganId", "Mỗi To đều có OrganId"),
    good="many-receivers.edxml",
    unprocessable=Text(en="this receiver cannot be found", vi="không tìm được đơn vị nhận này"),
)
@of_package
def receiver_without_organ(package: Package, _: Reading) -> Iterator[Breach]:
    """A private person's To holds the code of the agency that manages his account (ID-10), never nothing."""
    if any(party.organ_id for party in package.receivers):
        for number, party in enumerate(package.receivers, 1):
            if not party.organ_id:
                yield Breach(
                    f"MessageHeader/To[{number}]/OrganId",
                    Text(
                        en=f"receiver {shown(party.name) or number} has no OrganId",
                        vi=f"đơn vị nhận {shown(party.name) or number} không có OrganId",
                    ),
                )


@rule(
    "receiver-twice",
    "HD-09",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("No receiver is listed twice", "Không đơn vị nhận nào lặp lại"),
    good="many-receivers.edxml",
)
@of_package
def receiver_twice(package: Package, _: Reading) -> Iterator[Breach]:
    """One hub answers "To OrganId is duplicate"."""
    seen: dict[str, int] = {}
    for number, party in enumerate(package.receivers, 1):
        if party.organ_id and party.organ_id in seen:
            yield Breach(
                f"MessageHeader/To[{number}]/OrganId",
                Text(
                    en=f"{party.organ_id} is already receiver {seen[party.organ_id]}",
                    vi=f"{party.organ_id} đã là đơn vị nhận thứ {seen[party.organ_id]}",
                ),
            )
        seen.setdefault(party.organ_id, number)


def _twins(package: Package) -> Iterator[tuple[int, str, str, bool]]:
    """(number, code, other code, tagged by the axis) of every To that repeats another under its other spelling."""
    codes = [party.organ_id for party in package.receivers]
    for number, party in enumerate(package.receivers, 1):
        new = mapped_code(party.organ_id)
        if new is not None and new in codes:
            other = package.receivers[codes.index(new)]
            yield number, party.organ_id, new, _AXIS_TWIN in (party.in_charge, other.in_charge)


@rule(
    "receiver-under-both-codes",
    "ID-11",
    "HD-09",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A unit is listed under one of its codes", "Mỗi đơn vị nhận chỉ ghi một mã"),
    good="many-receivers.edxml",
)
@of_package
def receiver_under_both_codes(package: Package, _: Reading) -> Iterator[Breach]:
    """``000.00.00.G12`` beside ``G12``: by the derived rule, so only a warning."""
    for number, old, new, tagged in _twins(package):
        if not tagged:
            yield Breach(
                f"MessageHeader/To[{number}]/OrganId",
                Text(
                    en=f"{old} looks like the old code of {new}, which is a receiver too",
                    vi=f"{old} có vẻ là mã cũ của {new}, cũng có trong danh sách nhận",
                ),
            )


@rule(
    "receiver-twin-of-the-axis",
    "ID-11",
    level=Level.INFO,
    basis=Basis.SDK,
    title=Text("The axis added the old code of a receiver", "Trục thêm mã cũ của đơn vị nhận"),
    reason=Text(en="a habit of the axis in transit (wire.md C.6)", vi="thói quen của Trục khi chuyển tiếp"),
)
@of_package
def receiver_twin_of_the_axis(package: Package, _: Reading) -> Iterator[Breach]:
    """The twin bears the tag of the code migration; nobody is to blame."""
    for number, old, new, tagged in _twins(package):
        if tagged:
            yield Breach(
                f"MessageHeader/To[{number}]",
                Text(
                    en=f"{old} is the twin of {new} that the axis adds for the change of codes",
                    vi=f"{old} là bản sao của {new} do Trục thêm khi chuyển đổi mã định danh",
                ),
            )


@rule(
    "receiver-is-sender",
    "HD-39",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A package is not addressed to its own sender", "Gói tin không gửi cho chính đơn vị gửi"),
)
@of_package
def receiver_is_sender(package: Package, _: Reading) -> Iterator[Breach]:
    """Seen in the field; the hub delivers it (contract 6)."""
    own = package.sender.organ_id if package.sender else ""
    for number, party in enumerate(package.receivers, 1):
        if own and same_unit(own, party.organ_id):
            yield Breach(
                f"MessageHeader/To[{number}]/OrganId",
                Text(en=f"{party.organ_id} is the sender itself", vi=f"{party.organ_id} chính là đơn vị gửi"),
            )


@rule(
    "email-malformed",
    "HD-03",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("An e-mail address looks like one", "Địa chỉ thư điện tử đúng dạng"),
)
def email_malformed(reading: Reading) -> Iterator[Breach]:
    """One address with one ``@``, in From and To."""
    for leaf, text in filled(reading, "MessageHeader/From/Email", "MessageHeader/To/Email"):
        if not _EMAIL.match(text):
            yield Breach(
                leaf.path,
                Text(en=f"'{shown(text)}' is no e-mail address", vi=f"'{shown(text)}' không phải địa chỉ thư điện tử"),
            )


RULES: tuple[Rule, ...] = (
    sender_missing,
    sender_name_missing,
    no_receiver,
    receiver_without_organ,
    receiver_twice,
    receiver_under_both_codes,
    receiver_twin_of_the_axis,
    receiver_is_sender,
    email_malformed,
)
