"""Chapter *secure-transport*: https to the axis, certificates that must not be accepted, and never plain http. TR-02.

The certificates are shown in turn, one a connection, so that a poll which asks twice (documents, statuses) tries two of
them: all four cost a SUT two polls, and the return to the good one a third. Behind a bad one nothing is ever answered.
"""

from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case, Role, Wave
from conformance.cases.disturbed import LONG, alive, goes_on, leaves_late, left_late, letters_out, ordered, watch
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence, Record
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Condition, Stage
from simulator.words import Text

__all__ = ["CASES"]

_EXPIRED, _WRONG_HOST, _SELF_MADE, _STRANGER = "expired", "wrong-host", "self-made", "stranger-ca"
_ENDS = ("refused", "left", "sent")
_ASK = Text(
    "set [hub] tls only where the SUT reaches the axis by https and trusts tls-ca.pem; it must poll all the time, or "
    "when it is told to",
    "chỉ đặt [hub] tls khi SUT kết nối trục bằng https và tin cậy tls-ca.pem; SUT phải tự hỏi trục đều đặn, hoặc hỏi "
    "khi được yêu cầu",
)
_TRY = Text("the SUT to try to connect", "SUT thử kết nối")
_NEVER_TRIED = Text(
    "it never tried to connect while such a certificate was shown",
    "SUT chưa thử kết nối lần nào khi trục đưa ra chứng thư này",
)
_NOTHING_DUE = Text("the document never left, so nothing was due", "văn bản không được gửi nên không có gì để xét")
_NOT_BEFORE = Text(
    "it had not polled by https before, so a connection that fails shows nothing",
    "trước đó SUT chưa hỏi trục qua https nên kết nối không thành không chứng tỏ được gì",
)


def _events(evidence: CaseEvidence, *events: str, certificate: str = "") -> list[Record]:
    """What happened on the https side, in order; ``certificate``: only where that one was shown."""
    return [
        record
        for record in evidence.notes("tls")
        if record["values"]["event"] in events and certificate in ("", record["values"].get("certificate"))
    ]


def _tried(*certificates: str, times: int = 1) -> Condition:
    """The condition that a connection was tried to its end with each of them, so often."""
    return lambda seen: all(len(_events(seen, *_ENDS, certificate=each)) >= times for each in certificates)


def _polled_before(evidence: CaseEvidence) -> Record:
    """Its last poll before the bad certificates came. Raises Unseen: who never came in cannot stay out."""
    switches = _events(evidence, "switched")
    polls = evidence.facts("polled", system_id=evidence.sut.system_id)
    before = [each for each in polls if switches and each.n < switches[0].n]
    evidence.require(before, _NOT_BEFORE, remedy=_ASK)
    return before[-1]


def _kept_silent(check: Check, evidence: CaseEvidence, *certificates: str) -> Finding:
    """Connections were tried behind each of these certificates, and not one byte was sent there. Raises Unseen."""
    before = _polled_before(evidence)
    tried = [each for name in certificates for each in _events(evidence, *_ENDS, certificate=name)]
    evidence.require(tried, _NEVER_TRIED, before, remedy=_ASK)
    sent = [each for each in tried if each["values"]["event"] == "sent"]
    said = ", ".join(sorted({each["values"]["detail"] for each in tried} - {""})) or "–"
    return check.decide(
        not sent,
        before,
        *(sent or tried),
        held=Text(
            f"{len(tried)} connections tried, none went beyond the handshake ({said})",
            f"{len(tried)} lần thử kết nối, không lần nào vượt quá bước bắt tay ({said})",
        ),
        broken=Text(
            f"{len(sent)} of {len(tried)} connections carried a request all the same",
            f"{len(sent)} trong {len(tried)} kết nối vẫn gửi yêu cầu đi",
        ),
    )


