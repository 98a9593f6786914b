"""``axisproof dms``: the reference document-management system as a process of its own, with its control API."""

import asyncio
import json
import os
import signal
import sqlite3
from pathlib import Path

import click

from simulator.agency.dms import Dms, DmsConfig
from simulator.agency.dms_serve import DmsServer, PortTaken
from simulator.words import Lang, Text, preferred_language

__all__ = ["dms", "run"]

_NO_SECRET = Text(
    en="give the system's secret: --secret-env NAME (a variable of the environment), or --secret",
    vi="hãy cho biết khóa của hệ thống: --secret-env TÊN (biến môi trường), hoặc --secret",
)
_EMPTY_VARIABLE = Text(
    en="the environment variable {name} is empty or not set", vi="biến môi trường {name} trống hoặc chưa đặt"
)
_RUNNING = Text(
    en="The reference system of {organ} is running; its control API is at {url}. Stop it with Ctrl+C.",
    vi="Hệ thống tham chiếu của {organ} đang chạy; API điều khiển tại {url}. Nhấn Ctrl+C để dừng.",
)
_DATA_TROUBLE = Text(en="cannot use {folder}: {why}", vi="không dùng được {folder}: {why}")


@click.command(
    epilog="""\b
Example (the axis of `axisproof serve`, system sut.test.01):
  SUT_SECRET=... axisproof dms --endpoint http://127.0.0.1:8095 \\
      --system-id sut.test.01 --secret-env SUT_SECRET \\
      --organ 000.00.00.H98 --organ-name "UBND tỉnh Thử Nghiệm" --port 9100 --poll 5
"""
)
@click.option("--endpoint", required=True, metavar="URL", help="The axis, e.g. http://127.0.0.1:8095")
@click.option("--system-id", required=True, metavar="ID", help="This system's id on the axis.")
@click.option("--secret-env", metavar="NAME", help="The environment variable that holds the secret.")
@click.option("--secret", metavar="TEXT", help="The secret itself (visible in the process list).")
@click.option("--organ", required=True, metavar="CODE", help="The unit that this system answers for.")
@click.option("--organ-name", default="", metavar="NAME", help="Its name; the code where none is given.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the control API listens.")
@click.option("--port", default=9100, show_default=True, type=click.IntRange(0, 65535), help="Its port; 0: any free.")
@click.option("--poll", type=click.FloatRange(min=0.05), metavar="SECONDS", help="Poll by itself this often.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path("axisproof-data/dms"),
              show_default=True, metavar="DIR", help="Where its books are kept.")  # fmt: skip
@click.option("--trust", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER",
              help="Check signatures and https by these certificates (trust of `axisproof pki`).")  # fmt: skip
@click.option("--signer", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER",
              help="Sign with signer.pem and signer-key.pem of this folder, where an order says so.")  # fmt: skip
@click.option("--tsa", default="", metavar="URL", help="Where its time-stamps come from (RFC 3161).")
@click.option("--ready-file", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH",
              help="Write {url, pid, …} there once it serves.")  # fmt: skip
@click.option("--lang", type=click.Choice([lang.value for lang in Lang]), help="The language of its sentences.")
@click.pass_context
def dms(
    context: click.Context,
    *,
    endpoint: str,
    system_id: str,
    secret_env: str | None,
    secret: str | None,
    organ: str,
    organ_name: str,
    host: str,
    port: int,
    poll: float | None,
    data: Path,
    trust: Path | None,
    signer: Path | None,
    tsa: str,
    ready_file: Path | None,
    lang: str | None,
) -> None:
    """Run the reference system: a DMS that behaves well, for the axis at --endpoint, until it is stopped."""
    language = Lang(lang) if lang else getattr(context.obj, "lang", None) or preferred_language()
    config = DmsConfig(
        endpoint=endpoint,
        system_id=system_id,
        secret=_secret(secret, secret_env, language),
        organ=organ,
        organ_name=organ_name or organ,
        data=data,
        poll_seconds=poll,
        lang=language,
        trust=trust,
        signer=signer,
        tsa=tsa,
    )
    try:
        asyncio.run(run(config, host, port, ready_file))
    except PortTaken as error:
        raise click.UsageError(error.because.in_(language)) from error


def _secret(secret: str | None, variable: str | None, language: Lang) -> str:
    if secret:
        return secret
    if not variable:
        raise click.UsageError(_NO_SECRET.in_(language))
    if value := os.environ.get(variable, ""):
        return value
    raise click.UsageError(_EMPTY_VARIABLE.filled(name=variable).in_(language))


async def run(config: DmsConfig, host: str, port: int, ready_file: Path | None) -> None:
    """Serve until SIGTERM or Ctrl+C. Raises PortTaken; click.UsageError for a data folder that cannot be used."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        system = Dms(config)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise click.UsageError(_DATA_TROUBLE.filled(folder=config.data, why=why).in_(config.lang)) from error
    try:
        async with DmsServer(system, host, port) as server:
            if ready_file is not None:
                _write_ready(ready_file, config, server.url)
            click.echo(_RUNNING.filled(organ=config.organ, url=server.url).in_(config.lang), err=True)
            await stop.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _write_ready(path: Path, config: DmsConfig, url: str) -> None:
    """Whole or not at all: who waits for the file may read it at once."""
    members = {"url": url, "organ": config.organ, "system_id": config.system_id, "pid": os.getpid()}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(json.dumps(members), encoding="utf-8")
    draft.replace(path)
