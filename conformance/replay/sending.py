"""Signs a stored request with the present secret and sends it, otherwise byte for byte the same."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import httpx

from conformance.replay.stimuli import Stimulus
from simulator.protocol import request_signing
from simulator.words import Text

__all__ = ["CannotSend", "Sent", "Target", "send"]

_SECONDS = 60.0


class CannotSend(Exception):
    """A stimulus that could not be sent at all; ``because`` says why."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send. ``secrets``: system id -> secret; ``system_id``: send everything as that system, "" as then;
    ``control``: the control API for what was planted ("" none) and its ``token``."""

    url: str
    secrets: dict[str, str]
    system_id: str = ""
    control: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A stimulus and what the axis answers now."""

    stimulus: Stimulus
    answer: dict[str, Any]

    @property
    def doc_id(self) -> str:
        """The axis's id of it now."""
        return str(self.answer.get("DocId") or "")

    @property
    def as_then(self) -> bool:
        """Whether it was taken, or refused, with the same code as then."""
        then = self.stimulus.then
        if self.stimulus.planted:
            return bool(self.doc_id)
        return (then.get("status"), then.get("ErrorCode")) == (self.answer.get("status"), self.answer.get("ErrorCode"))


async def send(http: httpx.AsyncClient, stimulus: Stimulus, target: Target) -> Sent:
    """Send one. Raises CannotSend: no secret for its system, nobody there, no usable answer."""
    if stimulus.planted:
        return await _plant(http, stimulus, target)
    headers = _signed(stimulus, target)
    pairs = [(name.encode(), value) for name, value in headers]
    url = f"{target.url.rstrip('/')}/sendEdoc"
    answer = await _ask(http, httpx.Request("POST", url, headers=pairs, content=stimulus.body))
    if not isinstance(answer.get("status"), str):
        raise CannotSend(_NO_ANSWER.filled(url=url))
    return Sent(stimulus, answer)


def _signed(stimulus: Stimulus, target: Target) -> tuple[tuple[str, bytes], ...]:
    """The stored headers with the signature of now; only another system id changes anything else."""
    system_id = target.system_id or stimulus.system_id
    secret = target.secrets.get(system_id)
    if secret is None:
        raise CannotSend(_NO_SECRET.filled(system=system_id))
    signed, prefix = stimulus.signed, request_signing.PREFIX
    if system_id != stimulus.system_id:
        members = {f"{prefix}{name}": value for name, value in request_signing.read(signed).members}
        members[f"{prefix}systemid"] = system_id
        signed = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    fresh = {
        f"{prefix}systemid".lower(): system_id.encode(),
        f"{prefix}sign-header".lower(): signed,
        f"{prefix}hash-header".lower(): hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode(),
    }
    return tuple((name, fresh.get(name.lower(), value)) for name, value in stimulus.headers)


async def _plant(http: httpx.AsyncClient, stimulus: Stimulus, target: Target) -> Sent:
    if not target.control:
        raise CannotSend(_NO_CONTROL.filled(label=stimulus.label))
    options = {
        "package_base64": base64.b64encode(stimulus.body).decode(),
        "sender_system": target.system_id or stimulus.system_id,
        "message_type": stimulus.message_type,
        "to": list(stimulus.to),
        "admit": False,
    }
    headers = {"Authorization": f"Bearer {target.token}"}
    request = httpx.Request("POST", f"{target.control.rstrip('/')}/packages", headers=headers, json=options)
    answer = await _ask(http, request)
    if "doc_id" not in answer:
        raise CannotSend(_NOT_PLANTED.filled(label=stimulus.label, why=answer.get("error", "–")))
    return Sent(stimulus, {"status": "OK", "DocId": answer["doc_id"]})


async def _ask(http: httpx.AsyncClient, request: httpx.Request) -> dict[str, Any]:
    request.extensions["timeout"] = httpx.Timeout(_SECONDS).as_dict()
    try:
        response = await http.send(request)
        answer = response.json()
    except httpx.HTTPError as error:
        why = f"{type(error).__name__}: {error}".rstrip(": ")
        raise CannotSend(_NOBODY.filled(url=request.url, why=why)) from error
    except ValueError as error:
        raise CannotSend(_NO_ANSWER.filled(url=request.url)) from error
    return answer if isinstance(answer, dict) else {}


_NO_SECRET = Text(
    en="no secret for system {system}: give --credentials (the file of 'serve'), or --system-id and --secret-env",
    vi="không có khóa của hệ thống {system}: dùng --credentials (tệp của 'serve'), hoặc --system-id và --secret-env",
)
_NO_CONTROL = Text(
    en="'{label}' was put past the axis's admission: that needs --control and --credentials",
    vi="'{label}' được đưa thẳng vào hàng đợi, không qua kiểm tra của trục: cần --control và --credentials",
)
_NOT_PLANTED = Text(en="'{label}' could not be queued: {why}", vi="không đưa '{label}' vào hàng đợi được: {why}")
_NOBODY = Text(en="{url} cannot be reached: {why}", vi="không kết nối được {url}: {why}")
_NO_ANSWER = Text(en="{url} gave no answer of an axis", vi="{url} không trả lời như một trục")
