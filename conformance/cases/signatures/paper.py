"""What the PDF cases share: files signed at chosen moments, sent side by side, and what the box shows of each.

Each case brings a good file (``good``) beside the ones that it is about: who never shows anything as valid has verified
nothing, and proves nothing.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from conformance.case import Case
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Finding
from conformance.letters import files, letter, pdf
from conformance.stage import Stage
from simulator.pki.certificates import Identity
from simulator.pki.pdf import Seal, signed_pdf
from simulator.words import Text

__all__ = [
    "DAY",
    "OVER",
    "SignedFiles",
    "bring",
    "never_valid",
    "other_word",
    "shown",
    "sign",
    "signer",
    "tsa",
    "valid",
]

DAY = timedelta(days=1)
OVER = (b"Van ban thu", b"Van ban gia")
"""Words of every plain PDF of letters.py, and others of the same length."""

_HANDLED = Text("the SUT to take the signed files in", "SUT nhận các tệp đã ký số")
_INSTALL = Text(
    "install the certificates of the test PKI ([trust] folder) in the system, and report `signature` in the box",
    "cài các chứng thư của PKI thử nghiệm ([trust] folder) vào hệ thống và báo cáo `signature` trong hộp đến",
)


class SignedFiles(Case):
    """A case in which a lane sends documents with signed PDFs."""

    capability = "signature_pdf"


def signer(stage: Stage, **how: Any) -> Identity:
    """A signer of an agency; ``how``: what ``Pki.issue`` takes. One key serves all: only certificates are judged."""
    return stage.pki.issue("Lanh dao don vi THU NGHIEM", key=stage.pki.agency.key, **how)


def tsa(stage: Stage) -> Identity:
    """A time-stamp authority that has been trusted for years, like the one that stamps in production."""
    since = stage.now() - 900 * DAY
    return stage.pki.issue(
        "TSA cap dau thoi gian THU NGHIEM", purpose="time-stamp", key=stage.pki.agency.key, not_before=since
    )


async def sign(
    stage: Stage, data: bytes | None = None, *, by: Identity | None = None, stamp: Identity | None = None, **how: Any
) -> bytes:
    """A plain PDF (or ``data``) signed and stamped now, unless ``by``, ``stamp`` or ``how`` (of a ``Seal``) differ."""
    seal: dict[str, Any] = {"signing_time": stage.now(), "tsa": stamp or tsa(stage), "gen_time": stage.now(), **how}
    plain = pdf(stage.random) if data is None else data
    return await asyncio.to_thread(signed_pdf, plain, Seal(by or signer(stage), **seal))


async def bring(stage: Stage, papers: Mapping[str, bytes]) -> None:
    """Send each file in a document of its own under its label; wait until all are handled; look."""
    numbers = stage.random.sample(range(100, 10_000), len(papers))
    for number, (label, data) in zip(numbers, papers.items(), strict=True):
        await stage.send(letter(stage, number=str(number), files=files(("van-ban.pdf", data))), label=label)
    await stage.until(
        lambda seen: all(
            seen.confirmed(seen.sent(label)) and seen.statuses_from_sut(seen.sent(label), "01", "02")
            for label in papers
        ),
        for_=_HANDLED,
    )
    await stage.look("in")


# ---------------------------------------------------------------- judging


def shown(evidence: CaseEvidence, label: str) -> tuple[Sent, Look, str]:
    """The document, the box, and its word for the signature, "" where it has none. Raises Unseen: not taken in."""
    sent, look = evidence.sent(label), evidence.look("in")
    evidence.taken(sent)
    return sent, look, look.signature(sent.document_id)


def _shows(word: str) -> Text:
    return Text(f"the signature is shown as '{word or '–'}'", f"chữ ký được hiển thị là '{word or '–'}'")


def valid(check: Check, evidence: CaseEvidence, label: str = "good") -> Finding:
    """It had to be received and shown as valid."""
    sent, look, word = shown(evidence, label)
    given_back = evidence.statuses_from_sut(sent, "02")
    good = word == "valid" and evidence.fetched(sent) and not given_back
    return check.decide(good, sent, look, *given_back, held=_shows(word), broken=_shows(word))


def never_valid(check: Check, evidence: CaseEvidence, label: str, *, twin: str = "good") -> Finding:
    """It may be given back or shown in any other word, never as valid; the twin had to be."""
    return other_word(check, evidence, label, lambda word: word != "valid", twin=twin)


def other_word(
    check: Check, evidence: CaseEvidence, label: str, fits: Callable[[str], bool], *, twin: str = "good"
) -> Finding:
    """The word shown had to fit, beside a twin that is shown as valid. Raises Unseen where the twin is not."""
    other, box, seen = shown(evidence, twin)
    because = Text(
        f"a good signature is shown as '{seen or '–'}', so nothing follows from another one",
        f"chữ ký đúng được hiển thị là '{seen or '–'}' nên chưa kết luận được về chữ ký khác",
    )
    evidence.require(seen == "valid" and evidence.fetched(other), because, other, box, remedy=_INSTALL)
    sent, look, word = shown(evidence, label)
    given_back = evidence.statuses_from_sut(sent, "02")
    if given_back and word != "valid":
        return check.held(Text("given back by 02", "bị trả lại bằng 02"), sent, look, *given_back)
    return check.decide(fits(word), other, sent, look, held=_shows(word), broken=_shows(word))
