"""What the cases about packet signatures share: a good one sent beside each odd one, and how both are judged."""

from abc import abstractmethod
from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.steps import settled
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.pki.certificates import Identity
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.protocol.packet_signing import sign
from simulator.words import Text

__all__ = ["Forged", "Received", "Signed", "held_in", "said", "signed", "word_of"]


def signed(package: Package, by: Identity, digest: str = "sha256") -> bytes:
    """The packet with a signature block in the layout of the vendor's sample."""
    return sign(codec.encode(package), key=by.key, certificate=by.certificate, digest=digest)


class Signed(Case):
    """Sends a packet whose signature is good, and beside it the one that the case is about."""

    capability = "signature_packet"

    @abstractmethod
    def write(self, stage: Stage, package: Package) -> bytes:
        """The packet that the case is about."""

    async def drive(self, stage: Stage) -> None:
        """Both are in the list before the SUT looks again, or soon after; planted, so that no transit touches them."""
        model, package = letter(stage), letter(stage)
        good = await stage.plant(signed(model, stage.pki.agency), like=model, label="signed")
        document = await stage.plant(self.write(stage, package), like=package)
        await settled(stage, good, document)
        await stage.quiet(1)
        await stage.look("in")

    def shown(self, evidence: CaseEvidence) -> tuple[Sent, Look]:
        """The packet that the case is about, and the box. Raises Unseen where not even a good signature is shown so."""
        good, look = evidence.sent("signed"), evidence.look("in")
        evidence.taken(good)
        because = Text(
            en=f"a packet whose signature is good is shown as '{word_of(look, good) or '–'}', not as valid",
            vi=f"gói tin có chữ ký đúng được hiển thị là '{word_of(look, good) or '–'}', không phải hợp lệ",
        )
        evidence.require(word_of(look, good) == "valid", because, good, look, remedy=_INSTALL)
        return evidence.sent(), look


class Received(Signed):
    """A packet that has to be received like any other, whatever is shown of its signature."""

    TAKEN: Check
    SHOWN: Check
    words: frozenset[str]

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Received first: what is not in the box shows nothing."""
        document, look = self.shown(evidence)
        held, word = held_in(evidence, document, look), word_of(look, document)
        yield evidence.expect(self.TAKEN, held, document, held=_TAKEN, broken=_NOT_TAKEN)
        evidence.require(held, _NOT_TAKEN, document, look)
        yield self.SHOWN.decide(word in self.words, document, look, held=said(word), broken=said(word))


class Forged(Signed):
    """A packet whose signature does not hold: it may be refused in the open, and is never shown as valid."""

    HANDLED: Check
    NEVER: Check

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Handled first: what was dropped unseen is not to its credit."""
        document, look = self.shown(evidence)
        handled = held_in(evidence, document, look) or _refused(evidence, document)
        yield evidence.expect(self.HANDLED, handled, document, held=_HANDLED, broken=_DROPPED)
        evidence.require(handled, _DROPPED, document, look)
        word = word_of(look, document)
        yield self.NEVER.decide(word != "valid", document, look, held=said(word), broken=said(word))


def word_of(look: Look, document: Sent) -> str:
    """What the box says of its signature, "" where it has no row or says nothing."""
    return look.signature(document.document_id)


def held_in(evidence: CaseEvidence, document: Sent, look: Look) -> tuple[Cited, ...]:
    """Fetched, confirmed with 'done', listed, not given back; () where one of these is missing."""
    fetched, done = evidence.fetched(document), evidence.confirmed(document, "done")
    listed = look.held(document.document_id)
    return (*fetched[:1], *done[:1]) if fetched and done and listed and not _refused(evidence, document) else ()


def _refused(evidence: CaseEvidence, document: Sent) -> tuple[Cited, ...]:
    """Given back where the sender or the axis sees it: 02, or 'fail' after it was fetched."""
    told = evidence.statuses_from_sut(document, "02")
    return told or (evidence.confirmed(document, "fail") if evidence.fetched(document) else ())


def said(word: str) -> Text:
    """What the clerk is shown."""
    return Text(
        en=f"its signature is shown as '{word or '–'}'", vi=f"chữ ký của gói tin được hiển thị là '{word or '–'}'"
    )


_TAKEN = Text("it was received like any other", "gói tin được tiếp nhận như mọi gói khác")
_NOT_TAKEN = Text("it was not received", "gói tin không được tiếp nhận")
_HANDLED = Text("it was received, or refused in the open", "gói tin được tiếp nhận hoặc bị từ chối công khai")
_DROPPED = Text("it was neither received nor refused", "gói tin không được tiếp nhận cũng không bị từ chối")
_INSTALL = Text(
    en="install the certificates of the test PKI ([trust] folder) in the system, and report `signature` in the box",
    vi="cài các chứng thư của PKI thử nghiệm ([trust] folder) vào hệ thống và báo cáo `signature` trong hộp đến",
)
