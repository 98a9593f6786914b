"""People as the way to a SUT: asked on a page and a terminal, answered by a file, kept across a restart."""

import asyncio
import contextlib
import html
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.config import BadConfig
from conformance.stage import Reply
from conformance.sut.driver import NOT_OFFERED, Connection, Silent
from conformance.sut.manual import ManualDriver
from conformance.sut.page import Page
from conformance.sut.people import FILE, People, kept
from conformance.sut.prompts import ASKING, Answer, Answers, key_of, prompt_for
from conformance.sut.terminal import Terminal, lines, parse
from conformance.tests.conftest import PATIENCE
from simulator.agency.dms import Dms, DmsConfig
from simulator.agency.dms_serve import DmsServer
from simulator.clock import SystemClock
from simulator.words import Lang

CONNECTION = Connection("http://127.0.0.1:9", "sut.test.01", "made-up", "000.00.00.H98", "UBND")
ACCEPT = {"document_id": "G22,2026,1", "action": "accept", "reason": None, "organ": None}
ORDER = {
    "kind": "new", "to": ["G22"], "code_number": "12", "code_notation": "UBND-VP", "subject": "Về việc <thử>",
    "signer": {"full_name": "Trần Thị Thử"}, "attachments": [{"name": "báo cáo.pdf", "content_base64": "JVBERg=="}],
}  # fmt: skip


def people(folder: Path, *, patience: float = 10.0, present: bool = True, **rest: Any) -> People:
    return People(folder, clock=SystemClock(), patience=patience, present=present, **rest)


def rows(folder: Path, record: str) -> list[dict[str, Any]]:
    text = (folder / FILE).read_text("utf-8")
    return [row for row in map(json.loads, text.splitlines()) if row["record"] == record]


async def opened(asked: People, count: int = 1) -> list[int]:
    async with asyncio.timeout(PATIENCE):
        while len(asked.open) < count:  # noqa: ASYNC110  # a condition, with a deadline
            await asyncio.sleep(0.005)
    return list(asked.open)


def test_a_prompt_says_what_to_type_in_both_languages() -> None:
    prompt = prompt_for("a/b", "POST /control/send", ORDER)
    assert prompt is not None

    shown = {name.en: value for name, value in prompt.values}

    assert prompt.key == "a/b:send:new:12/UBND-VP"
    assert shown["Receivers"] == "G22"
    assert shown["Signer"] == "Trần Thị Thử"
    assert prompt.files == {"báo cáo.pdf": b"%PDF"}
    assert all(name.vi for name, _ in prompt.values)
    assert prompt_for("a/b", "POST /control/poll", {}) is None


@pytest.mark.parametrize(
    ("call", "request_", "answer", "status"),
    [
        ("POST /control/act", ACCEPT, Answer("done"), 200),
        ("POST /control/act", ACCEPT, Answer("not-possible", "đã khóa"), 409),
        ("POST /control/act", ACCEPT, Answer("not-possible"), 501),
        ("POST /control/send", ORDER, Answer("value", "H98,2026,12"), 200),
        ("POST /control/send", ORDER, Answer("not-possible", "thiếu nơi nhận"), 422),
        ("GET /control/documents", {"box": "in"}, Answer("value", '{"documents": []}'), 200),
        ("GET /control/documents", {"box": "in"}, Answer("not-possible", "no such list"), 501),
    ],
)
def test_an_answer_is_what_the_control_api_would_have_said(
    call: str, request_: dict[str, Any], answer: Answer, status: int
) -> None:
    prompt = prompt_for("a/b", call, request_)
    assert prompt is not None

    assert prompt.fault(answer) is None
    assert prompt.reply(answer).status == status


@pytest.mark.parametrize("answer", [Answer("done"), Answer("value", "yes"), Answer("value", '{"documents": 3}')])
def test_a_list_needs_the_json_of_the_contract(answer: Answer) -> None:
    prompt = prompt_for("a/b", "GET /control/documents", {"box": "in"})
    assert prompt is not None

    assert prompt.fault(answer) is not None


async def test_where_nobody_is_there_the_missing_answer_is_named_at_once(tmp_path: Path) -> None:
    driver = ManualDriver(people(tmp_path, present=False), lang=Lang.EN)
    await driver.start(CONNECTION)
    ASKING.set("a/b")

    reply = await driver.call("POST", "/control/act", ACCEPT)
    await driver.stop()

    assert reply.status == 501
    assert "a/b:act:accept:G22,2026,1" in reply.answer["error"]


