"""What is wrong with what the SUT does once it reaches the axis: sending, polling, fetching, confirming. Pure."""

from collections.abc import Iterator

from conformance.doctor.symptoms import SHOWN, Expected, Seen, Symptom, no_operation, problem
from conformance.doctor.watch import Signed
from simulator.words import Text

__all__ = ["confirms_fail", "half_poll", "hash", "never_confirms", "never_fetches", "no_poll", "refused", "wrong_unit"]


def wrong_unit(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Another unit than its own."""
    refused = [fact for fact in seen.of("refused", expected.system_id) if fact.get("error") == "wrong-sender"]
    if refused:
        given = ", ".join(dict.fromkeys(str(fact.get("from") or "–") for fact in refused))
        yield problem(
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
            *(f"{fact['operation']}: {fact['code']} {fact['because']}" for fact in refused[:SHOWN]),
        )


def hash(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """A body that does not fit its digest."""
    refused = [fact for fact in seen.of("refused", expected.system_id) if fact.get("error") == "file-processing"]
    if refused:
        yield problem(
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
            *(f"{fact['operation']}: {fact['code']} {fact['because']}" for fact in refused[:SHOWN]),
        )


def refused(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Other refusals."""
    told = ("wrong-sender", "file-processing", "bad-credentials")
    refused = [
        fact
        for fact in seen.of("refused", expected.system_id)
        if fact.get("error") not in told and not no_operation(fact)
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
            tuple(f"{fact['operation']}: {fact['code']} {fact['because']}" for fact in refused[:SHOWN]),
        )


def no_poll(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """Calls, and no poll among them."""
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
    yield problem(
        "no-poll",
        because,
        Text(
            en="start the SUT's job that calls getReceivedEdocList (messagetype edoc and status), or offer "
            "POST /control/poll; remedy the findings above first",
            vi="bật tác vụ của SUT gọi getReceivedEdocList (messagetype edoc và status), hoặc cung cấp "
            "POST /control/poll; xử lý các mục phía trên trước",
        ),
    )


def half_poll(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """One kind of message is never asked for."""
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


def never_fetches(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """A waiting letter is never fetched."""
    shown = [fact for fact in seen.polls(expected.system_id) if fact["listed"]]
    if len(shown) < 2 or seen.of("fetched", expected.system_id):
        return
    yield problem(
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


def never_confirms(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """A fetched letter is never confirmed."""
    fetched = seen.of("fetched", expected.system_id)
    if not fetched or seen.of("confirmed", expected.system_id):
        return
    yield problem(
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


def confirms_fail(seen: Seen, expected: Expected) -> Iterator[Symptom]:
    """A good letter is called unreadable."""
    failed = [
        fact
        for fact in seen.of("confirmed", expected.system_id)
        if fact["word"] == "fail" and fact["doc_id"] == expected.letter
    ]
    if failed:
        yield problem(
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
