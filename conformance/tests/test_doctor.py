"""The doctor recognises each thing that keeps a system from being tested, over real sockets."""

import asyncio
import contextlib
import dataclasses
import json
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from conformance import config as configuration
from conformance.config import Config, Driver, Hub
from conformance.doctor import doctor, secure
from conformance.doctor.symptoms import Expected, Seen
from conformance.doctor.visit import Report, patience, visit
from conformance.tests.test_sut import answering, http
from simulator.agency.client import AxisClient, AxisUnreachable
from simulator.clock import SystemClock
from simulator.hub.tls_line import TlsEvent
from simulator.protocol import request_signing
from simulator.words import Lang

SECRET = "made-up-secret"
WATCHED = 3.0
"""Seconds, where nothing that is seen ends the visit early: many times what a few calls on loopback take."""
Deed = Callable[[str], Awaitable[None]]


def settings(**driver: Any) -> Config:
    base = configuration.reference()
    return dataclasses.replace(
        base,
        hub=Hub(listen="127.0.0.1:0", topology="mini"),
        sut=dataclasses.replace(base.sut, secret=SECRET),
        driver=Driver(**({"kind": "manual"} | driver)),
        timing=dataclasses.replace(base.timing, deadline_seconds=1.0),
    )


async def visited(deed: Deed, *, seconds: float = 120.0, config: Config | None = None) -> Report:
    """What the doctor says of a system that does this deed, again and again."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def live() -> None:
        url = await address
        while True:
            with contextlib.suppress(AxisUnreachable, OSError, httpx.HTTPError):
                await deed(url)
            await asyncio.sleep(0.1)

    life = asyncio.create_task(live())
    try:
        return await visit(config or settings(), seconds=seconds, started=address.set_result, floor=0.1)
    finally:
        life.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await life


def ids(report: Report) -> list[str]:
    return [each.id for each in report.symptoms]


def client(url: str, system_id: str = "sut.test.01", secret: str = SECRET) -> AxisClient:
    return AxisClient(url, system_id, secret, clock=SystemClock())


async def polls(axis: AxisClient) -> list[str]:
    await axis.received("status")
    return [str(item["docId"]) for item in (await axis.received("edoc")).items]


async def test_a_wrong_secret_is_named_and_whose_it_is_is_not_guessed() -> None:
    async def deed(url: str) -> None:
        async with client(url, secret="another") as axis:
            await axis.received("edoc")

    report = await visited(deed)

    assert ids(report)[:2] == ["wrong-secret", "no-poll"]
    assert "sut.test.01" in report.symptoms[0].evidence[0]
    assert report.seconds < 120


@pytest.mark.parametrize("system_id", ["nobody.knows", "sut.test.02"])
async def test_another_system_id_is_named(system_id: str) -> None:
    async def deed(url: str) -> None:
        async with client(url, system_id) as axis:
            await axis.received("edoc")

    report = await visited(deed)

    assert ids(report) == ["wrong-system-id", "no-poll"]
    assert system_id in report.symptoms[0].because.en


async def test_a_wrong_path_and_a_prefix_are_told_apart() -> None:
    async def wrong(url: str) -> None:
        async with httpx.AsyncClient(trust_env=False) as caller:
            await caller.post(f"{url}/api/edoc/list")

    async def prefixed(url: str) -> None:
        async with client(f"{url}/any/prefix") as axis:
            await polls(axis)

    assert ids(await visited(wrong))[0] == "wrong-endpoint-path"
    assert "wrong-endpoint-path" not in ids(await visited(prefixed, seconds=WATCHED))


async def test_tls_to_the_plain_port_is_told_from_other_noise() -> None:
    async def tls(url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        context = ssl.create_default_context()
        with contextlib.suppress(ssl.SSLError):
            await asyncio.open_connection(host, int(port), ssl=context)

    async def noise(url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HELO axis\r\n\r\n")
        await reader.read()
        writer.close()

    assert ids(await visited(tls))[0] == "tls-to-plain-port"
    assert ids(await visited(noise))[0] == "no-http"


async def test_a_proxy_is_a_note_while_calls_come_through_and_the_cause_when_they_do_not() -> None:
    def through(secret: str) -> Deed:
        async def deed(url: str) -> None:
            headers = request_signing.sign(
                {"servicetype": "eDoc", "messagetype": "edoc"}, system_id="sut.test.01", secret=secret,
                timestamp=request_signing.header_timestamp(SystemClock().now()), content_type="application/json",
            )  # fmt: skip
            pairs = [(name.encode(), value) for name, value in headers]
            async with httpx.AsyncClient(trust_env=False) as caller:
                await caller.post(f"{url}/getReceivedEdocList", headers=[*pairs, (b"Via", b"1.1 squid")])

        return deed

    fine, broken = await visited(through(SECRET), seconds=WATCHED), await visited(through("other"))

    assert [each.level for each in fine.symptoms if each.id == "proxy-in-the-way"] == ["note"]
    assert [each.level for each in broken.symptoms if each.id == "proxy-in-the-way"] == ["problem"]


async def test_dropped_signature_headers_are_named() -> None:
    async def deed(url: str) -> None:
        async with httpx.AsyncClient(trust_env=False) as caller:
            await caller.post(f"{url}/getReceivedEdocList", headers={"XroadVnpt-systemid": "sut.test.01"})

    report = await visited(deed)

    assert "signature-headers" in ids(report)
    assert "sign-header" in next(each.because.en for each in report.symptoms if each.id == "signature-headers")


async def test_a_wrong_unit_code_and_a_broken_digest_are_told_apart() -> None:
    async def stranger(url: str) -> None:
        async with client(url) as axis:
            await axis.send(_package("000.00.00.H99"), sender="000.00.00.H99", message_type="edoc")

    async def damaged(url: str) -> None:
        arguments = {"servicetype": "eDoc", "messagetype": "edoc", "hash-file": "00", "from": "000.00.00.H98"}
        headers = request_signing.sign(
            arguments, system_id="sut.test.01", secret=SECRET, content_type="application/octet-stream",
            timestamp=request_signing.header_timestamp(SystemClock().now()),
        )  # fmt: skip
        async with httpx.AsyncClient(trust_env=False) as caller:
            pairs = [(name.encode(), value) for name, value in headers]
            await caller.post(f"{url}/sendEdoc", headers=pairs, content=b"<edXML/>\n")

    assert "wrong-unit-code" in ids(await visited(stranger, seconds=WATCHED))
    assert "body-hash-mismatch" in ids(await visited(damaged, seconds=WATCHED))


def _package(organ: str) -> bytes:
    import random

    from conformance.evidence import Lane, Sut
    from conformance.letters import letter
    from simulator.protocol import codec

    own = Lane("x", organ, (organ,), "UBND")
    pen = SimpleNamespace(
        random=random.Random(1), sut=Sut("y", "G22", ("G22",), "Văn phòng"), lanes=(own,), now=SystemClock().now
    )
    return codec.encode(letter(pen))


async def test_no_contact_no_poll_no_fetch_and_no_confirm_are_four_things() -> None:
    async def nothing(url: str) -> None: ...

    async def counts(url: str) -> None:
        async with client(url) as axis:
            await axis.count_documents()

    async def only_polls(url: str) -> None:
        async with client(url) as axis:
            await polls(axis)

    async def only_fetches(url: str) -> None:
        async with client(url) as axis:
            for delivery in await polls(axis):
                await axis.fetch(delivery)

    async def cannot_read(url: str) -> None:
        async with client(url) as axis:
            for delivery in await polls(axis):
                await axis.fetch(delivery)
                await axis.confirm(delivery, "fail")

    assert ids(await visited(nothing, seconds=0.3)) == ["no-contact"]
    assert ids(await visited(counts, seconds=WATCHED)) == ["no-poll"]
    assert ids(await visited(only_polls)) == ["never-fetches"]
    assert ids(await visited(only_fetches)) == ["never-confirms"]
    assert "cannot-read-a-letter" in ids(await visited(cannot_read))


async def test_one_kind_of_poll_and_a_clock_that_is_off_are_said() -> None:
    async def deed(url: str) -> None:
        stamp = "20112026T080000+0000"
        headers = request_signing.sign(
            {"servicetype": "eDoc", "messagetype": "edoc"}, system_id="sut.test.01", secret=SECRET, timestamp=stamp,
            content_type="application/json",
        )  # fmt: skip
        async with httpx.AsyncClient(trust_env=False) as caller:
            pairs = [(name.encode(), value) for name, value in headers]
            await caller.post(f"{url}/getReceivedEdocList", headers=pairs)

    report = await visited(deed, seconds=WATCHED)

    levels = {each.id: each.level for each in report.symptoms}
    assert levels["polls-one-kind"] == "problem"
    assert levels["clock-difference"] == "note"


@pytest.mark.parametrize(
    ("raw", "symptom"),
    [
        (http("501 Not Implemented", '{"error": "not offered"}'), "adapter-missing"),
        (http("404 Not Found", "<html>nginx</html>"), "adapter-missing"),
        (http("200 OK", "<html>fine</html>"), "adapter-wrong-answer"),
        (http("500 Oops", "{}"), "adapter-wrong-answer"),
        (http("200 OK", '{"documents": 3}'), "adapter-wrong-answer"),
        (b"\x15\x03\x03\x00\x02\x02\x46", "adapter-plain-to-tls-port"),
    ],
)
async def test_an_adapter_that_is_not_all_there_is_named(raw: bytes, symptom: str) -> None:
    async def nothing(url: str) -> None: ...

    async with answering(raw) as url:
        report = await visited(nothing, seconds=0.2, config=settings(kind="http", url=url))

    assert symptom in ids(report)


async def test_an_adapter_at_a_wrong_address_in_tls_or_not_startable_is_named() -> None:
    async def nothing(url: str) -> None: ...

    gone = await visited(nothing, seconds=0.2, config=settings(kind="http", url="http://127.0.0.1:9"))
    program = await visited(nothing, seconds=0.2, config=settings(kind="command", command=("no-such-program",)))

    async def no(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(http("400 Bad Request", ""))
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(no, "127.0.0.1", 0) as server:
        tls = settings(kind="http", url=f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        plain = await visited(nothing, seconds=0.2, config=tls)

    assert "adapter-missing" in ids(gone)
    assert "adapter-missing" in ids(program)
    assert "adapter-tls-to-plain-port" in ids(plain)


def sut_file(folder: Path, listen: str, kind: str = "reference") -> Path:
    path = folder / "sut.toml"
    path.write_text(
        f"""
