"""From what was seen to what is wrong: one small function for each thing that keeps a SUT from being tested. Pure.

A ``problem`` keeps the suite from proving anything; a ``note`` is worth knowing and hinders nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from conformance.doctor.watch import Call, Signed
from simulator.words import Text

__all__ = ["Expected", "Seen", "Symptom", "diagnose"]

_MUCH = timedelta(minutes=2)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing found. ``evidence``: what was seen, in the words of the wire."""

    id: str
    level: str
    because: Text
    remedy: Text
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the SUT's file says. ``letter``: the DocId of the letter that the doctor put into its queue, or ""."""

    url: str
    system_id: str
    organ: str
    organs: tuple[str, ...]
    roles: tuple[str, ...]
    poll_seconds: float
    seconds: float
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the axis saw: calls, and facts as records."""

    calls: Sequence[Call]
    facts: Sequence[Mapping[str, Any]]

    def of(self, fact: str, system_id: str) -> list[Mapping[str, Any]]:
        """The facts of that name about that system."""
        return [each for each in self.facts if each["fact"] == fact and each.get("system_id") == system_id]

    def polls(self, system_id: str) -> list[Mapping[str, Any]]:
        """Each time that system asked for its list."""
        return self.of("polled", system_id)

    def signed(self, *ways: Signed) -> list[Call]:
        """The calls that stand so with their signature."""
        return [call for call in self.calls if call.signed in ways]


_Rule = Callable[[Seen, Expected], Iterator[Symptom]]


def diagnose(seen: Seen, expected: Expected) -> tuple[Symptom, ...]:
    """Everything that these observations show, what hinders most first."""
    return tuple(symptom for rule in _RULES for symptom in rule(seen, expected))


def _problem(id_: str, because: Text, remedy: Text, *evidence: str) -> Symptom:
    return Symptom(id_, "problem", because, remedy, evidence)


def _lines(calls: Sequence[Call]) -> tuple[str, ...]:
    lines = list(dict.fromkeys(f"{call.line} · systemid {call.system_id or '–'}" for call in calls))
    return tuple(lines[:_SHOWN])


# ---------------------------------------------------------------- reaching the axis


def _no_contact(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    if seen.calls:
        return
    yield _problem(
        "no-contact",
        Text(
            en=f"nothing called the axis at {expected.url} within {expected.seconds:.0f} s",
            vi=f"không có lời gọi nào đến trục tại {expected.url} trong {expected.seconds:.0f} giây",
        ),
        Text(
            en=f"give the SUT the endpoint {expected.url}, start its polling, and make sure that no firewall or "
            "container "
            "stands between them (127.0.0.1 inside a container is the container itself: set [hub] listen accordingly)",
            vi=f"đặt endpoint của SUT là {expected.url}, bật hỏi trục định kỳ và kiểm tra tường lửa hoặc "
            "container chắn "
            "giữa (127.0.0.1 trong container là chính container đó: hãy chỉnh [hub] listen)",
        ),
    )


def _tls(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    if calls := [call for call in seen.calls if call.tls]:
        yield _problem(
            "tls-to-plain-port",
            Text(
                en=f"the SUT speaks TLS (https) to a port that speaks plain HTTP, {len(calls)} times",
                vi=f"SUT dùng TLS (https) với cổng chỉ dùng HTTP thường, {len(calls)} lần",
            ),
            Text(
                en=f"set the endpoint to {expected.url}, with http:// and not https://",
                vi=f"đặt endpoint là {expected.url}, dùng http:// chứ không phải https://",
            ),
            calls[0].line,
        )


def _not_http(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    if calls := [call for call in seen.signed(Signed.NOT_HTTP) if not call.tls]:
        yield _problem(
            "no-http",
            Text(en="bytes came that are no HTTP request", vi="có dữ liệu đến không phải yêu cầu HTTP"),
            Text(
                en="look at what calls this port: another protocol, or a proxy that is set up wrongly",
                vi="kiểm tra ai đang gọi cổng này: giao thức khác, hoặc proxy cấu hình sai",
            ),
            *_lines(calls),
        )


def _wrong_path(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    unknown = {fact["operation"] for fact in seen.facts if fact["fact"] == "refused" and _no_operation(fact)}
    if calls := [call for call in seen.calls if call.signed is not Signed.NOT_HTTP and call.operation in unknown]:
        asked = calls[0].operation or "/"
        yield _problem(
            "wrong-endpoint-path",
            Text(
                en=f"{len(calls)} calls asked for an operation that the axis does not have ({asked})",
                vi=f"{len(calls)} lời gọi đến thao tác mà trục không có ({asked})",
            ),
            Text(
                en=f"the endpoint is {expected.url} alone: the SDK appends the operation (sendEdoc, "
                "getReceivedEdocList …) "
                "as the last part of the path, in exactly this spelling",
                vi=f"endpoint chỉ là {expected.url}: SDK tự nối tên thao tác (sendEdoc, getReceivedEdocList …) "
                "vào cuối "
                "đường dẫn, đúng từng chữ hoa thường",
            ),
            *_lines(calls),
        )


def _no_operation(fact: Mapping[str, Any]) -> bool:
    return fact.get("error") == "system-error" and "no operation" in str(fact.get("because"))


# ---------------------------------------------------------------- who is calling


def _wrong_system(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    strange = [
        call
        for call in seen.signed(Signed.UNKNOWN_SYSTEM, Signed.GOOD, Signed.WRONG_SECRET)
        if call.system_id != expected.system_id
    ]
    if not strange:
        return
    names = ", ".join(dict.fromkeys(call.system_id for call in strange))
    yield _problem(
        "wrong-system-id",
        Text(
            en=f"{len(strange)} calls came as system '{names}', but the SUT's file says '{expected.system_id}'",
            vi=f"{len(strange)} lời gọi đến với mã hệ thống '{names}', trong khi tệp SUT ghi '{expected.system_id}'",
        ),
        Text(
            en=f"set the SUT's SystemId to {expected.system_id}, or [sut] system_id to what the SUT uses",
            vi=f"đặt SystemId của SUT là {expected.system_id}, hoặc sửa [sut] system_id theo giá trị SUT dùng",
        ),
        *_lines(strange),
    )


def _wrong_secret(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    calls = [call for call in seen.signed(Signed.WRONG_SECRET) if call.system_id == expected.system_id]
    if not calls:
        return
    whose = next((call.secret_of for call in calls if call.secret_of), "")
    hint = f" (signed with the secret of {whose})" if whose else ""
    chi_tiet = f" (được ký bằng khóa của {whose})" if whose else ""
    yield _problem(
        "wrong-secret",
        Text(
            en=f"{len(calls)} calls of {expected.system_id} are signed with another secret than the file's{hint}",
            vi=f"{len(calls)} lời gọi của {expected.system_id} được ký bằng khóa khác với khóa trong tệp SUT{chi_tiet}",
        ),
        Text(
            en="compare the SUT's SecretKey with [sut] secret or secret_env, letter by letter: spaces, line ends and "
            "quotes count; the header signature is HMAC-SHA256 over the very bytes of XroadVnpt-sign-header",
            vi="so SecretKey của SUT với [sut] secret hoặc secret_env từng ký tự: khoảng trắng, xuống dòng và dấu nháy "
            "đều tính; chữ ký header là HMAC-SHA256 trên đúng các byte của XroadVnpt-sign-header",
        ),
        *_lines(calls),
    )


def _altered(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    if calls := seen.signed(Signed.ALTERED, Signed.UNSIGNED):
        names = ", ".join(dict.fromkeys(call.detail for call in calls if call.detail))
        yield _problem(
            "signature-headers",
            Text(
                en=f"{len(calls)} calls have signature headers missing or changed: {names}",
                vi=f"{len(calls)} lời gọi bị thiếu hoặc bị sửa header chữ ký: {names}",
            ),
            Text(
                en="send all XroadVnpt-* headers as the SDK does; if the SUT sends them, a proxy on the way drops or "
                "rewrites them",
                vi="gửi đủ các header XroadVnpt-* như SDK; nếu SUT đã gửi đúng thì proxy ở giữa đã bỏ hoặc sửa chúng",
            ),
            *_lines(calls),
        )


def _proxy(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    calls = [call for call in seen.calls if call.proxies]
    if not calls:
        return
    names = ", ".join(dict.fromkeys(name for call in calls for name in call.proxies))
    hurts = not any(call.signed is Signed.GOOD for call in calls)
    yield Symptom(
        "proxy-in-the-way",
        "problem" if hurts else "note",
        Text(en=f"the calls come through a proxy ({names})", vi=f"các lời gọi đi qua proxy ({names})"),
        Text(
            en="let the SUT call the axis directly (no_proxy for its address), or make the proxy pass headers "
            "and bodies "
            "unchanged",
            vi="cho SUT gọi thẳng đến trục (no_proxy cho địa chỉ này), hoặc để proxy chuyển nguyên vẹn header và thân",
        ),
        _lines(calls),
    )


def _clock(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    measured = [call.behind for call in seen.calls if call.behind is not None and call.system_id == expected.system_id]
    if not measured or abs(nearest := min(measured, key=abs)) < _MUCH:
        return
    seconds = abs(nearest).total_seconds()
    shown = f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"
    behind = nearest > timedelta(0)
    yield Symptom(
        "clock-difference",
        "note",
        Text(
            en=f"the timestamp of the SUT's headers is {shown} {'behind' if behind else 'ahead of'} the axis's clock",
            vi=f"dấu thời gian trong header của SUT {'chậm' if behind else 'nhanh'} {shown} so với đồng hồ của trục",
        ),
        Text(
            en="the axis does not enforce it, and an SDK object that lives long keeps its first timestamp; if "
            "it is not "
            "that, set the machine's clock and use Vietnamese time (UTC+7)",
            vi="trục không kiểm tra việc này, và đối tượng SDK sống lâu vẫn giữ dấu thời gian đầu tiên; nếu "
            "không phải vậy, "
            "hãy chỉnh đồng hồ máy và dùng giờ Việt Nam (UTC+7)",
        ),
    )


# ---------------------------------------------------------------- what it does


def _wrong_unit(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    refused = [fact for fact in seen.of("refused", expected.system_id) if fact.get("error") == "wrong-sender"]
    if refused:
        given = ", ".join(dict.fromkeys(str(fact.get("from") or "–") for fact in refused))
        yield _problem(
            "wrong-unit-code",
            Text(
                en=f"the SUT sends from unit '{given}', which is not its own ({' = '.join(expected.organs)})",
                vi=f"SUT gửi từ đơn vị '{given}', không phải đơn vị của nó ({' = '.join(expected.organs)})",
            ),
            Text(
                en=f"set the unit code (the SDK's 'from', and From/OrganId) to {expected.organ}, or [sut] organ to the "
                "SUT's own",
                vi=f"đặt mã đơn vị ('from' của SDK và From/OrganId) là {expected.organ}, hoặc sửa [sut] organ theo SUT",
            ),
            *(f"{fact['operation']}: {fact['code']} {fact['because']}" for fact in refused[:_SHOWN]),
        )


def _hash(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    refused = [fact for fact in seen.of("refused", expected.system_id) if fact.get("error") == "file-processing"]
    if refused:
        yield _problem(
            "body-hash-mismatch",
            Text(
                en=f"{len(refused)} packages were refused: their bytes do not fit hash-file",
                vi=f"{len(refused)} gói tin bị từ chối: nội dung không khớp hash-file",
            ),
            Text(
                en="the body of sendEdoc is the file followed by one CRLF, and hash-file is the SHA-256 of the "
                "file alone "
                "(each byte in hex without padding); do not re-encode, convert line ends or compress on the way",
                vi="thân của sendEdoc là tệp cộng một CRLF, còn hash-file là SHA-256 của riêng tệp (mỗi byte "
                "viết hex không "
                "thêm số 0); không mã hóa lại, đổi ký tự xuống dòng hay nén trên đường truyền",
            ),
            *(f"{fact['operation']}: {fact['code']} {fact['because']}" for fact in refused[:_SHOWN]),
        )


def _refused(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    told = ("wrong-sender", "file-processing", "bad-credentials")
    refused = [
        fact
        for fact in seen.of("refused", expected.system_id)
        if fact.get("error") not in told and not _no_operation(fact)
    ]
    if refused:
        yield Symptom(
            "refused-by-the-axis",
            "note",
            Text(
                en=f"the axis refused {len(refused)} calls of the SUT for other reasons",
                vi=f"trục từ chối {len(refused)} lời gọi của SUT vì lý do khác",
            ),
            Text(
                en="read the reasons; axisproof lint judges a package without any network",
                vi="xem các lý do; axisproof lint kiểm tra gói tin mà không cần mạng",
            ),
            tuple(f"{fact['operation']}: {fact['code']} {fact['because']}" for fact in refused[:_SHOWN]),
        )


def _no_poll(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    if not seen.calls or seen.polls(expected.system_id):
        return
    if seen.signed(Signed.GOOD):
        names = ", ".join(sorted({call.operation for call in seen.signed(Signed.GOOD)}))
        because = Text(
            en=f"the SUT calls the axis ({names}) but never asked for its list",
            vi=f"SUT có gọi trục ({names}) nhưng chưa bao giờ hỏi danh sách gói tin",
        )
    else:
        because = Text(
            en="no valid poll of the SUT was seen: none of its calls got as far as its list",
            vi="chưa thấy lần hỏi trục hợp lệ nào của SUT: không lời gọi nào lấy được danh sách gói tin",
        )
    yield _problem(
        "no-poll",
        because,
        Text(
            en="start the SUT's job that calls getReceivedEdocList (messagetype edoc and status), or offer "
            "POST /control/poll; remedy the findings above first",
            vi="bật tác vụ của SUT gọi getReceivedEdocList (messagetype edoc và status), hoặc cung cấp "
            "POST /control/poll; xử lý các mục phía trên trước",
        ),
    )


def _half_poll(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    polls = seen.polls(expected.system_id)
    kinds = {str(fact.get("message_type") or "edoc").lower() for fact in polls}
    if len(polls) < 2 or len(kinds) != 1:
        return
    missing = "edoc" if "status" in kinds else "status"
    yield Symptom(
        "polls-one-kind",
        "problem" if {"edoc": "receiver", "status": "sender"}[missing] in expected.roles else "note",
        Text(
            en=f"the SUT polls only for {kinds.pop()}, never for {missing}",
            vi=f"SUT chỉ hỏi loại {'status' if missing == 'edoc' else 'edoc'}, không hỏi loại {missing}",
        ),
        Text(
            en=f"call getReceivedEdocList with messagetype {missing} as well",
            vi=f"gọi thêm getReceivedEdocList với messagetype {missing}",
        ),
    )


def _never_fetches(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    shown = [fact for fact in seen.polls(expected.system_id) if fact["listed"]]
    if len(shown) < 2 or seen.of("fetched", expected.system_id):
        return
    yield _problem(
        "never-fetches",
        Text(
            en=f"the SUT was shown a waiting letter in {len(shown)} polls and never fetched it",
            vi=f"SUT đã thấy một văn bản đang chờ trong {len(shown)} lần hỏi nhưng không tải về",
        ),
        Text(
            en="for each docId of the list call getEdoc (or downloadEdoc); look into the SUT's log for how it reads "
            "the list",
            vi="với mỗi docId trong danh sách hãy gọi getEdoc (hoặc downloadEdoc); xem nhật ký SUT về cách đọc "
            "danh sách",
        ),
        f"getReceivedEdocList: docId {shown[-1]['listed'][0]}",
    )


def _never_confirms(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    fetched = seen.of("fetched", expected.system_id)
    if not fetched or seen.of("confirmed", expected.system_id):
        return
    yield _problem(
        "never-confirms",
        Text(
            en=f"the SUT fetched the letter {len(fetched)} times and never confirmed it",
            vi=f"SUT đã tải văn bản {len(fetched)} lần nhưng không xác nhận",
        ),
        Text(
            en="after storing a package call updateStatus with status done (fail for what cannot be read); "
            "until then it "
            "stays on the list",
            vi="sau khi lưu gói tin hãy gọi updateStatus với status done (fail nếu không đọc được); chưa xác "
            "nhận thì gói "
            "tin vẫn nằm trong danh sách",
        ),
        f"getEdoc: docId {fetched[-1]['delivery_id']}",
    )


def _confirms_fail(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    failed = [
        fact
        for fact in seen.of("confirmed", expected.system_id)
        if fact["word"] == "fail" and fact["doc_id"] == expected.letter
    ]
    if failed:
        yield _problem(
            "cannot-read-a-letter",
            Text(
                en="the SUT confirmed an ordinary letter with 'fail'",
                vi="SUT xác nhận 'fail' cho một văn bản bình thường",
            ),
            Text(
                en="look into the SUT's log: it could not read or store a good package",
                vi="xem nhật ký của SUT: hệ thống không đọc hoặc không lưu được gói tin hợp lệ",
            ),
            f"updateStatus: {failed[-1].get('description') or '–'}",
        )


_RULES: tuple[_Rule, ...] = (
    _tls, _not_http, _wrong_path, _wrong_system, _wrong_secret, _altered, _proxy, _wrong_unit, _hash, _no_contact,
    _no_poll, _half_poll, _never_fetches, _never_confirms, _confirms_fail, _refused, _clock,
)  # fmt: skip
