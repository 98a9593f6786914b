"""Packages: prepared before the clock, unique, readable, signed; an axis gives them back unchanged."""

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta

import httpx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.topologies import load as topology
from loadtests.packages import NoSecret, prepare, status_packet
from loadtests.paper import SMALLEST, Paper
from loadtests.plan import make
from loadtests.scenario import Sizes, load, scaled
from loadtests.traffic.units import nodes_of
from simulator.agency.client import AxisClient
from simulator.clock import SystemClock
from simulator.protocol import codec
from simulator.protocol.lint import Verdict, lint
from simulator.protocol.package import StatusPacket
from simulator.protocol.request_signing import file_hash, verify
from simulator.wire import Request
from simulator.world import World, WorldConfig

MINI = topology("mini")
NODES = nodes_of(MINI)
SMOKE = load("smoke")
PLAN = make(scaled(SMOKE, seconds=5), topology_nodes=NODES, seed=7)
SECRETS = {system.system_id: f"secret of {system.system_id}" for system in PLAN.systems}


def test_every_document_is_a_package_that_lint_has_nothing_against(tmp_path):
    with prepare(PLAN, credentials=SECRETS, folder=tmp_path) as spool:
        for arrival in PLAN.arrivals:
            body = bytes(spool.request(arrival.number)[1])

            result = lint(body[:-2])

            assert body.endswith(b"\r\n")
            assert result.verdict is Verdict.CLEAN, result.findings
            package = result.reading.packet
            assert package.document_id == arrival.document_id
            assert tuple(party.organ_id for party in package.receivers) == arrival.receivers
            assert package.other.priority == arrival.urgency


def test_the_manifest_tells_what_was_sent(tmp_path):
    with prepare(PLAN, credentials=SECRETS, folder=tmp_path) as spool:
        manifest = json.loads(json.dumps(spool.manifest))

        for arrival in PLAN.arrivals:
            row, body = manifest[str(arrival.number)], bytes(spool.request(arrival.number)[1])
            (attachment,) = codec.decode(body[:-2]).packet.attachments
            assert row["sha256"] == hashlib.sha256(body[:-2]).hexdigest()
            assert row["files"] == [hashlib.sha256(attachment.file()).hexdigest()]
            assert row["receivers"] == list(arrival.receivers)
            assert row["document_id"] == arrival.document_id
            assert row["bytes"] == len(body)
            assert len(attachment.file()) == max(arrival.size, len(attachment.file()))


def test_no_two_documents_and_no_two_files_are_the_same(tmp_path):
    with prepare(PLAN, credentials=SECRETS, folder=tmp_path) as spool:
        rows = spool.manifest.values()

        assert len({row["sha256"] for row in rows}) == len(PLAN.arrivals)
        assert len({row["files"][0] for row in rows}) == len(PLAN.arrivals)


def test_the_request_header_is_signed_over_the_package(tmp_path):
    with prepare(PLAN, credentials=SECRETS, folder=tmp_path) as spool:
        headers, body = spool.request(0)

        request = Request("POST", "/sendEdoc", tuple((name, value.encode()) for name, value in headers.items()))
        signed = verify(request, SECRETS[PLAN.arrivals[0].sender])

        assert signed.get("hash-file") == file_hash(bytes(body)[:-2])
        assert signed.get("from") == PLAN.arrivals[0].sender_unit
        assert signed.get("messagetype") == "edoc"
        body.release()


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    with (
        prepare(PLAN, credentials=SECRETS, folder=tmp_path / "a") as first,
        prepare(PLAN, credentials=SECRETS, folder=tmp_path / "b") as second,
    ):
        assert first.path.read_bytes() == second.path.read_bytes()


def test_two_workers_prepare_all_documents_between_them(tmp_path):
    shares = [{system.system_id for system in PLAN.share(worker, 2)} for worker in (0, 1)]

    spools = [
        prepare(PLAN, credentials=SECRETS, folder=tmp_path / str(number), only_systems=share)
        for number, share in enumerate(shares)
    ]

    assert sorted(number for spool in spools for number in spool.manifest) == list(range(len(PLAN.arrivals)))
    assert sum(len(spool) for spool in spools) == len(PLAN.arrivals)
    assert all(0 in spool or 0 not in spool.manifest for spool in spools)
    for spool in spools:
        spool.close()