async def test_a_file_answers_by_key_and_by_pattern_and_the_rest_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(
        '"*:act:accept:*" = "done"\n"a/b:act:refuse:x" = {not_possible = "no"}\n"*:send:*" = "ID 1"\n', "utf-8"
    )
    driver = ManualDriver(people(tmp_path, present=False, answers=Answers.read(path)), lang=Lang.VI)
    ASKING.set("a/b")

    accepted = await driver.call("POST", "/control/act", ACCEPT)
    refused = await driver.call("POST", "/control/act", ACCEPT | {"action": "refuse", "document_id": "x"})
    sent = await driver.call("POST", "/control/send", ORDER)
    missing = await driver.call("GET", "/control/statistics", {"from": "2026-11-01", "to": "2026-11-30"})

    assert [each.status for each in (accepted, refused, sent, missing)] == [200, 409, 200, 501]
    assert sent.answer["document_id"] == "ID 1"
    assert "answers.toml" in missing.answer["error"]
    assert [row["by"] for row in rows(tmp_path, "answer")] == ["file"] * 3


@pytest.mark.parametrize("text", ['"a" = 3', '"a" = {other = "x"}', "nothing", '["a"]'])
def test_an_answers_file_that_cannot_be_used_is_a_wrong_call(text: str, tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text(text)

    with pytest.raises(BadConfig, match=r"answers\.toml"):
        Answers.read(tmp_path / "answers.toml")


async def test_only_what_the_adapter_does_not_offer_is_asked(tmp_path: Path) -> None:
    class Half(Silent):
        async def call(self, method: str, path: str, body: Any) -> Reply:
            return Reply(200, {}) if path.endswith("/act") else NOT_OFFERED

    asked = people(tmp_path)
    driver = ManualDriver(asked, lang=Lang.EN, inner=Half())

    acted = await driver.call("POST", "/control/act", ACCEPT)
    polled = await driver.call("POST", "/control/poll", {})
    sending = asyncio.create_task(driver.call("POST", "/control/send", ORDER))
    (number,) = await opened(asked)
    asked.answer(number, Answer("value", "H98,2026,12"))

    assert (acted.status, polled.status) == (200, 501)
    assert (await sending).answer == {"document_id": "H98,2026,12"}


async def test_a_document_sent_without_its_id_is_recognised_by_the_axis(tmp_path: Path) -> None:
    found = iter(["", "H98,2026,12"])
    asked = people(tmp_path)
    driver = ManualDriver(asked, lang=Lang.EN, find=lambda case, order: next(found))
    blind = ManualDriver(asked, lang=Lang.EN, seconds=0.1)

    first, second = (asyncio.create_task(each.call("POST", "/control/send", ORDER)) for each in (driver, blind))
    for number in await opened(asked, 2):
        asked.answer(number, Answer("done"))

    assert (await first).answer["document_id"] == "H98,2026,12"
    assert (await second).status == 0


async def test_silence_ends_and_is_not_waited_for_again(tmp_path: Path) -> None:
    asked = people(tmp_path, patience=0.05)
    driver = ManualDriver(asked, lang=Lang.EN)

    first = await driver.call("POST", "/control/act", ACCEPT)
    second = await driver.call("POST", "/control/act", ACCEPT)

    assert first.status == second.status == 501
    assert "nobody answered" in first.answer["error"]
    assert asked.open == {}


async def test_the_page_asks_and_takes_answers_without_scripts(tmp_path: Path) -> None:
    asked = people(tmp_path)
    page = Page(asked, lang=Lang.VI)
    driver = ManualDriver(asked, lang=Lang.VI, page=page)
    await driver.start(CONNECTION)
    calls = [
        asyncio.create_task(driver.call("POST", "/control/send", ORDER)),
        asyncio.create_task(driver.call("GET", "/control/documents", {"box": "in"})),
    ]
    order, look = await opened(asked, 2)

    async with httpx.AsyncClient(base_url=page.url, trust_env=False) as browser:
        listed = await browser.get("")
        stranger = await browser.get(page.url.replace(page.url.rstrip("/").rsplit("/", 1)[1], "guess"))
        file = await browser.get(f"{order}/b%C3%A1o%20c%C3%A1o.pdf")
        own = await browser.get(str(order))
        wrong = await browser.post(str(look), data={"how": "value", "value": "yes"})
        done = await browser.post(str(order), data={"how": "value", "value": "H98,2026,12"})
        right = await browser.post(str(look), data={"how": "value", "value": '{"documents": []}'})
        gone = await browser.get(str(order))
    replies = await asyncio.gather(*calls)
    await driver.stop()

    assert 'http-equiv="refresh"' in listed.text
    assert html.escape("Về việc <thử>") in listed.text
    assert "<script" not in listed.text
    assert 'http-equiv="refresh"' not in own.text
    assert listed.headers["content-security-policy"].startswith("default-src 'none'")
    assert stranger.status_code == 404
    assert file.content == b"%PDF"
    assert wrong.status_code == 400
    assert (done.status_code, right.status_code, gone.status_code) == (303, 303, 303)
    assert [reply.status for reply in replies] == [200, 200]


async def test_the_terminal_shows_a_batch_and_understands_short_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed: list[str] = []
    more = threading.Event()

    def read() -> str:
        more.wait(120)
        if not typed:
            raise EOFError
        return typed.pop(0)

    asked = people(tmp_path)
    driver = ManualDriver(asked, lang=Lang.EN, terminal=Terminal(asked, lang=Lang.EN, read=read))
    await driver.start(CONNECTION)
    calls = [
        asyncio.create_task(driver.call("POST", "/control/act", ACCEPT | {"document_id": str(number)}))
        for number in range(3)
    ]
    await opened(asked, 3)
    said = ""
    async with asyncio.timeout(PATIENCE):
        while "[3]" not in said:
            said += capsys.readouterr().err
            await asyncio.sleep(0.01)
    typed += ["2 no khóa sổ", "all"]
    more.set()
    replies = await asyncio.gather(*calls)
    await driver.stop()

    assert said.count("Accept this incoming document") == 3
    assert "3 things to do" in said
    assert [reply.status for reply in replies] == [200, 409, 200]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("3", Answer("done", by="terminal")),
        ("3 xong", Answer("done", by="terminal")),
        ("3 = H98, 2", Answer("value", "H98, 2", "terminal")),
        ("3 no", Answer("not-possible", "", "terminal")),
        ("3 what", None),
        ("hello", None),
    ],
)
def test_a_line_is_an_answer_or_nothing(line: str, answer: Answer | None) -> None:
    assert parse(line, [3]) == ([(3, answer)] if answer else [])