[hub]
listen = "{listen}"
topology = "mini"
[sut]
name = "Example"
organ = "000.00.00.H98"
system_id = "sut.test.01"
[driver]
kind = "{kind}"
""",
        "utf-8",
    )
    return path


def call(*words: str) -> Any:
    return CliRunner().invoke(doctor, list(words), obj=SimpleNamespace(lang=Lang.EN))


def test_a_good_system_is_ready_and_the_machine_form_says_so(tmp_path: Path) -> None:
    healthy = call(str(sut_file(tmp_path, "127.0.0.1:0")), "--format", "json")
    document = json.loads(healthy.stdout)

    assert healthy.exit_code == 0
    assert document["schema"] == "axisproof/doctor/1"
    assert document["ready"] is True
    assert document["seen"]["confirmed"] == 1


def test_a_busy_port_is_a_finding_with_a_remedy_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        path = sut_file(tmp_path, f"127.0.0.1:{taken.getsockname()[1]}")
        found = call(str(path))

    assert found.exit_code == 1
    assert "port-busy" in found.stdout
    assert "→" in found.stdout


def test_a_wrong_call_exits_2(tmp_path: Path) -> None:
    assert call(str(tmp_path / "nowhere.toml")).exit_code == 2
    assert call(str(sut_file(tmp_path, "127.0.0.1:0", kind="nothing"))).exit_code == 2


def test_the_watch_is_as_long_as_three_polls() -> None:
    config = settings()

    assert patience(config) == 30.0
    assert patience(dataclasses.replace(config, timing=dataclasses.replace(config.timing, poll_seconds=20.0))) == 65.0


def secured(**hub: Any) -> Config:
    base = settings()
    return dataclasses.replace(base, hub=Hub(listen="127.0.0.1:0", topology="mini", tls=True, **hub))


async def test_a_certificate_that_is_not_trusted_is_named_with_the_file_to_install() -> None:
    async def deed(url: str) -> None:
        async with client(url) as axis:
            await axis.received("edoc")

    report = await visited(deed, config=secured())

    assert ids(report)[:1] == ["tls-trust"]
    assert "no-contact" not in ids(report)
    assert "tls-ca.pem" in report.symptoms[0].remedy.en
    assert report.url.startswith("https://")
    assert report.url in report.symptoms[0].remedy.vi


async def test_plain_http_to_the_https_port_is_named() -> None:
    async def deed(url: str) -> None:
        async with client(url.replace("https:", "http:")) as axis:
            await axis.received("edoc")

    report = await visited(deed, config=secured())

    assert ids(report)[0] == "plain-to-tls-port"
    assert "https://" in report.symptoms[0].remedy.en


@pytest.mark.parametrize(
    ("detail", "symptom"),
    [
        ("unknown-ca", "tls-trust"), ("closed", "tls-trust"), ("bad-certificate", "tls-trust"),
        ("certificate-expired", "tls-dates"), ("unsupported-protocol", "tls-too-old"),
    ],
)  # fmt: skip
def test_an_alert_leads_to_its_remedy(detail: str, symptom: str) -> None:
    seen = Seen((), (), (TlsEvent("refused", "good", detail), TlsEvent("refused", "good", detail)))
    expected = Expected("https://127.0.0.1:8095", "sut.test.01", "", (), (), 0.0, 1.0)

    (found,) = secure.tls_refused(seen, expected)

    assert found.id == symptom
    assert "2" in found.because.vi
    assert detail in found.because.en
