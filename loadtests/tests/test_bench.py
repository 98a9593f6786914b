"""The bench as far as it is no timing: rows, goals, the raw client's reading, the truth about freezes, the stencil."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from hypothesis import given
from hypothesis import strategies as st

from loadtests import scenario as scenarios
from loadtests.bench import honesty
from loadtests.bench.__main__ import main
from loadtests.bench.acceptance import RECEIVER, SENDER, WentWrong, as_expected, checked
from loadtests.bench.axis import an_axis
from loadtests.bench.comparisons import COMPARISONS
from loadtests.bench.generator import script_of
from loadtests.bench.history import line_of, remember
from loadtests.bench.honesty import true_latencies
from loadtests.bench.messages import Stencil, System, sending
from loadtests.bench.parts import PARTS, SIGNED_PARTS, append_log
from loadtests.bench.polling import topology_of
from loadtests.bench.rawclient import Line, NoAnswer, drive, whole
from loadtests.bench.row import Goal, absent, compared, measured, quantile, table
from loadtests.bench.stubs import steady
from simulator.clock import VIETNAM
from simulator.hub.seals import sealed
from simulator.pki.authorities import Pki
from simulator.protocol.codec import decode
from simulator.protocol.request_signing import verify
from simulator.topology import parse
from simulator.trust import authorities_in
from simulator.wire import Request
from simulator.words import Lang, Text

TITLE = Text(en="ours : theirs", vi="của ta : của họ")
NOTE = Text(en="parts 1, 2", vi="phần 1, 2")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.at(tmp_path_factory.mktemp("pki") / "axisproof-pki", NOW)


# ---------------------------------------------------------------- rows


def test_a_row_takes_the_median_of_the_rounds_and_not_the_ratio_of_the_medians() -> None:
    row = compared("x", TITLE, "us", ours=[10, 30, 20], against=[10, 10, 10], goal=Goal("<=", 1.4))

    assert (row.ours, row.against, row.ratio) == (20, 10, 2.0)
    assert row.kept is False


@pytest.mark.parametrize(
    ("goal", "value", "kept"),
    [
        (Goal("<=", 1.4), 1.4, True),
        (Goal("<=", 1.4), 1.41, False),
        (Goal(">=", 5), 5.0, True),
        (Goal(">=", 5), 4.9, False),
        (Goal("within", 0.02), 0.985, True),
        (Goal("within", 0.02), 1.03, False),
    ],
)
def test_a_goal_is_kept_or_missed(goal: Goal, value: float, kept: bool) -> None:
    assert goal.kept(value) is kept


def test_a_row_without_a_comparison_is_held_against_the_goal_itself() -> None:
    assert measured("i", TITLE, "s", [0.4, 0.6, 0.45], goal=Goal("<=", 0.5)).kept is True
    assert measured("i", TITLE, "s", [0.6], goal=None).kept is None


def test_what_is_absent_is_neither_kept_nor_missed() -> None:
    row = absent("b", TITLE, Text(en="no java", vi="không có java"), Goal(">=", 1))

    assert row.kept is None
    assert "no java" in table([row], Lang.EN)
    assert "không có" in table([row], Lang.VI)
    assert row.record()["absent"] == "no java"


def test_the_table_shows_every_column_and_the_note() -> None:
    rows = [compared("a.8k", TITLE, "us", ours=[1234.5], against=[617.25], goal=Goal("<=", 1.4), note=NOTE)]

    text = table(rows, Lang.EN)

    for word in ("a.8k", "1,234 us", "617 us", "2.00", "≤ 1.4", "MISSED", "parts 1, 2"):
        assert word in text


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.001, 1))
def test_a_quantile_is_one_of_the_values_and_enough_of_them_do_not_exceed_it(values: list[float], share: float) -> None:
    found = quantile(values, share)

    assert found in values
    assert sum(each <= found for each in values) >= share * len(values) - 1e-6


def test_there_is_no_quantile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quantile([], 0.5)


# ---------------------------------------------------------------- the history


def test_a_run_is_one_line_of_the_history_and_runs_are_added(tmp_path: Path) -> None:
    row = compared("g.1m", TITLE, "us", ours=[2.0], against=[1.0], goal=Goal("<=", 2.2))
    at = datetime(2026, 11, 22, 1, 2, 3, tzinfo=VIETNAM)
    line = line_of([row], at=at, machine={"cores": 2}, versions={"python": "3"}, commit="abc")
    read = json.loads(line)
    assert line.count("\n") == 1
    assert read["at"] == "2026-11-22T01:02:03+07:00"
    assert read["rows"][0] | {"title": ""} == {
        "key": "g.1m", "title": "", "unit": "us", "ours": 2.0, "against": 1.0, "ratio": 2.0, "goal": "≤ 2.2",
        "kept": True, "note": "", "absent": None,
    }  # fmt: skip

    path = tmp_path / "bench" / "history.jsonl"
    remember(path, [row], at=at, machine={})
    remember(path, [row], at=at, machine={})
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert set(json.loads(lines[0])["versions"]) >= {"python", "lxml", "uvicorn"}


# ---------------------------------------------------------------- the command


def test_every_comparison_of_the_issue_is_listed_once() -> None:
    letters = [each.letter for each in COMPARISONS]

    assert letters == list("abcdefghi")
    said = CliRunner(env={"LANG": "en_US.UTF-8"}).invoke(main, ["--list"]).output
    assert [line[0] for line in said.splitlines()] == letters


def test_an_unknown_comparison_is_a_wrong_call() -> None:
    result = CliRunner(env={"LANG": "en_US.UTF-8"}).invoke(main, ["--only", "a,z"])

    assert result.exit_code == 2
    assert "no comparison 'z'" in result.output


# ---------------------------------------------------------------- packages and requests


def test_a_stencil_makes_packages_of_one_size_that_differ_in_number_alone() -> None:
    stencil = Stencil.of(8 * 1024, sender="000.00.00.H98", receivers=["G22"])
    one, two = stencil.packages(5, 2)

    assert len(one) == len(two) == len(stencil.template)
    assert abs(len(one) - 8 * 1024) < 64
    packets = [decode(each).packet for each in (one, two)]
    assert [packet.document_id for packet in packets] == [
        "000.00.00.H98,2026/11/20,00000005/UBND-VP",
        "000.00.00.H98,2026/11/20,00000006/UBND-VP",
    ]


def test_a_stencil_with_a_signer_signs_every_package_as_an_axis_verifies_it(pki: Pki) -> None:
    stencil = Stencil.of(8 * 1024, sender="000.00.00.H98", receivers=["G22"], signer=pki.agency)
    one, two = stencil.packages(5, 2)

    assert one != two
    assert abs(len(one) - 8 * 1024) < 64
    for data in (one, two):
        assert sealed(data, authorities=authorities_in(pki.trust), at=NOW).word == "valid"
    spoiled = one.replace(b"00000005", b"00000006")
    assert sealed(spoiled, authorities=authorities_in(pki.trust), at=NOW).word == "invalid"


def test_a_request_is_signed_as_the_hub_checks_it() -> None:
    system = System("sut.test.01", "s" * 32, "000.00.00.H98")
    package = Stencil.of(4_000, sender=system.unit, receivers=["G22"]).package(1)

    head, _, body = sending(system, package).partition(b"\r\n\r\n")

    lines = [line.partition(b": ") for line in head.split(b"\r\n")[1:]]
    headers = tuple((name.decode(), value) for name, _, value in lines)
    arguments = verify(Request("POST", "/sendEdoc", headers, body), system.secret)
    assert arguments.get("from") == system.unit
    assert body == package + b"\r\n"
    assert dict(headers)["Content-Length"] == str(len(body)).encode()


def test_the_request_for_wrk_holds_every_byte_of_ours() -> None:
    system = System("sut.test.01", "s" * 32, "000.00.00.H98")
    request = sending(system, Stencil.of(4_000, sender=system.unit, receivers=["G22"]).package(1))

    script = script_of(request)

    quoted = script.split("wrk.body = ")[1].splitlines()[0].strip('"')
    parts = quoted.split("\\")
    read = parts[0] + "".join(chr(int(part[:3])) + part[3:] for part in parts[1:])
    assert read.encode("latin-1") == request.partition(b"\r\n\r\n")[2]
    assert "Host" not in script


def test_the_topology_of_the_polling_nodes_can_be_read() -> None:
    topology = parse(topology_of(95), origin="bench")

    assert len(topology.nodes) == 95
    assert not topology.living


def test_the_bare_parts_are_measured_and_leave_nothing_behind(tmp_path: Path) -> None:
    packages = list(Stencil.of(4_000, sender="000.00.00.H98", receivers=["G22"]).packages(0, 3))

    for _, part in PARTS:
        assert part(packages, tmp_path) >= 0
    assert dict(SIGNED_PARTS).keys() - dict(PARTS).keys() == {"packet signature"}
    assert min(append_log(packages * 50, tmp_path)) >= 0
    assert list(tmp_path.iterdir()) == []


def test_the_bare_part_of_a_packet_signature_is_verified_and_not_only_computed(pki: Pki, tmp_path: Path) -> None:
    verifying = dict(SIGNED_PARTS)["packet signature"]
    good = [*Stencil.of(8_000, sender="000.00.00.H98", receivers=["G22"], signer=pki.agency).packages(0, 3)]

    assert verifying(good, tmp_path) > 0
    with pytest.raises(ValueError, match="not what was signed"):
        verifying([*good, good[0].replace(b"00000000", b"00000001")], tmp_path)
    other = good[0][good[0].index(b"<SignatureValue>") : good[0].index(b"</SignatureValue>")]
    mine = good[1][good[1].index(b"<SignatureValue>") : good[1].index(b"</SignatureValue>")]
    with pytest.raises(InvalidSignature):
        verifying([good[1].replace(mine, other)], tmp_path)


async def test_a_bench_of_signatures_that_the_axis_does_not_verify_is_broken_off(pki: Pki, tmp_path: Path) -> None:
    async with an_axis(tmp_path / "axis", core=None, topology="mini") as axis:  # no --trust
        system, receivers = axis.systems[SENDER], [axis.systems[RECEIVER].unit]
        package = Stencil.of(8_000, sender=system.unit, receivers=receivers, signer=pki.agency).package(1)
        checked(await drive(axis.port, [sending(system, package)], connections=1, expect=b'"OK"'), "axis")

        await as_expected(axis, "unchecked", after=0, count=1)
        with pytest.raises(WentWrong, match="of 1 signatures 0 are valid"):
            await as_expected(axis, "valid", after=0, count=1)


# ---------------------------------------------------------------- the raw client


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@given(st.integers(0, len(ANSWER) - 1))
def test_an_answer_is_whole_only_when_its_last_byte_is_there(length: int) -> None:
    assert whole(ANSWER[:length]) is None
    assert whole(ANSWER + b"HTTP") == len(ANSWER)


def test_a_chunked_answer_ends_with_its_last_chunk() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + b"x" * 16 + b"\r\n0\r\n\r\n"

    assert whole(chunked) == len(chunked)
    assert whole(chunked[:-1]) is None
    assert whole(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n\r\n") is None


@asynccontextmanager
async def a_server(answers: list[bytes]) -> AsyncIterator[int]:
    """Answers the requests (heads without a body) of every connection with ``answers`` in turn, then ends it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            for start in range(0, len(answer), 1_000):
                writer.write(answer[start : start + 1_000])
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_every_answer_is_read_whole_whatever_its_length() -> None:
    bodies = [b"a", b"b", b"c" * 50_000, b"", b"d" * 50_000]
    answers = [b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body) for body in bodies]

    async with a_server(answers) as port, Line(port) as line:
        seen = [(await line.ask(b"POST / HTTP/1.1\r\n\r\n")).body for _ in bodies]

        assert seen == bodies
        with pytest.raises(NoAnswer):
            await line.ask(b"POST / HTTP/1.1\r\n\r\n")


