"""Asks every call of the SUT's control API once, and says which are missing, half there or slow.

Nothing is sent and nothing forgotten: ``send`` gets an order without receivers, ``act`` a document that nobody has,
and ``reset`` is left out.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.doctor.symptoms import Symptom
from conformance.stage import Reply
from conformance.sut.driver import Driver
from simulator.words import Text

__all__ = ["PROBES", "Probe", "Probed", "ask_all", "judge_adapter"]

_SLOW = 5.0
_MISSING = (404, 405, 501)


@dataclass(frozen=True, slots=True)
class Probe:
    """One harmless call, and the member that a 200 must have (with its type)."""

    method: str
    path: str
    body: Mapping[str, Any]
    member: str = ""
    kind: type = object

    @property
    def call(self) -> str:
        """``GET /control/documents``."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Probed:
    """What came back, after how many seconds."""

    probe: Probe
    reply: Reply
    seconds: float

    @property
    def offered(self) -> bool:
        """Whether the call exists: an error in words (``{"error"}``) is an answer, too."""
        error = str(self.reply.answer.get("error") or "<")
        worded = self.probe.path.endswith("/act") and not error.lstrip().startswith("<")
        return self.reply.status not in _MISSING or (self.reply.status == 404 and worded)


PROBES = (
    Probe("POST", "/control/poll", {}),
    Probe("GET", "/control/documents", {"box": "in"}, "documents", list),
    Probe("GET", "/control/documents", {"box": "out"}, "documents", list),
    Probe(
        "POST", "/control/act", {"document_id": "axisproof-doctor", "action": "accept", "reason": None, "organ": None}
    ),
    Probe("POST", "/control/send", {"kind": "new", "to": [], "subject": "", "attachments": []}),
    Probe("GET", "/control/statistics", {"from": "2026-11-01", "to": "2026-11-30"}, "received", int),
)


async def ask_all(driver: Driver) -> tuple[Probed, ...]:
    """Each probe once, one after the other; gives up after the first that finds nobody."""
    found: list[Probed] = []
    for probe in PROBES:
        began = time.monotonic()
        reply = await driver.call(probe.method, probe.path, probe.body)
        found.append(Probed(probe, reply, time.monotonic() - began))
        if _nobody(reply):
            break
    return tuple(found)


def judge_adapter(found: tuple[Probed, ...], *, where: str, statistics: bool) -> Iterator[Symptom]:
    """What these answers show. ``statistics``: the SUT claims that capability."""
    if found and _nobody(found[-1].reply):
        yield _unreachable(found[-1], where)
        return
    wanted = [each for each in found if statistics or not each.probe.path.endswith("/statistics")]
    missing = list(dict.fromkeys(each.probe.call for each in wanted if not each.offered))
    if missing:
        yield _half(missing, all_of_them=len(missing) == len({each.probe.call for each in wanted}), where=where)
    if wrong := [each for each in found if _malformed(each)]:
        yield Symptom(
            "adapter-wrong-answer",
            "problem",
            Text(
                en=f"{len(wrong)} calls of the control API answer something else than the contract says",
                vi=f"{len(wrong)} lời gọi API điều khiển trả lời không đúng quy ước",
            ),
            Text(
                en="answer one JSON object in UTF-8 with the members of the contract (section 4); errors are "
                '{"error": "…"} with 404, 409, 422 or 501, never 500',
                vi="trả về một đối tượng JSON UTF-8 với các thành phần theo quy ước (mục 4); lỗi là "
                '{"error": "…"} kèm 404, 409, 422 hoặc 501, không phải 500',
            ),
            tuple(f"{each.probe.call}: {_shown(each.reply)}" for each in wrong),
        )
    if slow := [each for each in found if each.seconds > _SLOW]:
        yield Symptom(
            "adapter-slow",
            "note",
            Text(
                en=f"{len(slow)} calls of the control API took longer than {_SLOW:.0f} s",
                vi=f"{len(slow)} lời gọi API điều khiển mất hơn {_SLOW:.0f} giây",
            ),
            Text(
                en="make the adapter answer within a second or two, or raise [timing] deadline_seconds",
                vi="để bộ tiếp hợp trả lời trong một hai giây, hoặc tăng [timing] deadline_seconds",
            ),
            tuple(f"{each.probe.call}: {each.seconds:.1f} s" for each in slow),
        )