class BadCertificates(Case):
    """The axis shows certificates that are expired, of another host, self-made, of an unknown authority; then its own.

    What waits for the SUT meanwhile must still be fetched afterwards.
    """

    id = "secure-transport/bad-certificates"
    title = Text("The certificate of the axis is not in order", "Chứng thư của trục không hợp lệ")
    expected = Text(
        "The SUT breaks off at the handshake and sends nothing, neither there nor by plain http; it tries again and "
        "fetches what waited once the certificate is in order.",
        "SUT ngắt ngay ở bước bắt tay, không gửi gì, cũng không chuyển sang http thường; sau đó thử lại và nhận văn "
        "bản đã chờ khi chứng thư hợp lệ trở lại.",
    )
    REFUSED: ClassVar[dict[str, Check]] = {
        _EXPIRED: Check(
            "expired-certificate-refused",
            ("TR-02",),
            Text("nothing is sent behind an expired certificate", "không gửi gì khi chứng thư hết hạn"),
        ),
        _WRONG_HOST: Check(
            "wrong-host-refused",
            ("TR-02",),
            Text("nothing is sent to another host's certificate", "không gửi gì khi chứng thư của máy chủ khác"),
        ),
        _SELF_MADE: Check(
            "self-made-certificate-refused",
            ("TR-02",),
            Text("nothing is sent behind a self-made certificate", "không gửi gì khi chứng thư tự ký"),
        ),
        _STRANGER: Check(
            "stranger-authority-refused",
            ("TR-02",),
            Text(
                "nothing is sent behind a certificate of an unknown authority",
                "không gửi gì khi chứng thư do tổ chức lạ cấp",
            ),
        ),
    }
    PLAIN = Check(
        "no-plain-http",
        ("TR-02",),
        Text("no call came by plain http", "không có lời gọi nào qua http thường"),
    )
    ON = Check("polling-survives-bad-certificate", ("TR-05",), Text("polling goes on", "vẫn tiếp tục hỏi trục"))
    ARRIVES = Check(
        "document-arrives-after-bad-certificate", ("LG-08",), Text("what waited arrives", "văn bản chờ vẫn đến")
    )
    checks = (*REFUSED.values(), ON, ARRIVES, PLAIN)
    capability = "tls"
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """All four in turn, until each was tried; a document is queued meanwhile; then the good one."""
        async with stage.certificates() as show:
            await alive(stage)
            await show(*self.REFUSED)
            document = await stage.send(letter(stage))
            await stage.until(_tried(*self.REFUSED), for_=_TRY, polls=LONG)
            await show()
            await watch(stage)
            await arrive(stage, document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each certificate for itself; then what came of the good one; plain http is counted from the run's start."""
        tried = []
        for certificate, check in self.REFUSED.items():
            if _events(evidence, *_ENDS, certificate=certificate):
                tried.append(certificate)
                yield _kept_silent(check, evidence, certificate)
        back = evidence.noted("tls", event="switched", shown=[])
        if tried:
            yield goes_on(self.ON, evidence, back)
            yield evidence.expect(
                self.ARRIVES,
                evidence.statuses_from_sut(evidence.sent(), "01"),
                back,
                held=Text("it arrived", "văn bản đã đến"),
                broken=Text("it never arrived", "văn bản không đến"),
            )
            yield self._plain(evidence)
        evidence.require(len(tried) == len(self.REFUSED), _NEVER_TRIED, back, remedy=_ASK)

    def _plain(self, evidence: CaseEvidence) -> Finding:
        """Calls of the SDK that came without TLS to the https address, in the whole run."""
        before, so_far = _polled_before(evidence), evidence.noted("tls", event="so-far")
        plain, earlier = _events(evidence, "plain"), int(so_far["values"]["plain"])
        return self.PLAIN.decide(
            not plain and not earlier,
            before,
            so_far,
            *plain,
            held=Text("every call came by https", "mọi lời gọi đều qua https"),
            broken=Text(
                f"{len(plain) + earlier} calls came by plain http", f"{len(plain) + earlier} lời gọi qua http thường"
            ),
        )


class SendingBehindBadCertificate(Case):
    """The SUT is told to send while the certificate of the axis is not in order. The SDK sends by another HTTP stack
    than it polls with: each of them must check."""

    id = "secure-transport/sending"
    title = Text("Sending while the certificate is not in order", "Gửi văn bản khi chứng thư của trục không hợp lệ")
    expected = Text(
        "Nothing is sent; the document is queued, and leaves once the certificate is in order, or is shown as failed.",
        "Không gửi gì; văn bản nằm chờ và được gửi khi chứng thư hợp lệ trở lại, hoặc hiển thị là gửi lỗi.",
    )
    SILENT = Check(
        "nothing-sent-behind-bad-certificate",
        ("TR-02",),
        Text("nothing is sent behind a bad certificate", "không gửi gì khi chứng thư không hợp lệ"),
    )
    LEFT = Check(
        "document-leaves-after-bad-certificate", ("RF-06", "TR-06"), Text("it leaves later", "sau đó được gửi đi")
    )
    checks = (SILENT, LEFT)
    role = Role.SENDER
    capability = "tls"
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """Self-made and of another host: what clients without a check, or with half of one, do accept. Each twice, so
        that not only polls come to try them."""
        async with stage.certificates() as show:
            await alive(stage)
            await show(_SELF_MADE, _WRONG_HOST)
            await ordered(stage)
            await stage.until(_tried(_SELF_MADE, _WRONG_HOST, times=2), for_=_TRY, polls=LONG)
            await show()
            await leaves_late(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Silence counts for one whose document did leave afterwards: it was due before."""
        order, left = evidence.order(), letters_out(evidence)
        yield left_late(
            self.LEFT,
            evidence,
            evidence.noted("tls", event="switched", shown=[]),
            held=Text("it left when the certificate was in order", "đã gửi khi chứng thư hợp lệ trở lại"),
            broken=Text("it never left", "không bao giờ được gửi"),
        )
        evidence.require(left or _events(evidence, "sent"), _NOTHING_DUE, order, remedy=_ASK)
        yield _kept_silent(self.SILENT, evidence, _SELF_MADE, _WRONG_HOST)


CASES: tuple[Case, ...] = (BadCertificates(), SendingBehindBadCertificate())
