"""Steps that the chapters of recall, update, replacement and take-back share. A step drives; it judges nothing."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from conformance.cases.changes.said import answers, of_type
from conformance.cases.steps import arrive, told
from conformance.evidence import CaseEvidence, Lane, Sent
from conformance.letters import letter, order, reply
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Code, Package
from simulator.words import Text

__all__ = [
    "DECLINED", "again", "answer_in_turn", "hold", "hold_all", "lookalikes", "order_without_reason", "settle",
    "turn_down",
]  # fmt: skip

DECLINED = "Văn bản đã được triển khai thực hiện"
"""Why a lane declines."""
_UNKNOWN = "Không có văn bản này của đơn vị gửi"
_TAKEN = Text(en="the request to be taken in", vi="SUT nhận yêu cầu")
_BY_ITSELF = Text(en="an answer that needs no clerk", vi="trả lời không cần văn thư")
_ANSWER = Text(en="the answer to the request", vi="trả lời cho yêu cầu")


async def hold(stage: Stage, package: Package, *, label: str = "document", lane: Lane | None = None) -> Sent:
    """The SUT gets a document and has taken it in; its box is looked at (label ``holds <label>``)."""
    document = await stage.send(package, label=label, lane=lane)
    await arrive(stage, document)
    await stage.look("in", label=f"holds {label}")
    return document


async def hold_all(stage: Stage, packages: Mapping[str, Package]) -> list[Sent]:
    """As ``hold``, for several at once, by label: one poll brings them all."""
    documents = [await stage.send(package, label=label) for label, package in packages.items()]
    await arrive(stage, *documents)
    for label in packages:
        await stage.look("in", label=f"holds {label}")
    return documents


async def lookalikes(stage: Stage) -> Package:
    """Two documents of one number at the SUT, from two lanes (labels ``document``, ``other``); gives the first."""
    first, second = stage.lanes
    package = letter(stage, lane=first)
    code = package.code or Code()
    other = letter(stage, lane=second, number=code.number, notation=code.notation, subject="Về việc của đơn vị khác")
    sent = [
        await stage.send(package, label="document", lane=first),
        await stage.send(other, label="other", lane=second),
    ]
    await arrive(stage, *sent)
    for each in sent:
        await stage.look("in", label=f"holds {each.label}")
    return package


async def settle(stage: Stage, packet: Sent, *about: Sent) -> None:
    """The recall or update is answered: by the SUT itself, or by its clerk, who agrees."""
    await _by_clerk(stage, packet, about, "agree", None)


async def turn_down(stage: Stage, packet: Sent, *about: Sent) -> None:
    """The recall or update is answered: by the SUT itself, or by its clerk, who declines and says why."""
    await _by_clerk(stage, packet, about, "decline", _UNKNOWN)


async def _by_clerk(stage: Stage, packet: Sent, about: Sequence[Sent], action: str, reason: str | None) -> None:
    def done(seen: CaseEvidence) -> object:
        return answers(seen, packet, *about)

    await stage.until(lambda seen: seen.confirmed(packet) or done(seen), for_=_TAKEN)
    if await stage.until(done, for_=_BY_ITSELF, polls=0):  # a moment: a clerk who is quicker than the SUT does no harm
        return
    for document in (packet, *about):
        with suppress(StageEnd):  # whatever the clerk was allowed to do, the box is looked at afterwards
            await stage.act(action, document, reason=reason)
            break
    await stage.until(done, for_=_ANSWER)


async def again(stage: Stage, *, label: str, **changes: Any) -> Package:
    """The SUT's clerk orders once more what he ordered first, with these members; the packet, once it has left."""
    kind = {"recall": 1, "update": 2, "replace": 3}[changes["kind"]]
    before = len(of_type(stage.seen, kind))
    await stage.order(label=label, **{**stage.seen.order().request, **changes})
    await stage.until(
        lambda seen: len(of_type(seen, kind)) > before,
        for_=Text(en=f"the {changes['kind']} packet to leave", vi=f"gói {changes['kind']} rời đi"),
    )
    found = of_type(stage.seen, kind)
    if len(found) == before:
        raise StageEnd(f"the {changes['kind']} never left")
    for lane in stage.lanes:
        await stage.collect(lane=lane)
    return found[-1].package


async def answer_in_turn(stage: Stage, packet: Package, codes: Sequence[str]) -> None:
    """Each lane answers the SUT's packet with its code (label ``15 of <unit>``); a 16 has its reason."""
    for lane, code in zip(stage.lanes, codes, strict=False):
        status = reply(stage, code, packet, lane=lane, description=DECLINED if code == "16" else "")
        await told(stage, await stage.send(status, label=f"{code} of {lane.unit}", lane=lane))


async def order_without_reason(stage: Stage, **changes: Any) -> None:
    """The clerk gives no reason (label ``unreasoned``, for a second document), then one (label ``reasoned``)."""
    other = order(stage, to=stage.seen.order().request["to"])
    target = await stage.order(label="other", **other)
    fresh = {"code_number": str(stage.random.randint(10_000, 99_999))} if changes["kind"] == "replace" else {}
    with suppress(StageEnd):
        await stage.order(label="unreasoned", **{**other, **changes, **fresh, "refers_to": target, "reason": None})
    await again(stage, label="reasoned", **changes)
