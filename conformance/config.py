"""The SUT's file: one frozen object, read once at the door. Defaults < TOML < environment < flags.

Unknown keys and wrong types are errors that name file, table and key (pitfall 143); the command exits 2.
Environment: ``AXISPROOF_<TABLE>_<KEY>``, e.g. ``AXISPROOF_DRIVER_URL``; lists are separated by commas.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from simulator.words import Text

__all__ = [
    "BadConfig",
    "Capabilities",
    "Config",
    "Driver",
    "Hub",
    "Judging",
    "System",
    "Timing",
    "Trust",
    "null",
    "read",
    "reference",
    "told",
]


class BadConfig(ValueError):
    """A configuration that cannot be used; ``because`` says which file and key."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class Hub:
    """``[hub]``: where the axis listens and who is on it. ``listen``: host:port, port 0 takes a free one.

    ``tls``: the axis offers https to the SUT, with a certificate of the test PKI; the SUT trusts its ``tls-ca.pem``.
    ``tls_names``: names and addresses by which the SUT reaches it, beside the host, this machine's name and localhost.
    """

    listen: str = "127.0.0.1:8095"
    topology: str = "2020"
    profile: str = "vxp-2.0"
    tls: bool = False
    tls_names: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The part before the colon."""
        return self.listen.rpartition(":")[0] or "127.0.0.1"

    @property
    def port(self) -> int:
        """The part behind the colon."""
        return int(self.listen.rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class System:
    """``[sut]``: who is tested. The secret is given here or by the name of an environment variable."""

    name: str = ""
    version: str = ""
    vendor: str = ""
    organ: str = ""
    organ_name: str = ""
    system_id: str = ""
    secret: str = field(default="", repr=False)
    secret_env: str = ""
    roles: tuple[str, ...] = ("sender", "receiver")


@dataclass(frozen=True, slots=True)
class Driver:
    """``[driver]``: how the SUT is made to act. ``mutant`` only for the bundled systems (sut/bundled.py)."""

    kind: str = "http"
    url: str = ""
    command: tuple[str, ...] = ()
    mutant: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """``[capabilities]``: claimed = tested; not claimed = not-applicable.

    ``time_stamp``: the SUT signs what it sends where the order says so, with a stamp of the TSA that it was given.
    """

    update: bool = False
    replace: bool = False
    recall: bool = False
    take_back: bool = False
    directory_sync: bool = False
    statistics: bool = False
    signature: str = "none"
    time_stamp: bool = False
    max_attachment_mb: int = 50

    @property
    def claimed(self) -> tuple[str, ...]:
        """The names of what is claimed, ``signature`` and the signed kinds among them."""
        named = [item.name for item in fields(self) if getattr(self, item.name) is True]
        signed = {"packet": ["packet"], "pdf": ["pdf"], "both": ["packet", "pdf"]}.get(self.signature, [])
        return (*named, *(f"signature_{kind}" for kind in signed))


@dataclass(frozen=True, slots=True)
class Judging:
    """``[judging]``: requirement ids that fail instead of warn."""

    promote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """``[timing]``, in seconds. ``poll_seconds``: the SUT's own period (0: not known; it is measured anyway);
    ``deadline_seconds``: how long one step may take, and how long silence is borne; ``floor_seconds``: a wait is
    never given up earlier, however fast the SUT polls; ``directory_seconds``: how often the SUT reads the axis's
    directory by itself (0: not told)."""

    poll_seconds: float = 0.0
    deadline_seconds: float = 60.0
    floor_seconds: float = 3.0
    directory_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Trust:
    """``[trust]``: where the test PKI stands; ``read`` puts ``axisproof-pki`` beside the SUT file where none is named.

    Empty: in the run's scratch place, gone with it. The SUT installs what stands in its ``trust`` folder.
    ``tsa_listen``: host:port of the time-stamp authority that runs while a case needs one; port 0 takes a free one.
    """

    folder: str = ""
    tsa_listen: str = "127.0.0.1:8097"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that one check needs to know about its SUT and its axis."""

    hub: Hub = Hub()
    sut: System = System()
    driver: Driver = Driver()
    capabilities: Capabilities = Capabilities()
    judging: Judging = Judging()
    timing: Timing = Timing()
    trust: Trust = Trust()

    @property
    def claimed(self) -> tuple[str, ...]:
        """The names of the claimed capabilities, ``tls`` among them where the axis offers it to the SUT."""
        return (*self.capabilities.claimed, *(("tls",) if self.hub.tls else ()))


