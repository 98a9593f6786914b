"""Faults of the way: answers that come late, broken, as something else, or not at all (wire.md A.0.5, A.3)."""

from collections.abc import Callable

from simulator.faults.fault import BY_ID, LISTS, Effect, Fault, Kind, Strike, Switch
from simulator.wire import Cut, Outcome, Response
from simulator.words import Text

__all__ = ["FAULTS"]

_HTML = (("Content-Type", b"text/html"),)
_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
_CALLS = LISTS | BY_ID | {"sendEdoc"}


def _instead(make: Callable[[Strike], Outcome]) -> Effect:
    """The hub is never asked."""

    async def effect(strike: Strike) -> Outcome:
        return make(strike)

    return effect


async def _late(strike: Strike) -> Outcome:
    """What was asked is done at once; only the answer takes its time."""
    strike.announce()
    outcome = await strike.answer(strike.request)
    await strike.wait(float(strike.options["seconds"]))
    return outcome


async def _half(strike: Strike) -> Outcome:
    outcome = await strike.answer(strike.request)
    if isinstance(outcome, Cut):
        strike.hit = False
        return outcome
    return Cut(outcome, after=len(outcome.body) // 2)


async def _lost(strike: Strike) -> Outcome:
    await strike.answer(strike.request)
    return Cut()


FAULTS: tuple[Fault, ...] = (
    Fault(
        "slow-answer",
        Text("every answer comes late", "mọi câu trả lời đều đến chậm"),
        Kind.TRANSPORT,
        _late,
        options={"seconds": 0.5},
    ),
    Fault(
        "hanging-answer",
        Text("the axis holds its answer back for a long time", "trục giữ câu trả lời rất lâu"),
        Kind.TRANSPORT,
        _late,
        exclusive=True,
        options={"seconds": 30.0},
    ),
    Fault(
        "http-500",
        Text("HTTP 500 with a line of text", "HTTP 500 kèm một dòng chữ"),
        Kind.TRANSPORT,
        _instead(lambda strike: Response(500, (("Content-Type", b"text/plain"),), b"Internal Server Error")),
        operations=_CALLS,
    ),
    Fault(
        "html-page",
        Text("the HTML page of a proxy instead of an answer", "trang HTML của máy chủ proxy thay cho câu trả lời"),
        Kind.TRANSPORT,
        _instead(lambda strike: Response(502, _HTML, _PAGE)),
        operations=_CALLS,
    ),
    Fault(
        "empty-body",
        Text("HTTP 200 with an empty body", "HTTP 200 với nội dung rỗng"),
        Kind.TRANSPORT,
        _instead(lambda strike: Response(200, _HTML, b"")),
        operations=_CALLS,
    ),
    Fault(
        "garbage",
        Text("random bytes instead of an answer", "các byte ngẫu nhiên thay cho câu trả lời"),
        Kind.TRANSPORT,
        _instead(lambda strike: Response(200, (), strike.random.randbytes(200))),
        operations=_CALLS,
    ),
    Fault(
        "half-answer",
        Text("the connection breaks in the middle of the answer", "kết nối đứt khi mới trả lời được một nửa"),
        Kind.TRANSPORT,
        _half,
    ),
    Fault(
        "dropped-before",
        Text("the connection is dropped before the axis did anything", "kết nối bị ngắt trước khi trục xử lý"),
        Kind.TRANSPORT,
        _instead(lambda strike: Cut()),
    ),
    Fault(
        "dropped-after",
        Text(
            "the axis does what it was asked and the answer is lost",
            "trục đã thực hiện yêu cầu nhưng câu trả lời bị mất",
        ),
        Kind.TRANSPORT,
        _lost,
    ),
    Fault(
        "axis-down",
        Text("the axis refuses every connection", "trục từ chối mọi kết nối"),
        Kind.TRANSPORT,
        switch=Switch.DOWN,
        exclusive=True,
    ),
    Fault(
        "axis-restart",
        Text("the axis is started anew and breaks every connection", "trục khởi động lại, mọi kết nối bị đứt"),
        Kind.TRANSPORT,
        switch=Switch.RESTART,
        exclusive=True,
        options={"seconds": 0.2},
    ),
)
