"""``axisproof replay RUN_DIR CASE``. Exit 0: sent again, answered as then, and taken by the SUT; 1: answered otherwise;
2: the call is wrong; 3: the SUT did not come for it in time."""

import asyncio
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import httpx

from conformance import config as configuration
from conformance.bench import driver_for
from conformance.config import BadConfig, Config, Driver, Hub, System
from conformance.evidence import Lane
from conformance.replay.sending import CannotSend, Sent, Target, send
from conformance.replay.stimuli import NotReplayable, Stimulus, left_out, stimuli
from conformance.runfolder import BadEvidence, RunEvidence, load
from conformance.setting import admit, profile_of, sut_of, topology_of
from conformance.sut.driver import Connection, DriverFailed
from simulator.clock import SystemClock
from simulator.hub.events import Exchange, Fact
from simulator.hub.trouble import HubError
from simulator.topology import Unit
from simulator.words import Lang, Text, both, preferred_language
from simulator.world import World, WorldConfig

__all__ = ["replay"]

_TICK = 0.05
_LISTENS = Text(
    en="The axis listens at {url}. Let {system} (unit {organ}) poll; its secret: {secret}. Waiting up to "
    "{seconds:.0f} s.",
    vi="Trục lắng nghe tại {url}. Hãy để {system} (đơn vị {organ}) hỏi trục; khóa: {secret}. Chờ tối đa "
    "{seconds:.0f} giây.",
)
_FROM_FILE = Text(en="the one in its file", vi="khóa trong tệp SUT")
_HEAD = Text(
    en="{case} of run {run}: {count} packages sent again, byte for byte, with new signatures",
    vi="{case} của lần chạy {run}: gửi lại {count} gói tin, đúng từng byte, với chữ ký mới",
)
_LINE = Text(
    en="{label}: {size} bytes, SHA-256 {sha}, {how} as {system}; DocId {doc_id}; then {then}, now {now}{fate}",
    vi="{label}: {size} byte, SHA-256 {sha}, {how} với vai {system}; DocId {doc_id}; khi đó {then}, nay {now}{fate}",
)
_HOW = {False: Text("sent", "gửi"), True: Text("planted", "đưa thẳng vào hàng đợi")}
_LEFT = Text(
    en="not repeated, because they are the SUT's own steps: {steps}",
    vi="không lặp lại vì là thao tác của chính SUT: {steps}",
)
_NOT_TAKEN = Text(
    en="the SUT did not fetch and confirm everything within {seconds:.0f} s",
    vi="SUT chưa tải và xác nhận hết trong {seconds:.0f} giây",
)
_PAIR = Text(
    en="--secret-env names {name}, which is not set in the environment",
    vi="--secret-env chỉ đến {name} nhưng biến môi trường này chưa đặt",
)
_BAD_CREDENTIALS = Text(en="{path} is no credentials file of 'serve'", vi="{path} không phải tệp tài khoản của 'serve'")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a replay. ``fates``: DocId -> what the SUT did with it; ``waited``: whether a SUT was waited for."""

    url: str
    sent: tuple[Sent, ...]
    fates: Mapping[str, str]
    waited: bool

    @property
    def exit_code(self) -> int:
        """0, 1 or 3."""
        if not all(each.as_then for each in self.sent):
            return 1
        return 3 if self.waited and not self.taken else 0

    @property
    def taken(self) -> bool:
        """Whether the SUT confirmed everything that the axis took."""
        return all(self.fates.get(each.doc_id, "").startswith("confirmed") for each in self.sent if each.doc_id)


@click.command(
    help=both(
        "Send again, byte for byte, what one case of a stored run sent: to an axis of its own that waits for the SUT "
        "(default), or to a running one (--to).",
        "Gửi lại đúng từng byte những gì một ca của lần chạy đã lưu đã gửi: qua trục riêng chờ SUT (mặc định), "
        "hoặc đến "
        "trục đang chạy (--to).",
    ),
    epilog="""\b
Example / Ví dụ:
  axisproof replay axisproof-runs/20261121T080000Z-my-dms receiving/plain-document --sut my-dms.toml
  axisproof replay runs/first receiving/plain-document --to http://127.0.0.1:8095 \\
      --credentials axisproof-data/credentials.json
