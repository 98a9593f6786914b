"""PDF files signed as in life, and files whose signature does not hold (pitfalls 42, 44). SG-08, SG-11, BD-05.

The certificates are those of the test PKI; the CMS embeds the leaf only, as real files do.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from conformance.case import Case
from conformance.cases.signatures.paper import (
    DAY,
    OVER,
    SignedFiles,
    bring,
    never_valid,
    other_word,
    sign,
    signer,
    valid,
)
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import pdf
from conformance.stage import Stage
from fixtures import documents
from simulator.pki.pdf import changed, paged_over
from simulator.words import Text

__all__ = ["CASES"]

_SHOWN_VALID = Text("The signature is shown as valid.", "Chữ ký được hiển thị là hợp lệ.")
_NEVER = Text(
    "The document may be received or given back; its signature is never shown as valid.",
    "Văn bản có thể được tiếp nhận hoặc trả lại; chữ ký không bao giờ hiển thị là hợp lệ.",
)


def _paper(stage: Stage) -> bytes:
    """A letter in the layout of Decree 30/2020, with embedded letters and compressed pages."""
    sheet = documents.Sheet(
        organ=stage.lane.name or stage.lane.unit, code="12/VP-TH", place="Hà Nội", issued=stage.now(),
        type_name="Công văn", subject="Về việc thử nghiệm chữ ký số", paragraphs=("Nội dung thử nghiệm.",),
        receivers=("Như trên",), competence="", position="Chánh Văn phòng", signer="Trần Thị Thử",
    )  # fmt: skip
    return documents.pdf(sheet)


class BothForms(SignedFiles):
    """KS-01, KS-02: the form of the old tools and that of the new ones, the leaf alone in the CMS."""

    id = "signatures/pdf-both-forms"
    title = Text("PDFs signed with old and with new tools", "Tệp PDF ký bằng công cụ cũ và công cụ mới")
    expected = Text(
        "Both verify; the chain is built from the authority that is installed here.",
        "Cả hai đều xác minh được; chuỗi chứng thư được dựng từ CA trung gian đã cài tại đây.",
    )
    OLD = Check(
        "pdf-pkcs7-valid", ("SG-11", "SG-08"), Text("adbe.pkcs7.detached is valid", "adbe.pkcs7.detached hợp lệ")
    )
    NEW = Check(
        "pdf-cades-valid", ("SG-11", "SG-08"), Text("ETSI.CAdES.detached is valid", "ETSI.CAdES.detached hợp lệ")
    )
    checks = (OLD, NEW)

    async def drive(self, stage: Stage) -> None:
        """One letter in both forms."""
        paper = await asyncio.to_thread(_paper, stage)
        old = await sign(stage, paper, subfilter="adbe.pkcs7.detached")
        await bring(stage, {"old": old, "new": await sign(stage, paper)})

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each for itself."""
        yield valid(self.OLD, evidence, "old")
        yield valid(self.NEW, evidence, "new")


class OldRoot(SignedFiles):
    """KS-03: a signer below the first root, whose own signature is sha1."""

    id = "signatures/pdf-old-root"
    title = Text("A signer below a root that signed itself with SHA-1", "Người ký thuộc root tự ký bằng SHA-1")
    expected = Text(
        "A root is trusted because it is installed; its own signature fails no chain.",
        "Root được tin cậy vì đã được cài; chữ ký của chính root không làm hỏng chuỗi.",
    )
    VALID = Check("pdf-old-root-valid", ("SG-11",), Text("it is shown as valid", "được hiển thị là hợp lệ"))
    checks = (VALID,)

    async def drive(self, stage: Stage) -> None:
        """Signed below G1, stamped below G2, as in the years of transition."""
        await bring(stage, {"good": await sign(stage, by=signer(stage, issuer="sub-ca-g1"))})

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """As any other good one."""
        yield valid(self.VALID, evidence)