KINDS = ("http", "command", "manual", "reference")
SIGNATURES = ("none", "packet", "pdf", "both")
ROLES = ("sender", "receiver")
_PKI = "axisproof-pki"


def reference(mutant: str = "") -> Config:
    """The bundled reference system (or one of its mutants) on a free port, everything claimed."""
    return Config(
        hub=Hub(listen="127.0.0.1:0", tls=True),
        sut=System(
            name=f"axisproof reference DMS{f' ({mutant})' if mutant else ''}",
            vendor="axisproof",
            organ="000.00.00.H98",
            organ_name="UBND tỉnh Thử Nghiệm",
            system_id="sut.test.01",
        ),
        driver=Driver(kind="reference", mutant=mutant),
        capabilities=Capabilities(
            update=True,
            replace=True,
            recall=True,
            take_back=True,
            directory_sync=True,
            statistics=True,
            signature="both",
            time_stamp=True,
        ),
        timing=Timing(deadline_seconds=30.0, floor_seconds=0.7),
        trust=Trust(tsa_listen="127.0.0.1:0"),
    )


def told(config: Config, tables: Mapping[str, Mapping[str, Any]]) -> Config:
    """The same, where its SUT file says otherwise: table, key, value."""
    return replace(config, **{table: replace(getattr(config, table), **keys) for table, keys in tables.items()})


def null(null_id: str) -> Config:
    """A null system in the place of the reference, everything claimed."""
    config = reference(f"null:{null_id}")
    sut = replace(config.sut, name=f"axisproof null system ({null_id})")
    return replace(config, sut=sut, timing=Timing(deadline_seconds=15.0, floor_seconds=0.7))


def listening(config: Config, port: int | None) -> Config:
    """The same, with the axis on another port of the same host (None: no change)."""
    return config if port is None else replace(config, hub=replace(config.hub, listen=f"{config.hub.host}:{port}"))