""",
)
@click.argument("run_dir", metavar="RUN_DIR", type=click.Path(path_type=Path))
@click.argument("case", metavar="CASE")
@click.option("--to", "to", metavar="URL", help=both("A running axis.", "Trục đang chạy."))
@click.option("--control", metavar="URL", help=both("Its control API (for poison).", "API điều khiển của trục đó."))
@click.option(
    "--credentials",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=both("Its credentials file (see serve).", "Tệp tài khoản của trục đó (xem serve)."),
)
@click.option("--system-id", metavar="ID", help=both("Send as that system.", "Gửi với vai hệ thống này."))
@click.option(
    "--secret-env", metavar="NAME", help=both("The variable with its secret.", "Biến môi trường chứa khóa của nó.")
)
@click.option(
    "--sut",
    "sut_file",
    type=click.Path(path_type=Path),
    metavar="SUT.toml",
    help=both("The SUT that an own axis waits for.", "SUT mà trục riêng chờ."),
)
@click.option("--port", type=click.IntRange(0, 65535), help=both("Port of the own axis.", "Cổng của trục riêng."))
@click.option("--topology", metavar="NAME|FILE", help=both("Its topology; default the run's.", "Topology của nó."))
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    help=both("How long to wait for the SUT.", "Chờ SUT bao lâu."),
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=both("What stdout holds.", "Nội dung ghi ra stdout."),
)
@click.pass_context
def replay(
    context: click.Context,
    *,
    run_dir: Path,
    case: str,
    to: str | None,
    control: str | None,
    credentials: Path | None,
    system_id: str | None,
    secret_env: str | None,
    sut_file: Path | None,
    port: int | None,
    topology: str | None,
    seconds: float,
    format_: str,
) -> None:
    """Read, send, wait, say."""
    lang: Lang = getattr(context.obj, "lang", None) or preferred_language()
    try:
        run = load(run_dir)
        found = stimuli(run, case)
        if to:
            target = _target(to, control, credentials, system_id, secret_env)
            outcome = asyncio.run(_to(target, found))
        else:
            config = _config(run, sut_file, secret_env, port=port, topology=topology)
            given = bool(config.sut.secret)

            def listening(url: str, secret: str) -> None:
                shown = _FROM_FILE.in_(lang) if given else secret
                text = _LISTENS.filled(
                    url=url, system=config.sut.system_id, organ=config.sut.organ, secret=shown, seconds=seconds
                )
                click.echo(text.in_(lang), err=True)

            seed = int(run.header["seed"])
            outcome = asyncio.run(_own(config, found, run.lanes(case), seconds=seconds, seed=seed, say=listening))
    except (BadEvidence, NotReplayable, BadConfig, CannotSend, HubError) as error:
        raise click.UsageError(error.because.in_(lang)) from error
    except DriverFailed as failed:
        raise click.UsageError(str(failed)) from failed
    if format_ == "json":
        click.echo(json.dumps(_shown(run, case, outcome), ensure_ascii=False))
    else:
        _say(run, case, outcome, seconds, lang)
    context.exit(outcome.exit_code)


# ---------------------------------------------------------------- to a running axis


def _target(
    url: str, control: str | None, credentials: Path | None, system_id: str | None, secret_env: str | None
) -> Target:
    secrets: dict[str, str] = {}
    token = ""
    if credentials is not None:
        try:
            entries = json.loads(credentials.read_text("utf-8"))
            secrets = {name: str(entry["secret"]) for name, entry in entries.items()}
            token = str(entries.get("_control", {}).get("token", ""))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise BadConfig(_BAD_CREDENTIALS.filled(path=credentials)) from None
    if secret_env and system_id:
        secrets[system_id] = _secret(secret_env)
    return Target(url, secrets, system_id or "", control or "", token)


def _secret(name: str) -> str:
    secret = os.environ.get(name, "")
    if not secret:
        raise BadConfig(_PAIR.filled(name=name))
    return secret


async def _to(target: Target, found: tuple[Stimulus, ...]) -> _Outcome:
    async with httpx.AsyncClient(trust_env=False) as http:
        sent = [await send(http, each, target) for each in found]
    return _Outcome(target.url, tuple(sent), {}, waited=False)


# ---------------------------------------------------------------- on an axis of our own


class _Fates:
    """What the SUT does with the packages. A witness of the hub."""

    def __init__(self, system_id: str) -> None:
        self._system_id = system_id
        self.of: dict[str, str] = {}

    def fact(self, fact: Fact) -> None:
        """Remember fetches and confirms of the SUT."""
        members: dict[str, Any] = fact.record()
        if members.get("system_id") == self._system_id and members["fact"] in ("fetched", "confirmed"):
            word = f" {members['word']}" if members["fact"] == "confirmed" else ""
            self.of[members["doc_id"]] = f"{members['fact']}{word}"

    def exchange(self, exchange: Exchange) -> None:
        """Nothing to remember."""


def _config(
    run: RunEvidence, sut_file: Path | None, secret_env: str | None, *, port: int | None, topology: str | None
) -> Config:
    sut = run.header["sut"]
    if sut_file is not None:
        config = configuration.read(sut_file)
    else:
        own = System(
            name=sut["name"],
            organ=sut["organ"],
            organ_name=sut.get("organ_name", ""),
            system_id=sut["system_id"],
            secret=_secret(secret_env) if secret_env else "",
        )
        config = Config(hub=Hub(listen="127.0.0.1:0"), sut=own, driver=Driver(kind="manual"))
    hub = replace(config.hub, topology=topology or run.header["topology"], profile=run.header["profile"])
    return configuration.listening(replace(config, hub=hub), port)


async def _own(
    config: Config, found: tuple[Stimulus, ...], lanes: tuple[Lane, ...], *, seconds: float, seed: int, say: Any
) -> _Outcome:
    profile, topology = profile_of(config), topology_of(config)
    sut = sut_of(config, topology)
    with tempfile.TemporaryDirectory(prefix="axisproof-replay-") as scratch:
        settings = WorldConfig(
            data=Path(scratch) / "axis", topology=topology, profile=profile, seed=seed, host=config.hub.host,
            port=config.hub.port, control_port=0, living=False,
        )  # fmt: skip
        async with World(settings, clock=SystemClock()) as world, httpx.AsyncClient(trust_env=False) as http:
            await admit(world, config, sut)
            for lane in lanes:
                if lane.system_id not in world.hub.credentials:  # a lane that the run had made up
                    await world.hub.add_system(lane.system_id, (Unit(lane.unit, lane.codes[-1], lane.name),))
            fates = _Fates(sut.system_id)
            world.hub.witnesses.add(fates)
            secrets = {name: entry[0] for name, entry in world.hub.credentials.items()}
            say(world.url, secrets[sut.system_id])
            target = Target(world.url, secrets, control=world.control_url or "", token=world.token)
            driver = driver_for(config, folder=Path(scratch), log=Path(scratch) / "sut.log")
            await driver.start(
                Connection(world.url, sut.system_id, secrets[sut.system_id], sut.organ, config.sut.organ_name)
            )
            try:
                outcome = _Outcome(world.url, tuple([await send(http, each, target) for each in found]), fates.of, True)
                deadline = asyncio.get_running_loop().time() + seconds
                offered = True
                while not outcome.taken and asyncio.get_running_loop().time() < deadline:
                    offered = offered and (await driver.call("POST", "/control/poll", {})).ok
                    await asyncio.sleep(_TICK)
            finally:
                await driver.stop()
            return outcome


# ---------------------------------------------------------------- what is said


def _shown(run: RunEvidence, case: str, outcome: _Outcome) -> dict[str, Any]:
    return {
        "schema": "axisproof/replay/1",
        "run_id": run.header["run_id"],
        "case": case,
        "url": outcome.url,
        "sent": [
            {
                "record": each.stimulus.n,
                "label": each.stimulus.label,
                "planted": each.stimulus.planted,
                "system_id": each.stimulus.system_id,
                "sha256": each.stimulus.sha256,
                "size": len(each.stimulus.body),
                "doc_id": each.doc_id,
                "then": dict(each.stimulus.then),
                "now": each.answer,
                "as_then": each.as_then,
                "fate": outcome.fates.get(each.doc_id),
            }
            for each in outcome.sent
        ],
        "not_repeated": list(left_out(run, case)),
        "taken": outcome.taken if outcome.waited else None,
    }


def _say(run: RunEvidence, case: str, outcome: _Outcome, seconds: float, lang: Lang) -> None:
    click.echo(_HEAD.filled(case=case, run=run.header["run_id"], count=len(outcome.sent)).in_(lang))
    for each in outcome.sent:
        stimulus = each.stimulus
        fate = f" · {outcome.fates[each.doc_id]}" if each.doc_id in outcome.fates else ""
        line = _LINE.filled(
            label=stimulus.label or f"#{stimulus.n}",
            size=len(stimulus.body),
            sha=stimulus.sha256[:16],
            how=_HOW[stimulus.planted].in_(lang),
            system=stimulus.system_id,
            doc_id=each.doc_id or "–",
            then=_word(stimulus.then),
            now=_word(each.answer),
            fate=fate,
        )
        click.echo(f"  {line.in_(lang)}")
    if steps := left_out(run, case):
        click.echo(_LEFT.filled(steps=", ".join(steps)).in_(lang))
    if outcome.waited and not outcome.taken:
        click.echo(_NOT_TAKEN.filled(seconds=seconds).in_(lang))


def _word(answer: Mapping[str, Any]) -> str:
    return f"{answer.get('status', '–')} {answer.get('ErrorCode', '')}".strip()
