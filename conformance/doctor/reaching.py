"""What is wrong with reaching the axis, or with who calls: address, TLS, system id, secret, proxy, clock. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from conformance.doctor.symptoms import Expected, Seen, Symptom, lines_of, no_operation, problem
from conformance.doctor.watch import Signed
from simulator.words import Text

__all__ = ["altered", "clock", "no_contact", "not_http", "proxy", "tls", "wrong_path", "wrong_secret", "wrong_system"]

_MUCH = timedelta(minutes=2)


def no_contact(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Nothing at all."""
    if seen.calls or any(each.event in ("refused", "plain") for each in seen.tls):
        return
    yield problem(
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


def tls(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """TLS spoken to the plain port."""
    if calls := [call for call in seen.calls if call.tls]:
        yield problem(
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


def not_http(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Bytes that are no HTTP."""
    if calls := [call for call in seen.signed(Signed.NOT_HTTP) if not call.tls]:
        yield problem(
            "no-http",
            Text(en="bytes came that are no HTTP request", vi="có dữ liệu đến không phải yêu cầu HTTP"),
            Text(
                en="look at what calls this port: another protocol, or a proxy that is set up wrongly",
                vi="kiểm tra ai đang gọi cổng này: giao thức khác, hoặc proxy cấu hình sai",
            ),
            *lines_of(calls),
        )


def wrong_path(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Operations that the axis does not have."""
    unknown = {fact["operation"] for fact in seen.facts if fact["fact"] == "refused" and no_operation(fact)}
    if calls := [call for call in seen.calls if call.signed is not Signed.NOT_HTTP and call.operation in unknown]:
        asked = calls[0].operation or "/"
        yield problem(
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
            *lines_of(calls),
        )


# ---------------------------------------------------------------- who is calling


def wrong_system(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Calls under another system id."""
    strange = [
        call
        for call in seen.signed(Signed.UNKNOWN_SYSTEM, Signed.GOOD, Signed.WRONG_SECRET)
        if call.system_id != expected.system_id
    ]
    if not strange:
        return
    names = ", ".join(dict.fromkeys(call.system_id for call in strange))
    yield problem(
        "wrong-system-id",
        Text(
            en=f"{len(strange)} calls came as system '{names}', but the SUT's file says '{expected.system_id}'",
            vi=f"{len(strange)} lời gọi đến với mã hệ thống '{names}', trong khi tệp SUT ghi '{expected.system_id}'",
        ),
        Text(
            en=f"set the SUT's SystemId to {expected.system_id}, or [sut] system_id to what the SUT uses",
            vi=f"đặt SystemId của SUT là {expected.system_id}, hoặc sửa [sut] system_id theo giá trị SUT dùng",
        ),
        *lines_of(strange),
    )


def wrong_secret(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Calls signed with another secret."""
    calls = [call for call in seen.signed(Signed.WRONG_SECRET) if call.system_id == expected.system_id]
    if not calls:
        return
    whose = next((call.secret_of for call in calls if call.secret_of), "")
    hint = f" (signed with the secret of {whose})" if whose else ""
    chi_tiet = f" (được ký bằng khóa của {whose})" if whose else ""
    yield problem(
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
        *lines_of(calls),
    )


def altered(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Signature headers missing or changed."""
    if calls := seen.signed(Signed.ALTERED, Signed.UNSIGNED):
        names = ", ".join(dict.fromkeys(call.detail for call in calls if call.detail))
        yield problem(
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
            *lines_of(calls),
        )


def proxy(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Something in between."""
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
        lines_of(calls),
    )


def clock(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Another time; never enforced."""
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