async def test_a_drive_counts_answers_and_wrong_ones() -> None:
    good, bad = (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + word for word in (b'"OK"', b"FAIL"))
    async with a_server([good, bad, good]) as port:
        driven = await drive(port, [b"GET / HTTP/1.1\r\n\r\n"] * 3, connections=1, expect=b'"OK"')

    assert (driven.answered, driven.wrong) == (3, 1)
    assert driven.sample == bad
    assert len(driven.latencies) == 3


async def test_a_drive_over_a_broken_connection_is_no_measurement() -> None:
    async with a_server([ANSWER]) as port:
        with pytest.raises(NoAnswer):
            await drive(port, [b"GET / HTTP/1.1\r\n\r\n"] * 3, connections=1)
    with pytest.raises(NoAnswer):
        await drive(port, [b"x"], connections=1)


# ---------------------------------------------------------------- honesty, steadiness


def test_the_truth_about_a_freeze_is_the_wait_for_its_end() -> None:
    freezes = [(5.0, 6.0), (15.0, 16.0)]

    assert true_latencies([4.9, 5.0, 5.25, 6.0, 15.5], freezes) == [0.0, 1.0, 0.75, 0.0, 0.5]


def test_a_rate_is_steady_when_its_last_four_batches_agree() -> None:
    assert not steady([100, 100, 100])
    assert not steady([50, 100, 90, 100, 101])
    assert steady([50, 98, 100, 101, 102])


def test_the_scenario_of_the_honesty_run_is_plain_and_known() -> None:
    found = scenarios.load(str(Path(honesty.__file__).with_name("honesty.toml")))

    assert found.mean_rate == 200