def test_a_batch_names_values_and_files() -> None:
    prompt = prompt_for("a/b", "POST /control/send", ORDER)
    assert prompt is not None

    text = "\n".join(lines({7: prompt}, lang=Lang.VI, url=""))

    assert "[7]" in text
    assert "Trích yếu: Về việc <thử>" in text
    assert "báo cáo.pdf" in text


async def test_answers_that_no_act_has_used_yet_are_kept_for_the_next_process(tmp_path: Path) -> None:
    asked = people(tmp_path)
    for document in ("used", "unused"):
        call = asyncio.create_task(
            ManualDriver(asked, lang=Lang.EN).call("POST", "/control/act", ACCEPT | {"document_id": document})
        )
        asked.answer((await opened(asked))[0], Answer("done"))
        await call
    with (tmp_path / FILE).open("a") as file:
        file.write('{"record":"answ')

    earlier = kept(tmp_path, [key_of("", "POST /control/act", ACCEPT | {"document_id": "used"})])
    driver = ManualDriver(people(tmp_path, present=False, earlier=earlier), lang=Lang.EN)
    again = [await driver.call("POST", "/control/act", ACCEPT | {"document_id": each}) for each in ("unused", "unused")]
    other = await driver.call("POST", "/control/act", ACCEPT | {"document_id": "unused", "reason": "another question"})

    assert [reply.status for reply in (*again, other)] == [200, 501, 501]


# ---------------------------------------------------------------- whole runs: a person at a system without an adapter


@contextmanager
def system(folder: Path, axis: str) -> Iterator[str]:
    """The reference system polling by itself, in a thread; its control API plays the person's hands."""
    up, urls = threading.Event(), []
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    config = DmsConfig(
        endpoint=axis, system_id="sut.test.01", secret="made-up", organ="000.00.00.H98", organ_name="UBND",
        data=folder, poll_seconds=0.1,
    )  # fmt: skip

    async def live() -> None:
        async with DmsServer(Dms(config, SystemClock())) as server:
            urls.append(server.url)
            up.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(live()))
    thread.start()
    try:
        assert up.wait(120)
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