def _nobody(reply: Reply) -> bool:
    """Whether nothing came back at all: a wrong answer is an answer."""
    error = str(reply.answer.get("error"))
    return reply.status == 0 and not any(words in error for words in ("no JSON", "contract's form", "no answer line"))


def _malformed(each: Probed) -> bool:
    reply, probe = each.reply, each.probe
    if reply.status == 0 or (reply.status >= 500 and reply.status != 501):
        return True
    if not reply.ok or not probe.member:
        return False
    return not isinstance(reply.answer.get(probe.member), probe.kind)


def _shown(reply: Reply) -> str:
    return f"{reply.status or '–'} {str(dict(reply.answer))[:160]}"


def _half(missing: list[str], *, all_of_them: bool, where: str) -> Symptom:
    if all_of_them:
        because = Text(
            en=f"{where} offers none of the control calls", vi=f"{where} không cung cấp lời gọi điều khiển nào"
        )
    else:
        because = Text(
            en=f"the control API is half there: {len(missing)} calls are not offered",
            vi=f"API điều khiển chưa đầy đủ: thiếu {len(missing)} lời gọi",
        )
    return Symptom(
        "adapter-missing" if all_of_them else "adapter-half-there",
        "problem",
        because,
        Text(
            en="offer them (contract, section 4), or let a person be asked: check without --no-input asks for what "
            "answers 501",
            vi="cung cấp chúng (quy ước, mục 4), hoặc để người vận hành trả lời: check không có --no-input sẽ "
            "hỏi người "
            "những gì trả về 501",
        ),
        tuple(missing),
    )


def _unreachable(dead: Probed, where: str) -> Symptom:
    error = str(dead.reply.answer.get("error", ""))
    low = error.lower()
    if "certificate" in low:
        return Symptom(
            "adapter-tls-trust",
            "problem",
            Text(
                en=f"the certificate of {where} is not trusted here",
                vi=f"chứng thư của {where} không được tin cậy trên máy này",
            ),
            Text(
                en="use http:// for a control API on the same machine, or set SSL_CERT_FILE to the authority's file",
                vi="dùng http:// cho API điều khiển trên cùng máy, hoặc đặt SSL_CERT_FILE trỏ đến chứng thư gốc",
            ),
            (error[:200],),
        )
    if where.startswith("https:") and ("ssl" in low or "wrong version" in low or "record layer" in low):
        return Symptom(
            "adapter-tls-to-plain-port",
            "problem",
            Text(en=f"{where} speaks plain HTTP, not TLS", vi=f"{where} chỉ dùng HTTP thường, không phải TLS"),
            Text(en="write [driver] url with http://", vi="ghi [driver] url với http://"),
            (error[:200],),
        )
    if where.startswith("http:") and ("protocolerror" in low or "readerror" in low):
        return Symptom(
            "adapter-plain-to-tls-port",
            "problem",
            Text(
                en=f"{where} answers no HTTP; it may speak TLS",
                vi=f"{where} không trả lời HTTP; có thể cổng này dùng TLS",
            ),
            Text(
                en="write [driver] url with https:// where it does, or give the right port",
                vi="ghi [driver] url với https:// nếu đúng vậy, hoặc sửa lại cổng",
            ),
            (error[:200],),
        )
    silent = "timeout" in low
    return Symptom(
        "adapter-silent" if silent else "adapter-missing",
        "problem",
        Text(
            en=f"the control API at {where} {'does not answer in time' if silent else 'cannot be reached'}",
            vi=f"API điều khiển tại {where} {'không trả lời kịp' if silent else 'không kết nối được'}",
        ),
        Text(
            en='start the adapter, correct [driver] url, or use kind = "manual" and let a person be asked',
            vi='khởi động bộ tiếp hợp, sửa [driver] url, hoặc dùng kind = "manual" để hỏi người vận hành',
        ),
        (f"{dead.probe.call}: {error[:200]}",),
    )