class LocalTime(SignedFiles):
    """KS-07: signingTime in local time, +7 h, beyond the end of the certificate; genTime is right."""

    id = "signatures/pdf-local-time"
    title = Text("A signing time that is seven hours ahead", "Thời điểm ký ghi nhanh bảy giờ")
    expected = Text(
        "The time-stamp counts: the signature is valid, whatever the signer's own clock wrote.",
        "Dấu thời gian là căn cứ: chữ ký hợp lệ, bất kể đồng hồ của người ký ghi gì.",
    )
    VALID = Check("pdf-local-time-valid", ("BD-05",), Text("it is shown as valid", "được hiển thị là hợp lệ"))
    checks = (VALID,)

    async def drive(self, stage: Stage) -> None:
        """The certificate still holds for two hours; the time that the tool wrote lies behind its end."""
        now = stage.now()
        by = signer(stage, not_after=now + timedelta(hours=2))
        ahead = now + timedelta(hours=7)
        await bring(stage, {"good": await sign(stage, by=by, signing_time=ahead, subfilter="adbe.pkcs7.detached")})

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A note of the SUT about the odd time is its own affair."""
        yield valid(self.VALID, evidence)


class Changed(SignedFiles):
    """KS-09: a byte changed in what was signed, and a page laid over it by an incremental update."""

    id = "signatures/pdf-changed"
    title = Text("PDFs changed after signing", "Tệp PDF bị sửa sau khi ký")
    expected = _NEVER
    BYTES = Check(
        "pdf-changed-not-valid", ("SG-08", "SG-11"), Text("a changed byte is noticed", "phát hiện byte bị sửa")
    )
    UPDATE = Check(
        "pdf-paged-over-not-valid",
        ("SG-08", "SG-11"),
        Text("a page laid over the signed one is noticed", "phát hiện trang bị chèn đè sau khi ký"),
    )
    checks = (BYTES, UPDATE)

    async def drive(self, stage: Stage) -> None:
        """The same signed file three times."""
        good = await sign(stage)
        over = await asyncio.to_thread(paged_over, good, "Noi dung khac")
        await bring(stage, {"good": good, "changed": changed(good, *OVER), "over": over})

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each beside the untouched one."""
        yield never_valid(self.BYTES, evidence, "changed")
        yield never_valid(self.UPDATE, evidence, "over")


class SecondSignature(SignedFiles):
    """KS-09: the leader signs, then the clerk for the organ: the second signature is no change."""

    id = "signatures/pdf-second-signature"
    title = Text("Signed by the leader, then for the organ", "Lãnh đạo ký, sau đó cơ quan ký số")
    expected = Text(
        "Two signatures, the second added behind the first, are valid together.",
        "Hai chữ ký, chữ ký sau thêm vào sau chữ ký trước, đều hợp lệ.",
    )
    VALID = Check("pdf-second-signature-valid", ("SG-11",), Text("it is shown as valid", "được hiển thị là hợp lệ"))
    checks = (VALID,)

    async def drive(self, stage: Stage) -> None:
        """An old tool, then a new one."""
        first = await sign(stage, subfilter="adbe.pkcs7.detached")
        by = stage.pki.issue("Van thu co quan THU NGHIEM", key=stage.pki.agency.key)
        await bring(stage, {"good": await sign(stage, first, by=by, field="ChuKy2")})

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """As any other good one."""
        yield valid(self.VALID, evidence)