def read(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Read and check a SUT file. Raises BadConfig."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(
            "{path} cannot be read: {why}", "không đọc được {path}: {why}", path=path, why=error.strerror
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad("{path} is no TOML: {why}", "{path} không phải TOML: {why}", path=path, why=error) from None
    config = _checked(_config(data, str(path), environment), str(path), environment)
    folder = (path.parent / (config.trust.folder or _PKI)).absolute()
    return replace(config, trust=replace(config.trust, folder=str(folder)))


def _config(data: Mapping[str, Any], origin: str, environment: Mapping[str, str]) -> Config:
    tables = {item.name: getattr(Config(), item.name) for item in fields(Config)}
    for name in data:
        if name not in tables:
            raise _unknown(origin, name, tables)
    return Config(
        **{
            name: _table(default, data.get(name, {}), f"{origin}: [{name}]", name, environment)
            for name, default in tables.items()
        }
    )


def _table(default: Any, table: Any, place: str, name: str, environment: Mapping[str, str]) -> Any:
    if not isinstance(table, dict):
        raise _bad("{place} is no table", "{place} không phải một bảng", place=place)
    hints = get_type_hints(type(default))
    values = {}
    for key, value in table.items():
        if key not in hints or (name == "driver" and key == "mutant"):
            raise _unknown(place, key, hints)
        values[key] = _value(value, hints[key], f"{place} {key}")
    for key, kind in hints.items():
        variable = f"AXISPROOF_{name}_{key}".upper()
        if variable in environment:
            values[key] = _from_text(environment[variable], kind, variable)
    return replace(default, **values)


def _value(value: Any, kind: Any, place: str) -> Any:
    if get_origin(kind) is tuple:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        raise _bad("{place} must be a list of texts", "{place} phải là danh sách chuỗi", place=place)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise _bad("{place} must be {kind}", "{place} phải là {kind}", place=place, kind=kind.__name__)
    return value


def _from_text(text: str, kind: Any, place: str) -> Any:
    if get_origin(kind) is tuple and get_args(kind)[0] is str:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is bool:
        if text.lower() not in ("true", "false", "1", "0"):
            raise _bad("{place} must be true or false", "{place} phải là true hoặc false", place=place)
        return text.lower() in ("true", "1")
    try:
        return kind(text)
    except ValueError:
        raise _bad("{place} must be {kind}", "{place} phải là {kind}", place=place, kind=kind.__name__) from None


def _checked(config: Config, origin: str, environment: Mapping[str, str]) -> Config:
    sut, driver = config.sut, config.driver
    for key in ("name", "organ", "system_id"):
        if not getattr(sut, key):
            raise _bad("{origin}: [sut] {key} is missing", "{origin}: thiếu [sut] {key}", origin=origin, key=key)
    if driver.kind not in KINDS:
        raise _word(origin, "[driver] kind", driver.kind, KINDS)
    for key, kind in (("url", "http"), ("command", "command")):
        if driver.kind == kind and not getattr(driver, key):
            raise _bad("{origin}: [driver] {key} is missing", "{origin}: thiếu [driver] {key}", origin=origin, key=key)
    if config.capabilities.signature not in SIGNATURES:
        raise _word(origin, "[capabilities] signature", config.capabilities.signature, SIGNATURES)
    if not sut.roles:
        raise _bad("{origin}: [sut] roles is empty", "{origin}: [sut] roles đang rỗng", origin=origin)
    for role in sut.roles:
        if role not in ROLES:
            raise _word(origin, "[sut] roles", role, ROLES)
    if not config.hub.listen.rpartition(":")[2].isdigit():
        raise _bad(
            "{origin}: [hub] listen must be host:port", "{origin}: [hub] listen phải là host:port", origin=origin
        )
    if not config.trust.tsa_listen.rpartition(":")[2].isdigit():
        raise _bad(
            "{origin}: [trust] tsa_listen must be host:port",
            "{origin}: [trust] tsa_listen phải là host:port",
            origin=origin,
        )
    timing = config.timing
    if timing.deadline_seconds <= 0 or min(timing.poll_seconds, timing.floor_seconds, timing.directory_seconds) < 0:
        raise _bad(
            "{origin}: [timing] seconds must be positive", "{origin}: [timing] số giây phải dương", origin=origin
        )
    return replace(config, sut=_with_secret(sut, origin, environment, needed=driver.kind != "reference"))


def _with_secret(sut: System, origin: str, environment: Mapping[str, str], *, needed: bool) -> System:
    if sut.secret_env and not sut.secret:
        secret = environment.get(sut.secret_env, "")
        if not secret:
            raise _bad(
                "{origin}: [sut] secret_env names {name}, which is not set in the environment",
                "{origin}: [sut] secret_env chỉ đến {name} nhưng biến môi trường này chưa đặt",
                origin=origin,
                name=sut.secret_env,
            )
        return replace(sut, secret=secret)
    if needed and not sut.secret:
        raise _bad(
            "{origin}: [sut] needs secret or secret_env: the secret that the SUT signs with",
            "{origin}: [sut] cần secret hoặc secret_env: khóa bí mật mà SUT dùng để ký",
            origin=origin,
        )
    return sut


def _unknown(place: str, key: str, known: Mapping[str, Any]) -> BadConfig:
    names = ", ".join(name for name in known if name != "mutant")
    return _bad(
        "{place}: unknown key {key!r}; known are {names}",
        "{place}: khóa lạ {key!r}; các khóa hợp lệ là {names}",
        place=place,
        key=key,
        names=names,
    )


def _word(origin: str, place: str, word: str, words: tuple[str, ...]) -> BadConfig:
    return _bad(
        "{origin}: {place} {word!r} is none of {words}",
        "{origin}: {place} {word!r} không thuộc {words}",
        origin=origin,
        place=place,
        word=word,
        words=", ".join(words),
    )


def _bad(en: str, vi: str, **values: object) -> BadConfig:
    return BadConfig(Text(en=en, vi=vi).filled(**values))
