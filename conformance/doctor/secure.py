"""What is wrong on the https side of the axis: trust, dates, TLS versions, plain http. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.doctor.symptoms import SHOWN, Expected, Seen, Symptom, problem
from simulator.words import Text

__all__ = ["plain_to_tls", "tls_refused"]


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a handshake failed, by the words of the alert, and what helps."""

    id: str
    details: frozenset[str]
    because: Text
    remedy: Text


_OLD = _Reason(
    "tls-too-old",
    frozenset({"unsupported-protocol", "protocol-version", "no-shared-cipher", "handshake-failure"}),
    Text(
        en="the SUT offers no TLS that the axis speaks, {times} times ({details})",
        vi="SUT không có phiên bản TLS nào mà trục hỗ trợ, {times} lần ({details})",
    ),
    Text(
        en="let the SUT use TLS 1.2 or 1.3 (an old Java needs -Dhttps.protocols=TLSv1.2)",
        vi="cho SUT dùng TLS 1.2 hoặc 1.3 (Java cũ cần -Dhttps.protocols=TLSv1.2)",
    ),
)
_DATES = _Reason(
    "tls-dates",
    frozenset({"certificate-expired"}),
    Text(
        en="the SUT takes the axis's certificate for expired, {times} times ({details})",
        vi="SUT cho rằng chứng thư của trục đã hết hạn, {times} lần ({details})",
    ),
    Text(
        en="set the clock of the SUT's machine; the certificate is made anew at every start and is valid now",
        vi="chỉnh đồng hồ máy của SUT; chứng thư được tạo mới mỗi lần khởi động và đang còn hạn",
    ),
)
_TRUST = _Reason(
    "tls-trust",
    frozenset(),
    Text(
        en="the SUT connects and then refuses the axis's certificate, {times} times ({details})",
        vi="SUT kết nối rồi từ chối chứng thư của trục, {times} lần ({details})",
    ),
    Text(
        en="install {authority} as a trusted authority where the SUT's HTTP client looks (Java: keytool -importcert "
        "into its trust store, for both stacks of the SDK; .NET and browsers: the machine's store), and give the SUT "
        "{url} exactly: the certificate is made out to that host, to localhost, to 127.0.0.1 and to [hub] tls_names",
        vi="cài {authority} làm tổ chức tin cậy ở nơi HTTP client của SUT sử dụng (Java: keytool -importcert vào kho "
        "tin cậy, cho cả hai thư viện HTTP của SDK; .NET và trình duyệt: kho của máy) và đặt endpoint đúng {url}: "
        "chứng thư cấp cho máy đó, cho localhost, 127.0.0.1 và các tên trong [hub] tls_names",
    ),
)


def tls_refused(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Handshakes that failed, one symptom for each reason."""
    refused = [each for each in seen.tls if each.event == "refused"]
    for reason in (_OLD, _DATES, _TRUST):
        if mine := [each for each in refused if _reason(each.detail) is reason]:
            details = ", ".join(dict.fromkeys(each.detail for each in mine))
            yield problem(
                reason.id,
                reason.because.filled(times=len(mine), details=details),
                reason.remedy.filled(authority=expected.authority or "tls-ca.pem", url=expected.url),
                *tuple(dict.fromkeys(f"TLS handshake: {each.detail}" for each in mine))[:SHOWN],
            )


def _reason(detail: str) -> _Reason:
    """A client that does not trust says so in many ways, or just hangs up: whatever is no other reason."""
    return next((reason for reason in (_OLD, _DATES) if detail in reason.details), _TRUST)


def plain_to_tls(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Plain http spoken to the https port."""
    if calls := [each for each in seen.tls if each.event == "plain"]:
        yield problem(
            "plain-to-tls-port",
            Text(
                en=f"the SUT speaks plain http to a port that speaks https, {len(calls)} times",
                vi=f"SUT dùng http thường với cổng https, {len(calls)} lần",
            ),
            Text(
                en=f"set the endpoint to {expected.url}, with https://",
                vi=f"đặt endpoint là {expected.url}, dùng https://",
            ),
        )
