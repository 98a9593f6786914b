"""The parts of the executor that need no locust: requests, answers, targets, faults by name, the crowd."""

import json
import subprocess
import sys
from pathlib import Path

import pybase64
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.topologies import TopologyNotUsable, load
from loadtests.executor.answers import Unusable, doc_id_of, listed_in, package_of, told
from loadtests.executor.asked import BadTarget, outside_hub, sut
from loadtests.executor.calls import Caller, Where
from loadtests.executor.crowd import gather
from loadtests.executor.tally import Tally
from simulator.faults.asked import BadFault, parse
from simulator.protocol.request_signing import file_hash, verify
from simulator.wire import Request

SECRET = "a secret of a test"


def a_caller() -> Caller:
    return Caller("sim.g01", SECRET, timestamp="21112026T195738+0955", where=Where("127.0.0.1:8095", "/axis"))


def arguments_of(request: bytes) -> tuple[str, dict[str, str]]:
    """The operation and the signed arguments of a request in bytes; the signature is checked."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    method, path, _ = first.decode().split(" ")
    headers = tuple((name.decode(), value) for name, value in (line.split(b": ", 1) for line in lines))
    assert int(dict(headers)["Content-Length"]) == len(body)
    signed = verify(Request(method, path, headers, body), SECRET)
    return path, dict(signed.members)


@given(delivery_id=st.one_of(st.uuids().map(str), st.text(st.characters(codec="ascii", exclude_categories=["Cc"]))))
def test_whatever_the_delivery_id_the_cheaply_signed_request_verifies(delivery_id: str) -> None:
    caller = a_caller()

    get, confirm = arguments_of(caller.get(delivery_id)), arguments_of(caller.confirm(delivery_id, "done"))

    assert get[0] == "/axis/getEdoc"
    assert get[1]["docId"] == delivery_id
    assert confirm[0] == "/axis/updateStatus"
    assert (confirm[1]["docId"], confirm[1]["status"]) == (delivery_id, "done")


def test_lists_and_small_sends_are_signed_as_the_wire_wants_it() -> None:
    caller, package = a_caller(), b"<edXML/>"

    path, listed = arguments_of(caller.list_("status"))
    head, body = caller.send(package, file_hash(package), "G01", "status")

    assert (path, listed["messagetype"]) == ("/axis/getReceivedEdocList", "status")
    assert body == package + b"\r\n"
    assert arguments_of(head + body)[1]["from"] == "G01"


@pytest.mark.parametrize("package", [b"", b"x", bytes(range(256)) * 700])
def test_a_package_is_read_out_of_its_answer_however_the_answer_is_written(package: bytes) -> None:
    text = pybase64.b64encode(package).decode()
    plain = json.dumps({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", "data": text})
    escaped = plain.replace("/", "\\/")
    reordered = json.dumps({"data": text, "ErrorDesc": "", "status": "OK", "ErrorCode": 0})
    broken = "\n".join(text[i : i + 76] for i in range(0, len(text), 76))
    broken_lines = json.dumps({"status": "OK", "ErrorCode": "0", "ErrorDesc": "", "data": broken})

    for answer in (plain.replace(" ", ""), plain, escaped, reordered, broken_lines):
        assert package_of(answer.encode())[0] == package


def test_a_refusal_is_no_package_and_rubbish_is_no_answer() -> None:
    assert package_of(b'{"status":"FAIL","ErrorCode":"10","ErrorDesc":"x","data":""}') == (None, "10")
    assert told(b'{"status":"FAIL","ErrorCode":20,"ErrorDesc":"x"}')[:2] == (False, "20")
    for rubbish in (b"", b"<html>", b"[]", b'{"status":null}', good_answer(data="***"), good_answer(data=None)):
        with pytest.raises(Unusable):
            package_of(rubbish)


@pytest.mark.parametrize(
    "odd",
    [
        {"ErrorCode": None}, {"ErrorDesc": None}, {"status": None},  # wire.md A.0.8: mandatory, never null
        {"ErrorCode": "7"}, {"ErrorCode": ""}, {"status": "ok"}, {"status": "FAIL"},  # clients would disagree
    ],
)  # fmt: skip
def test_what_the_sdk_could_not_read_is_no_success(odd: dict[str, object]) -> None:
    for read in (told, package_of):
        with pytest.raises(Unusable):
            read(good_answer(data="YQ==", **odd))


def test_a_document_without_a_doc_id_was_not_acknowledged() -> None:
    assert doc_id_of({"DocId": "68edb8c8c2dcb14db773ce44"}) == "68edb8c8c2dcb14db773ce44"
    for none in ({}, {"DocId": None}, {"DocId": ""}, {"DocId": "0"}):  # a .NET client takes "0" for a failure (A.2)
        with pytest.raises(Unusable):
            doc_id_of(none)


def test_one_null_empties_a_list_for_the_sdk_and_so_for_us() -> None:
    line = {"docId": "1", "from": "H01"}

    assert listed_in({"data": [line, {"docId": "2", "new": None}]}) == ["1", "2"]  # members it does not know
    for none in ([line, {"docId": None}], [line, {**line, "status_desc": None}], [None], ["1"], {}, "", None):
        with pytest.raises(Unusable):
            listed_in({"data": none})


def good_answer(**members: object) -> bytes:
    return json.dumps({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", **members}).encode()


def credentials(folder: Path, **more: object) -> Path:
    rows = {f"s{number}": {"secret": "x" * 32, "organs": [f"U{number}"]} for number in range(3)}
    path = folder / "credentials.json"
    path.write_text(json.dumps({**rows, "_control": {"secret": "t", "organs": []}, **more}), "utf-8")
    return path


def test_an_axis_on_this_machine_is_met_with_everyone_whose_secret_is_known(tmp_path: Path) -> None:
    hub = outside_hub("http://127.0.0.1:8095/", credentials(tmp_path))

    assert hub.url == "http://127.0.0.1:8095"
    assert hub.nodes == (("s0", "U0"), ("s1", "U1"), ("s2", "U2"))


def test_load_never_goes_to_another_machine_unless_the_credentials_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match="another machine"):
        outside_hub("http://192.0.2.7:8095", credentials(tmp_path))

    named = outside_hub("http://192.0.2.7:8095", credentials(tmp_path, _hosts=["192.0.2.7"]))

    assert len(named.nodes) == 3


@pytest.mark.parametrize("url", ["", "127.0.0.1:8095", "ftp://127.0.0.1", "https://127.0.0.1"])
def test_what_is_no_plain_http_address_is_a_wrong_call(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadTarget):
        outside_hub(url, credentials(tmp_path))


def test_the_members_of_a_sut_file_that_a_load_needs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "sut.toml"
    path.write_text(
        '[hub]\nlisten = "127.0.0.1:8123"\n[sut]\nname = "DMS"\norgan = "000.00.00.H98"\nsystem_id = "sut.test.01"\n'
        'secret_env = "S"\n[driver]\nkind = "http"\nurl = "http://127.0.0.1:9100"\n[timing]\npoll_seconds = 3\n',
        "utf-8",
    )

    found = sut(str(path), {"S": "very secret"})

    assert (found.organ, found.secret, found.port) == ("000.00.00.H98", "very secret", 8123)
    assert (found.driver, found.poll_seconds) == ("http://127.0.0.1:9100", 3.0)
    with pytest.raises(BadTarget, match="secret"):
        sut(str(path), {})


def test_a_fault_is_named_with_the_value_of_its_first_option() -> None:
    assert parse("loses-one-in-n:100").options == {"n": 100}
    assert parse("slow-answer:0.25").options == {"seconds": 0.25}
    assert parse("loses-a-confirm").options == {}
    for wrong in ("nothing", "loses-one-in-n:many", "loses-one-in-n:0", "loses-a-confirm:3", "axis-down"):
        with pytest.raises(BadFault):
            parse(wrong)
    with pytest.raises(BadFault, match="takes the whole axis away"):
        parse("axis-restart")


def test_a_crowd_is_the_known_topology_and_made_up_offices_behind_it(tmp_path: Path) -> None:
    crowd = gather(300, tmp_path)

    known = load("2020")
    made = load(crowd.topology)
    assert len(crowd.nodes) == len(made.living) == 300
    assert made.nodes[: len(known.nodes)] == known.nodes
    assert all(unit.endswith(".H98") for _, unit in crowd.nodes[len(known.living) :])
    assert gather(20, tmp_path).nodes == crowd.nodes[:20]


def test_more_nodes_than_a_crowd_can_have_are_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(TopologyNotUsable, match="100000 nodes are too many: at most 90095"):
        gather(100_000, tmp_path)


def test_activity_only_moves_forward() -> None:
    tally = Tally()
    tally.active(5.0)
    tally.active(3.0)

    assert tally.last_activity == 5.0


def test_the_command_imports_neither_locust_nor_gevent() -> None:
    modules = "commands said executor.run executor.view executor.axis executor.asked executor.schema result compare"
    imports = ", ".join(f"loadtests.{each}" for each in modules.split())
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {imports}; print('gevent' in sys.modules or 'locust' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.strip() == "False"
