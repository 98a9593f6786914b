"""Where the load goes: an axis that is up already, and the system under test, as the caller named them."""

import ipaddress
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from simulator.words import Text

__all__ = ["BadTarget", "OutsideHub", "Sut", "outside_hub", "sut"]

_NO_URL = Text(
    en="--hub must be an address such as http://127.0.0.1:8095, not {url!r}",
    vi="--hub phải là địa chỉ dạng http://127.0.0.1:8095, không phải {url!r}",
)
_ELSEWHERE = Text(
    en='{host} is another machine: load goes there only where the credentials file lists it in "_hosts"',
    vi='{host} là máy khác: chỉ gửi tải tới đó khi tệp tài khoản ghi tên nó trong "_hosts"',
)
_NO_CREDENTIALS = Text(
    en='--hub needs --credentials FILE: {{"<system id>": {{"secret": …, "organs": [unit, …]}}}}',
    vi='--hub cần --credentials TỆP: {{"<mã hệ thống>": {{"secret": …, "organs": [đơn vị, …]}}}}',
)
_UNREADABLE = Text(en="{path} cannot be read: {why}", vi="không đọc được {path}: {why}")
_FEW = Text(
    en="{path} names {seen} systems with a secret and a unit; a load needs at least 2",
    vi="{path} chỉ có {seen} hệ thống có khóa và đơn vị; chạy tải cần ít nhất 2",
)
_MEMBER = Text(en="{path}: [{table}] {key} is missing", vi="{path}: thiếu [{table}] {key}")
_NO_SECRET = Text(
    en="{path}: the secret is missing: [sut] secret, or [sut] secret_env and that variable",
    vi="{path}: thiếu khóa: [sut] secret, hoặc [sut] secret_env cùng biến môi trường đó",
)
_LOCAL = frozenset({"localhost"})
REFERENCE = "reference"


class BadTarget(ValueError):
    """What was given leads nowhere that load may go to; ``because`` says why."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class OutsideHub:
    """An axis that is not ours. ``nodes``: (system, unit) of everyone whose secret is known."""

    url: str
    credentials: Path
    nodes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sut:
    """The system under test. ``bundled``: the reference system, which the run starts itself; ``port``: where the axis
    must listen for it (0: anywhere); ``driver``: its control API, or ""; ``take_back``: it claims to answer 13."""

    name: str
    organ: str
    system_id: str
    secret: str = field(default="", repr=False)
    organ_name: str = ""
    bundled: bool = False
    port: int = 0
    driver: str = ""
    poll_seconds: float = 5.0
    take_back: bool = False


def outside_hub(url: str, credentials: Path | None) -> OutsideHub:
    """The axis at ``url`` with those credentials. Raises BadTarget, also for another machine that the file does not
    name (contract, section 5)."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise BadTarget(_NO_URL.filled(url=url))
    if credentials is None:
        raise BadTarget(_NO_CREDENTIALS.filled())
    rows = _json(credentials)
    allowed = rows.get("_hosts", [])
    if not _is_here(parts.hostname) and not (isinstance(allowed, list) and parts.hostname in allowed):
        raise BadTarget(_ELSEWHERE.filled(host=parts.hostname))
    nodes = tuple(
        (system, str(row["organs"][0]))
        for system, row in rows.items()
        if not system.startswith("_") and isinstance(row, dict) and row.get("secret") and row.get("organs")
    )
    if len(nodes) < 2:
        raise BadTarget(_FEW.filled(path=credentials, seen=len(nodes)))
    return OutsideHub(url.rstrip("/"), credentials, nodes)


def sut(given: str, environment: Mapping[str, str] = os.environ) -> Sut:
    """The system that ``--sut`` names: ``reference``, or a SUT file (contract, section 4). Raises BadTarget."""
    if given == REFERENCE:
        return Sut(
            "reference", "000.00.00.H98", "sut.test.01", organ_name="UBND tỉnh Thử Nghiệm", bundled=True,
            poll_seconds=2.0, take_back=True,
        )  # fmt: skip
    path = Path(given)
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTarget(_UNREADABLE.filled(path=path, why=getattr(error, "strerror", None) or error)) from error
    hub, system = tables.get("hub", {}), tables.get("sut", {})
    driver, timing, claims = (tables.get(name, {}) for name in ("driver", "timing", "capabilities"))
    for key in ("organ", "system_id"):
        if not system.get(key):
            raise BadTarget(_MEMBER.filled(path=path, table="sut", key=key))
    secret = str(system.get("secret") or environment.get(str(system.get("secret_env", "")), ""))
    if not secret:
        raise BadTarget(_NO_SECRET.filled(path=path))
    port = str(hub.get("listen", "127.0.0.1:8095")).rpartition(":")[2]
    return Sut(
        name=str(system.get("name") or path.stem),
        organ=str(system["organ"]),
        system_id=str(system["system_id"]),
        secret=secret,
        organ_name=str(system.get("organ_name", "")),
        port=int(port) if port.isdecimal() else 0,
        driver=str(driver.get("url", "")) if driver.get("kind", "http") == "http" else "",
        poll_seconds=float(timing.get("poll_seconds") or 5.0),
        take_back=claims.get("take_back") is True,
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        rows = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadTarget(_UNREADABLE.filled(path=path, why=getattr(error, "strerror", None) or error)) from error
    if not isinstance(rows, dict):
        raise BadTarget(_UNREADABLE.filled(path=path, why="no JSON object"))
    return rows


def _is_here(host: str) -> bool:
    if host in _LOCAL:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
