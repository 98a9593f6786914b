"""``axisproof replay RUN_DIR CASE``. Exit 0: sent again, answered as then, and taken by the SUT; 1: answered otherwise;
2: the call is wrong; 3: the SUT did not come for it in time."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import httpx

from conformance.config import BadConfig
from conformance.replay.own import Outcome, config_of, on_own_axis, secret_of
from conformance.replay.sending import CannotSend, Target, send
from conformance.replay.stimuli import NotReplayable, Stimulus, left_out, stimuli
from conformance.runfolder import BadEvidence, RunEvidence, load
from conformance.sut.driver import DriverFailed
from simulator.hub.trouble import HubError
from simulator.words import Lang, Text, both, preferred_language

__all__ = ["replay"]

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
_BAD_CREDENTIALS = Text(en="{path} is no credentials file of 'serve'", vi="{path} không phải tệp tài khoản của 'serve'")


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
            config = config_of(run, sut_file, secret_env, port=port, topology=topology)
            given = bool(config.sut.secret)

            def listening(url: str, secret: str) -> None:
                shown = _FROM_FILE.in_(lang) if given else secret
                text = _LISTENS.filled(
                    url=url, system=config.sut.system_id, organ=config.sut.organ, secret=shown, seconds=seconds
                )
                click.echo(text.in_(lang), err=True)

            seed = int(run.header["seed"])
            outcome = asyncio.run(
                on_own_axis(config, found, run.lanes(case), seconds=seconds, seed=seed, say=listening)
            )
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
        secrets[system_id] = secret_of(secret_env)
    return Target(url, secrets, system_id or "", control or "", token)


async def _to(target: Target, found: tuple[Stimulus, ...]) -> Outcome:
    async with httpx.AsyncClient(trust_env=False) as http:
        sent = [await send(http, each, target) for each in found]
    return Outcome(target.url, tuple(sent), {}, waited=False)


# ---------------------------------------------------------------- what is said


def _shown(run: RunEvidence, case: str, outcome: Outcome) -> dict[str, Any]:
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


def _say(run: RunEvidence, case: str, outcome: Outcome, seconds: float, lang: Lang) -> None:
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