class UnknownAuthority(SignedFiles):
    """A certificate of an authority that nobody trusts."""

    id = "signatures/pdf-unknown-authority"
    title = Text("Signed below an unknown authority", "Ký bằng chứng thư của CA không được tin cậy")
    expected = _NEVER
    NEVER = Check("pdf-unknown-ca-not-valid", ("SG-08", "SG-11"), Text("never shown as valid", "không hiển thị hợp lệ"))
    checks = (NEVER,)

    async def drive(self, stage: Stage) -> None:
        """With a good time-stamp, so that only the signer is in doubt."""
        stranger = await asyncio.to_thread(stage.pki.stranger, "Lanh dao don vi THU NGHIEM")
        await bring(stage, {"good": await sign(stage), "stranger": await sign(stage, by=stranger)})

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Beside one of ours."""
        yield never_valid(self.NEVER, evidence, "stranger")


class Expired(SignedFiles):
    """The certificate has expired: before the stamped moment of signing, after it, and by a stranger's stamp."""

    id = "signatures/pdf-expired"
    title = Text("Certificates that have expired", "Chứng thư đã hết hạn")
    expected = Text(
        "What was stamped before the end of its certificate stays valid; what was stamped after it, or by nobody who "
        "is trusted, is not, whatever signing time it claims.",
        "Chữ ký đóng dấu thời gian trước khi chứng thư hết hạn vẫn hợp lệ; sau đó, hoặc do đơn vị không được tin cậy "
        "đóng dấu, thì không, bất kể thời điểm ký tự khai.",
    )
    SINCE = Check(
        "pdf-expired-since-valid",
        ("SG-11", "BD-05"),
        Text("a certificate that has expired since leaves the signature valid", "hết hạn sau khi ký: vẫn hợp lệ"),
    )
    LATE = Check(
        "pdf-expired-at-signing-not-valid",
        ("SG-11", "BD-05"),
        Text("one that had expired when it was stamped is not valid", "đã hết hạn khi đóng dấu: không hợp lệ"),
    )
    STRANGER = Check(
        "pdf-stranger-stamp-not-valid",
        ("BD-05", "SG-11"),
        Text("a stranger's time-stamp proves nothing", "dấu thời gian của đơn vị lạ không chứng minh gì"),
    )
    checks = (SINCE, LATE, STRANGER)

    async def drive(self, stage: Stage) -> None:
        """All three claim to be signed twenty days ago; the certificate ended ten days ago."""
        now = stage.now()
        by, then = signer(stage, not_before=now - 200 * DAY, not_after=now - 10 * DAY), now - 20 * DAY
        stranger = await asyncio.to_thread(
            stage.pki.stranger, "TSA la THU NGHIEM", purpose="time-stamp", not_before=now - 200 * DAY
        )
        claim: dict[str, Any] = {"by": by, "signing_time": then, "subfilter": "adbe.pkcs7.detached"}
        papers = {
            "good": await sign(stage, **claim, gen_time=then),
            "late": await sign(stage, **claim, gen_time=now - 5 * DAY),
            "stranger": await sign(stage, **claim, gen_time=then, stamp=stranger),
        }
        await bring(stage, papers)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first is the twin of the others."""
        yield valid(self.SINCE, evidence)
        yield never_valid(self.LATE, evidence, "late")
        yield never_valid(self.STRANGER, evidence, "stranger")


class Unsigned(SignedFiles):
    """KS-11: a plain PDF beside a signed one."""

    id = "signatures/pdf-unsigned"
    title = Text("A PDF without a signature", "Tệp PDF không có chữ ký")
    expected = Text("It is shown as unsigned.", "Được hiển thị là không có chữ ký.")
    ABSENT = Check("pdf-unsigned-absent", ("SG-08",), Text("shown as absent", "hiển thị là không có"))
    checks = (ABSENT,)

    async def drive(self, stage: Stage) -> None:
        """Both from one sender."""
        await bring(stage, {"good": await sign(stage), "plain": pdf(stage.random)})

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Beside one that is signed."""
        yield other_word(self.ABSENT, evidence, "plain", lambda word: word == "absent")


CASES: tuple[Case, ...] = (
    BothForms(),
    OldRoot(),
    LocalTime(),
    Changed(),
    SecondSignature(),
    UnknownAuthority(),
    Expired(),
    Unsigned(),
)