class Person(threading.Thread):
    """Looks at the page, does what it says with the system, and answers. ``hands``: how many things to do at most."""

    def __init__(self, page: str, system_url: str, hands: int = 1_000) -> None:
        super().__init__(daemon=True)
        self.page, self.system, self.hands = page, system_url, hands
        self.done: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self.page, trust_env=False) as browser, contextlib.suppress(httpx.HTTPError):
            while not self.over.is_set() and len(self.done) < self.hands:
                found = re.findall(r"<h2>(\d+)\..*?<code>(.*?)</code>", browser.get("").text)
                for number, key in found[:1]:
                    self.answer(browser, number, html.unescape(key))
                self.over.wait(0.02)

    def answer(self, browser: httpx.Client, number: str, key: str) -> None:
        _, verb, what, *rest = key.split(":", 3)
        if verb == "documents":
            shown = httpx.get(f"{self.system}/control/documents", params={"box": what}, trust_env=False)
            browser.post(number, data={"how": "value", "value": shown.text})
        else:
            request = {"document_id": rest[0], "action": what, "reason": None, "organ": None}
            assert httpx.post(f"{self.system}/control/act", json=request, trust_env=False).status_code == 200
            browser.post(number, data={"how": "done"})
        self.done.append(key)


def sut(folder: Path, port: int) -> Path:
    path = folder / "sut.toml"
    path.write_text(
        f"""
[hub]
listen = "127.0.0.1:{port}"
topology = "mini"
[sut]
name = "Example"
organ = "000.00.00.H98"
system_id = "sut.test.01"
secret = "made-up"
roles = ["receiver"]
[driver]
kind = "manual"
[timing]
deadline_seconds = 20
floor_seconds = 1
""",
        "utf-8",
    )
    return path


@contextmanager
def checking(*words: str) -> Iterator[tuple[subprocess.Popen[str], Callable[[], str]]]:
    """``axisproof check`` as a process; the second value waits for the address of its page."""
    command = [sys.executable, "-m", "axisproof", "--lang", "en", "check", *words]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None

        def page() -> str:
            for line in run.stderr or ():
                if match := re.search(r"http://127\.0\.0\.1:\d+/\S+/", line):
                    return match[0]
            raise AssertionError("no page")

        try:
            yield run, page
        finally:
            if run.poll() is None:
                run.kill()


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_on_a_terminal_what_is_typed_is_taken_and_the_run_ends_with_its_own_exit_code(tmp_path: Path) -> None:
    port, out, (ours, its) = free_port(), tmp_path / "run", pty.openpty()
    call = [sys.executable, "-m", "axisproof", "--lang", "en", "check", str(sut(tmp_path, port)), "--out", str(out)]
    call += ["--only", "status/full-chain"]
    said = ""
    with (
        system(tmp_path / "dms", f"http://127.0.0.1:{port}"),
        subprocess.Popen(call, stdin=its, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run,
    ):
        for line in run.stderr or ():
            said += line
            if asked := re.match(r"\[(\d+)\] ", line):
                os.write(ours, f"{asked[1]} no khóa sổ\n".encode())
        code = run.wait(120)
    os.close(ours)
    os.close(its)

    assert code in (1, 3), said
    assert "Fatal" not in said
    answers = rows(out, "answer")
    assert answers
    assert {(row["by"], row["how"]) for row in answers} == {("terminal", "not-possible")}


def test_a_run_whose_harness_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "run"
    with system(tmp_path / "dms", f"http://127.0.0.1:{port}") as hands:
        only = ("--only", "status/full-chain")
        with checking(str(sut(tmp_path, port)), "--out", str(out), *only) as (run, page):
            first = Person(page(), hands, hands=2)
            first.start()
            first.join(30)
            run.send_signal(signal.SIGKILL)
            run.wait(120)
        with checking("--resume", str(out), "--format", "json") as (run, page):
            second = Person(page(), hands)
            second.start()
            stdout, stderr = run.communicate(timeout=PATIENCE)
            second.over.set()

    result = json.loads(stdout)
    assert len(first.done) == 2
    assert not set(first.done) & set(second.done)
    assert second.done
    (case,) = (case for case in result["cases"] if case["id"] == "status/full-chain")
    # What came while nobody recorded is in no evidence: only what held at the second try alone may be left to look at.
    assert all(each["verdict"] == "pass" or "alone it held" in each["texts"]["en"] for each in case["findings"]), stderr
    assert not (out / "axis").exists()
    assert len({row["key"] for row in rows(out, "answer")}) == len(first.done) + len(second.done)


def test_a_complete_run_and_another_folder_cannot_go_on(tmp_path: Path) -> None:
    with checking("--resume", str(tmp_path)) as (run, _):
        _, stderr = run.communicate(timeout=PATIENCE)

    assert run.returncode == 2
    assert "could go on" in stderr
