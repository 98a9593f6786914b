"""The control API of the contract, section 4, over real HTTP; and the command that runs it all."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from simulator.agency import commands
from simulator.agency.commands import dms as dms_command
from simulator.agency.dms import Dms, NotOffered
from simulator.agency.dms_serve import DmsServer, PortTaken
from simulator.agency.tests.conftest import Opener, letter, only, order, status
from simulator.agency.tests.stub_axis import HANG, HTML, StubAxis
from simulator.words import Lang

ID = letter().document_id
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def system(axis: StubAxis, opened: Opener, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    dms = opened(lang=Lang.EN)
    stop, dms.stop = dms.stop, _nothing  # type: ignore[method-assign]  # the fixture of the system stops it
    async with DmsServer(dms) as server, httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        yield client
    dms.stop = stop  # type: ignore[method-assign]


async def _nothing() -> None: ...


async def post(client: httpx.AsyncClient, call: str, **members: Any) -> tuple[int, dict[str, Any]]:
    answer = await client.post(f"/control/{call}", json=members)
    return answer.status_code, answer.json()


async def rows(client: httpx.AsyncClient, box: str) -> list[dict[str, Any]]:
    return list((await client.get("/control/documents", params={"box": box})).json()["documents"])


async def test_the_directory_is_read_when_somebody_says_so(system: httpx.AsyncClient, axis: StubAxis) -> None:
    await post(system, "poll")
    before = axis.count("getSynchronizeUnit")

    assert await post(system, "sync") == (200, {})
    assert axis.count("getSynchronizeUnit") == before + 1
    axis.always["getSynchronizeUnit"] = HTML
    assert await post(system, "sync") == (200, {"error": "the axis gave no directory"})


async def test_a_document_comes_in_and_is_worked_on(system: httpx.AsyncClient, axis: StubAxis) -> None:
    axis.deliver(letter())

    assert await post(system, "poll") == (200, {})
    assert await post(system, "act", document_id=ID, action="accept", reason=None, organ=None) == (200, {})
    assert (await post(system, "act", document_id=ID, action="accept"))[0] == 409
    assert (await post(system, "act", document_id="nothing", action="accept"))[0] == 404
    await post(system, "poll")

    row = only(await rows(system, "in"))
    asked_for = {"document_id", "from", "code_number", "code_notation", "subject", "kind", "state", "attachments"}
    assert asked_for | {"refers_to", "warnings", "signature", "receivers"} <= set(row)
    assert (row["state"], row["subject"]) == ("accepted", "Về việc báo cáo tình hình")
    assert axis.codes() == ["01", "03"]


async def test_a_call_that_a_system_does_not_offer_is_answered_with_501(
    system: httpx.AsyncClient, axis: StubAxis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_such_call(dms: Dms) -> None:
        raise NotOffered

    monkeypatch.setattr(Dms, "poll_on_request", no_such_call)
    axis.deliver(letter())

    assert await post(system, "poll") == (501, {"error": "not offered"})
    assert await rows(system, "in") == []


async def test_a_document_goes_out(system: httpx.AsyncClient, axis: StubAxis) -> None:
    code, answer = await post(system, "send", **order())
    axis.deliver(status("01", answer["document_id"]))
    await post(system, "poll")

    assert code == 200
    assert only(await rows(system, "out"))["receivers"] == [{"organ": "H41", "status": "01", "reason": None}]
    code, answer = await post(system, "send", **order(subject=None, code_number="13"))
    assert (code, answer["error"]) == (422, "missing: subject; nothing is filled in for it")


async def test_an_outage_is_an_answer_of_200_with_the_error(system: httpx.AsyncClient, axis: StubAxis) -> None:
    axis.always["getReceivedEdocList"] = HTML

    code, answer = await post(system, "poll")

    assert code == 200
    assert "no JSON" in answer["error"]
    assert (await system.get("/control/state")).json() == {"polls": 1, "waiting": 0, "error": answer["error"]}


async def test_control_calls_are_answered_while_the_axis_hangs(system: httpx.AsyncClient, axis: StubAxis) -> None:
    axis.always["getReceivedEdocList"] = HANG
    poll = asyncio.create_task(post(system, "poll"))

    assert await rows(system, "in") == []
    assert (await system.get("/control/statistics")).json()["received"] == 0

    code, answer = await poll
    assert (code, bool(answer["error"])) == (200, True)


async def test_statistics_reset_and_history(system: httpx.AsyncClient, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(status("99", ID))
    await post(system, "poll")

    dates = {"from": "2026-11-01", "to": "2026-11-30"}
    answer = (await system.get("/control/statistics", params=dates)).json()
    assert answer == {"sent": 0, "received": 1, "by_status": {"01": 1}}
    assert "99" in only((await system.get("/control/history", params={"document_id": ID})).json()["history"])["text"]
    assert await post(system, "reset") == (200, {})
    assert await rows(system, "in") == []
    assert (await system.get("/control/history")).json() == {"history": []}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/control/send", b"{", 400),
        ("POST", "/control/act", b"[]", 400),
        ("GET", "/control/documents?box=attic", b"", 400),
        ("GET", "/control/statistics?from=1/11/2026", b"", 400),
        ("GET", "/control/nothing", b"", 404),
        ("GET", "/control/send", b"", 405),
    ],
)
async def test_a_wrong_call_gets_a_json_error(
    method: str, path: str, body: bytes, expected: int, system: httpx.AsyncClient
) -> None:
    answer = await system.request(method, path, content=body)

    assert answer.status_code == expected
    assert answer.json()["error"]


async def test_a_body_beyond_all_bounds_is_not_even_read(system: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection(system.base_url.host, system.base_url.port)
    writer.write(b"POST /control/send HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")

    assert b" 422 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_a_taken_port_is_a_clear_sentence(system: httpx.AsyncClient, opened: Opener) -> None:
    dms = opened()

    with pytest.raises(PortTaken) as caught:
        async with DmsServer(dms, port=system.base_url.port or 0):
            pass

    assert str(system.base_url.port) in caught.value.because.vi


async def test_a_subclass_can_make_the_desk_wait_for_the_axis(opened: Opener, axis: StubAxis) -> None:
    class Waiting(Dms):
        def desk(self) -> Any:
            return self._polling

    dms = opened(Waiting)
    async with dms.desk():
        assert dms._polling.locked()


# ---------------------------------------------------------------- the command

BASE = ["--endpoint", "http://127.0.0.1:9", "--system-id", "sut.test.01", "--organ", "000.00.00.H98"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*BASE, "--lang", "en"], "--secret-env"),
        ([*BASE, "--secret-env", "NO_SUCH_VARIABLE", "--lang", "vi"], "biến môi trường NO_SUCH_VARIABLE"),
        (BASE[2:], "--endpoint"),
        ([*BASE, "--secret", "x", "--poll", "0"], "--poll"),
        ([*BASE, "--secret", "x", "--host", "203.0.113.1", "--port", "1", "--lang", "en"], "cannot listen"),
    ],
)
def test_a_wrong_call_of_the_command_ends_with_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(dms_command, [*arguments, "--data", str(tmp_path / "d")])

    assert result.exit_code == 2
    assert said in result.output


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = CliRunner().invoke(dms_command, [*BASE, "--secret", "x", "--data", str(tmp_path / "file" / "d")])

    assert result.exit_code == 2
    assert "file" in result.output


def test_help_shows_an_example_that_names_every_needed_option() -> None:
    text = CliRunner().invoke(dms_command, ["--help"]).output

    assert "axisproof dms --endpoint http://127.0.0.1:8095" in text


async def test_the_command_writes_its_ready_file_and_stops_when_told(opened: Opener, tmp_path: Path) -> None:
    ready = tmp_path / "made" / "ready.json"
    config = replace(opened().config, data=tmp_path / "other", lang=Lang.VI)
    running = asyncio.create_task(commands.run(config, "127.0.0.1", 0, ready))

    async with asyncio.timeout(120):
        while not ready.exists():  # noqa: ASYNC110  # a file
            await asyncio.sleep(0.01)
        signal.raise_signal(signal.SIGTERM)
        await running

    assert json.loads(ready.read_text())["organ"] == "000.00.00.H98"


async def test_the_process_serves_polls_and_ends_with_0_on_sigterm(axis: StubAxis, tmp_path: Path) -> None:
    axis.deliver(letter())
    ready = tmp_path / "ready.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from simulator.agency.commands import dms; dms()",
        "--endpoint", axis.url, "--system-id", "sut.test.01", "--secret-env", "SUT_SECRET",
        "--organ", "000.00.00.H98", "--port", "0", "--poll", "0.1",
        "--data", str(tmp_path / "data"), "--ready-file", str(ready), "--lang", "en",
        env={**os.environ, "SUT_SECRET": "s3cr3t-for-test"}, cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(120):
        while not (ready.exists() and axis.confirms):  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.02)
        members = json.loads(ready.read_text())
        async with httpx.AsyncClient(base_url=members["url"], trust_env=False) as client:
            assert only(await rows(client, "in"))["state"] == "arrived"

        process.send_signal(signal.SIGTERM)
        _, errors = await process.communicate()

    assert process.returncode == 0
    assert members["pid"] == process.pid
    assert b"Traceback" not in errors
    assert b"000.00.00.H98" in errors