def test_a_system_without_a_secret_is_named(tmp_path):
    with pytest.raises(NoSecret) as error:
        prepare(PLAN, credentials={}, folder=tmp_path)

    assert "no secret" in error.value.because.en
    assert "khóa" in error.value.because.vi


def test_an_empty_plan_has_an_empty_spool(tmp_path):
    with prepare(PLAN, credentials=SECRETS, folder=tmp_path, only_systems=()) as spool:
        assert len(spool) == 0
        with pytest.raises(KeyError):
            spool.request(0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 3_000_000), st.integers(0, 10**6), st.integers(-(2**40), 2**40))
def test_a_pdf_has_the_size_asked_for(size, number, seed):
    made = b"".join(bytes(piece) for piece in Paper(seed).pieces(number, "H53,2026/11/20,1/(a)", size))

    assert len(made) == size or (size < SMALLEST and len(made) <= SMALLEST)


@pytest.mark.parametrize("size", [0, 5_000, 2_000_000])
def test_a_pdf_opens_and_shows_its_document_id(size):
    made = b"".join(bytes(piece) for piece in Paper(7).pieces(12, "G22,2026/11/20,12/(TAI)", size))

    reader = pypdf.PdfReader(io.BytesIO(made), strict=True)

    assert len(reader.pages) == 1
    assert "G22,2026/11/20,12/[TAI]" in reader.pages[0].extract_text()


def test_a_large_package_is_whole_though_it_never_stood_in_memory(tmp_path):
    import dataclasses

    scenario = dataclasses.replace(scaled(SMOKE, seconds=2), sizes=Sizes(fixed=((9_000_001, 1.0),)))
    plan = make(scenario, topology_nodes=NODES, seed=9)
    plan = dataclasses.replace(plan, arrivals=plan.arrivals[:1])

    with prepare(plan, credentials=SECRETS, folder=tmp_path) as spool:
        body = bytes(spool.request(0)[1])

    (attachment,) = codec.decode(body[:-2]).packet.attachments
    assert len(attachment.file()) == 9_000_001
    assert hashlib.sha256(attachment.file()).hexdigest() == spool.manifest[0]["files"][0]


def test_a_status_packet_says_what_it_is_about():
    arrival = PLAN.arrivals[0]

    data = status_packet(
        unit=arrival.receivers[0],
        code="03",
        about_unit=arrival.sender_unit,
        document_id=arrival.document_id,
        document_code=f"{arrival.code_number}/{PLAN.code_notation}",
        issued=PLAN.issued,
        at=datetime(2026, 11, 20, 2, 0, 0, 5, tzinfo=UTC),
    )

    packet = codec.decode(data).packet
    assert isinstance(packet, StatusPacket)
    assert (packet.code, packet.response_for.document_id) == ("03", arrival.document_id)
    assert packet.timestamp.utcoffset() == timedelta(hours=7)
    assert lint(data).verdict is Verdict.CLEAN


async def test_a_real_axis_takes_every_document_and_gives_it_back_unchanged(tmp_path):
    plan = make(scaled(SMOKE, seconds=3), topology_nodes=NODES, seed=11)
    world = World(WorldConfig(data=tmp_path / "axis", topology=MINI, control_port=None, living=False))

    async with world, httpx.AsyncClient(trust_env=False) as http:
        secrets = {system: world.hub.credentials[system][0] for system, _ in NODES}
        with prepare(plan, credentials=secrets, folder=tmp_path / "spool") as spool:
            for arrival in plan.arrivals:
                headers, body = spool.request(arrival.number)
                answer = await http.post(f"{world.url}/sendEdoc", headers=headers, content=bytes(body))
                assert answer.json()["status"] == "OK", answer.text
            seen = []
            for system, unit in NODES:
                async with AxisClient(world.url, system, secrets[system], clock=SystemClock()) as client:
                    for item in (await client.received("edoc")).items:
                        data = await client.fetch(next(value for key, value in item.items() if key.lower() == "docid"))
                        seen.append((unit, hashlib.sha256(data).hexdigest()))

    sent = [(unit, spool.manifest[each.number]["sha256"]) for each in plan.arrivals for unit in each.receivers]
    assert sorted(seen) == sorted(sent)
