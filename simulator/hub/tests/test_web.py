"""The wire as plain requests and responses: arguments, bodies, the JSON of every operation."""

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.hub.accepting import SMALL
from simulator.hub.answers import compressed
from simulator.hub.hub import Hub
from simulator.hub.tests.axis import (
    NOON,
    OLD,
    OTHER,
    SECRET,
    SYSTEM,
    THIRD,
    Answer,
    HandClock,
    a_hub,
    edoc,
    request,
    sending,
    status,
    with_files,
)
from simulator.hub.web import Web
from simulator.protocol import request_signing
from simulator.protocol.profile import Profile, named
from simulator.topology import Unit
from simulator.wire import Request, Response


async def answer(hub: Hub, wanted: Request, **options: Any) -> dict[str, Any]:
    response = await Web(hub).answer(wanted, **options)
    assert response.status == 200
    return Answer(200, {}, response.body).json


async def call(
    hub: Hub, operation: str, *, system: str = SYSTEM, body: bytes = b"", **arguments: str
) -> dict[str, Any]:
    return await answer(hub, request(operation, arguments, body, system=system))


async def listed(hub: Hub, system: str = OTHER, **arguments: str) -> list[dict[str, Any]]:
    data = (await call(hub, "getReceivedEdocList", system=system, **arguments))["data"]
    assert isinstance(data, list)
    return data


# ---------------------------------------------------------------- the way of a document


async def test_a_document_goes_all_the_way(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        sent = await answer(hub, sending(edoc()))
        (line,) = await listed(hub, messagetype="edoc", servicetype="eDoc")
        got = await call(hub, "getEdoc", system=OTHER, docId=line["docId"], filePath="xml")
        raw = await Web(hub).answer(request("downloadEdoc", {"docId": line["docId"]}, system=OTHER, method="GET"))
        counted = await call(hub, "countReceiveEdoc", system=OTHER)
        none = await call(hub, "countReceiveStatus", system=OTHER)
        done = await call(hub, "updateStatus", system=OTHER, docId=line["docId"], status="done")
        back = await call(hub, "getSentEdocList", docId=sent["DocId"], messagetype="edoc")

        assert sent["status"] == "OK"
        assert len(sent["DocId"]) == 24
        assert sent["DocId"] == sent["DocId"].lower()
        assert line == {
            "docId": line["docId"], "serviceType": "eDoc", "messageType": "edoc", "from": SYSTEM, "to": OTHER,
            "created_time": "2026/11/21 12:00:00", "updated_time": "2026/11/21 12:00:00", "status": "initial",
            "status_desc": "Cho nhan",
        }  # fmt: skip
        assert base64.b64decode(got["data"]) == raw.body == edoc()
        assert (counted["count"], none["count"]) == (1, 0)
        assert done == {"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong"}
        assert await listed(hub) == []
        (shown,) = back["data"]
        assert (shown["senderDocId"], shown["receiverDocId"]) == (sent["DocId"], line["docId"])
        assert (shown["fromCode"], shown["toCode"], shown["receiveStatus"]) == (SYSTEM, OTHER, "done")
        assert (shown["title"], shown["notation"]) == ("Về việc thử nghiệm", "1/TN")
        assert shown["receivedTime"] == "2026/11/21 12:00:00"


async def test_a_sending_that_nobody_fetched_has_no_received_time(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await answer(hub, sending(edoc()))

        (shown,) = (await call(hub, "getSentEdocList"))["data"]

        assert "receivedTime" not in shown


async def test_a_large_document_goes_all_the_way(tmp_path: Path) -> None:
    data = with_files(("a.pdf", b"%PDF" + bytes(2 * SMALL)))
    async with a_hub(tmp_path) as hub:
        await answer(hub, sending(data))
        (line,) = await listed(hub)

        got = await call(hub, "getEdoc", system=OTHER, docId=line["docId"])

        assert base64.b64decode(got["data"]) == data


# ---------------------------------------------------------------- routing and arguments


@pytest.mark.parametrize(
    "path", ["/getAgenciesList", "//getAgenciesList", "/api//v1/getAgenciesList", "/a%2f/getAgenciesList/"]
)
async def test_only_the_last_segment_of_the_path_routes(tmp_path: Path, path: str) -> None:
    async with a_hub(tmp_path) as hub:
        wanted = replace(request("getAgenciesList"), path=path)

        assert (await answer(hub, wanted))["status"] == "OK"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/nothing"), ("POST", "/"), ("PUT", "/sendEdoc"), ("GET", "/getedoc")]
)
async def test_an_unknown_operation_gets_json_too(tmp_path: Path, method: str, path: str) -> None:
    async with a_hub(tmp_path) as hub:
        no = await answer(hub, Request(method, path))

        assert no["status"] == "FAIL"
        assert no["DocId"] == no["data"] == ""
        assert hub.facts()[-1]["fact"] == "refused"


async def test_the_front_page_says_what_this_is_in_both_languages(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        page = (await Web(hub).answer(Request("GET", "/"))).body.decode()

        assert "simulated" in page
        assert "mô phỏng" in page


async def test_both_spellings_of_the_id_may_be_there_and_each_call_takes_the_right_one(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await answer(hub, sending(edoc(1)))
        await answer(hub, sending(edoc(2)))
        first, second = [line["docId"] for line in await listed(hub)]

        got = await call(hub, "getEdoc", system=OTHER, docId=second, docid=first)
        only_lower = await call(hub, "getEdoc", system=OTHER, docid=first)
        stale = await call(hub, "updateStatus", system=OTHER, docId="a package of nobody", docid=first, status="done")

        assert base64.b64decode(got["data"]) == edoc(2)
        assert base64.b64decode(only_lower["data"]) == edoc(1)
        assert stale["status"] == "OK"
        assert [line["docId"] for line in await listed(hub)] == [second]
        await call(hub, "updateStatus", system=OTHER, docId=second, docid=first, status="done")
        assert await listed(hub) == []


async def test_arguments_come_only_from_what_was_signed(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await answer(hub, sending(edoc()))
        (line,) = await listed(hub)
        unsigned = request(
            "updateStatus",
            {"docId": line["docId"]},
            system=OTHER,
            headers=[("XroadVnpt-status", b"done"), ("X-Unknown", b"\xff\x01")],
        )

        no = await answer(hub, unsigned)

        assert no["ErrorCode"] == "10"
        assert len(await listed(hub)) == 1


async def test_leaked_headers_of_earlier_calls_are_ignored(tmp_path: Path) -> None:
    leaked = {"hash-file": "0", "from": "nobody", "filePath": "/tmp/x", "to": "[", "status": "none", "AgencyCode": "x"}
    async with a_hub(tmp_path) as hub:
        for operation in ("getAgenciesList", "getReceivedEdocList", "getSynchronizeUnit", "countReceiveEdoc"):
            assert (await call(hub, operation, **leaked))["status"] == "OK"


# ---------------------------------------------------------------- who is calling


@pytest.mark.parametrize("operation", ["sendEdoc", "getEdoc", "getReceivedEdocList", "updateStatus"])
async def test_a_wrong_secret_is_refused_in_the_form_of_each_operation(tmp_path: Path, operation: str) -> None:
    async with a_hub(tmp_path) as hub:
        no = await answer(hub, request(operation, secret="wrong"))

        assert (no["status"], no["ErrorCode"]) == ("FAIL", "15")
        assert no["ErrorDesc"].startswith("Sai SystemId hoac SecretKey: ")
        assert no.get("DocId", "") == ""
        assert not no.get("data")
        (fact,) = hub.facts()
        assert (fact["error"], fact["operation"], fact["system_id"]) == ("bad-credentials", operation, SYSTEM)


async def test_unknown_unsigned_and_swapped_requests_are_refused(tmp_path: Path) -> None:
    good = request("getEdoc", {"docId": "1"})
    swapped = replace(
        good,
        headers=tuple((name, b"2" if name.endswith("docId") else value) for name, value in good.headers),
    )
    async with a_hub(tmp_path) as hub:
        for bad in (request("getEdoc", system="nobody"), Request("POST", "/getEdoc"), swapped):
            assert (await answer(hub, bad))["ErrorCode"] == "15"


async def test_a_profile_may_leave_the_headers_beside_alone(tmp_path: Path) -> None:
    good = request("getAgenciesList", {"level": "1"})
    swapped = replace(
        good, headers=tuple((name, b"2" if name.endswith("level") else value) for name, value in good.headers)
    )
    async with a_hub(tmp_path, profile=replace(Profile(), headers_must_match=False)) as hub:
        assert (await answer(hub, swapped))["status"] == "OK"


async def test_an_unsigned_download_gets_nothing(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        response = await Web(hub).answer(Request("GET", "/downloadEdoc"))

        assert (response.status, response.body) == (200, b"")


async def test_a_download_of_somebody_elses_package_gets_nothing(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await answer(hub, sending(edoc()))
        (line,) = await listed(hub)

        response = await Web(hub).answer(request("downloadEdoc", {"docId": line["docId"]}, system=THIRD, method="GET"))

        assert response.body == b""
        assert hub.facts()[-1]["operation"] == "downloadEdoc"


async def test_a_timestamp_of_days_ago_is_fine_unless_the_profile_looks(tmp_path: Path) -> None:
    old, odd, fresh = "01012020T000000+0001", "yesterday", request_signing.header_timestamp(NOON)
    async with a_hub(tmp_path / "1") as hub:
        assert (await answer(hub, request("getAgenciesList", timestamp=old)))["status"] == "OK"
    async with a_hub(tmp_path / "2", profile=replace(Profile(), timestamp_age_checked=True)) as hub:
        assert (await answer(hub, request("getAgenciesList", timestamp=old)))["ErrorCode"] == "15"
        assert (await answer(hub, request("getAgenciesList", timestamp=odd)))["ErrorCode"] == "15"
        assert (await answer(hub, request("getAgenciesList", timestamp=fresh)))["status"] == "OK"


# ---------------------------------------------------------------- sendEdoc's body


@pytest.mark.parametrize(
    ("body", "hashed", "padded"),
    [
        (edoc() + b"\r\n", edoc(), False),
        (edoc() + b"\r\n", edoc(), True),
        (edoc(), edoc(), False),  # our writer ends with CRLF: it belongs to the file
        (edoc().rstrip(), edoc().rstrip(), False),
        (base64.b64encode(edoc()) + b"\r\n", base64.b64encode(edoc()), False),
        (base64.b64encode(edoc()), edoc(), True),
    ],
    ids=[
        "as the SDK",
        "padded digest",
        "no line end of the SDK",
        "no line end at all",
        "base64",
        "base64, digest of the file",
    ],
)
async def test_the_file_is_found_in_the_body(tmp_path: Path, body: bytes, hashed: bytes, padded: bool) -> None:
    digest = hashlib.sha256(hashed).hexdigest().upper() if padded else request_signing.file_hash(hashed)
    async with a_hub(tmp_path) as hub:
        signed = {"from": SYSTEM, "messagetype": "EDOC", "servicetype": "edoc", "hash-file": digest}
        sent = await answer(hub, request("sendEdoc", signed, body))
        assert sent["status"] == "OK", sent
        (line,) = await listed(hub)

        got = await call(hub, "getEdoc", system=OTHER, docId=line["docId"])

        assert base64.b64decode(got["data"]).rstrip() == edoc().rstrip()


@pytest.mark.parametrize(
    ("arguments", "body", "code"),
    [
        ({}, edoc() + b"\r\n", "21"),
        ({"hash-file": "00"}, edoc() + b"\r\n", "21"),
        ({"hash-file": request_signing.file_hash(edoc())}, edoc() + b"\r\n\r\n", "21"),
        ({"hash-file": request_signing.file_hash(b"AAA=")}, b"AAA=", "10"),
        ({"hash-file": request_signing.file_hash(b"AAAAA")}, b"AAAAA", "10"),
        ({"hash-file": request_signing.file_hash(b"")}, b"", "10"),
        ({"hash-file": request_signing.file_hash(edoc()), "to": "[1]"}, edoc(), "22"),
    ],
)
async def test_a_body_that_does_not_hold_what_was_signed_is_refused(
    tmp_path: Path, arguments: dict[str, str], body: bytes, code: str
) -> None:
    async with a_hub(tmp_path) as hub:
        signed = {"from": SYSTEM, "messagetype": "edoc", **arguments}

        no = await answer(hub, request("sendEdoc", signed, body))

        assert (no["status"], no["ErrorCode"], no["DocId"]) == ("FAIL", code, "")
        (fact,) = hub.facts()
        assert fact["because"] == no["ErrorDesc"]


async def test_a_body_that_was_too_large_to_read_is_refused_to_its_sender(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        no = await answer(hub, sending(b""), oversized=200_000_000)

        assert (no["ErrorCode"], no["DocId"]) == ("21", "")
        assert "200000000" in no["ErrorDesc"]


@pytest.mark.parametrize(
    ("argument", "receivers"),
    [
        (f'["{OTHER}","{THIRD}"]', [OTHER, THIRD]),
        (f'"{THIRD}"', [THIRD]),
        (THIRD, [THIRD]),
        ("[]", [OTHER]),
        (" ", [OTHER]),
        ('["H98","000.00.00.H98"]', ["H98"]),
    ],
)
async def test_the_argument_to_in_all_its_forms(tmp_path: Path, argument: str, receivers: list[str]) -> None:
    async with a_hub(tmp_path) as hub:
        sent = await answer(hub, sending(edoc(), to=argument))

        (accepted,) = [fact for fact in hub.facts() if fact["fact"] == "accepted"]
        assert sent["status"] == "OK"
        assert accepted["to"] == receivers


async def test_a_bare_code_of_digits_is_a_code(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await call(hub, "registerAgency", system=OTHER, body=b'{"code": 20100107370, "name": null}')

        assert (await answer(hub, sending(edoc(), to="20100107370")))["status"] == "OK"


@pytest.mark.parametrize(
    ("arguments", "data", "code", "words"),
    [
        ({"from": OTHER}, edoc(), "19", "Don vi gui vxp.test.02 khong dung voi ma da dang ky: vxp.test.01"),
        ({"messagetype": "status"}, edoc(), "22", "messagetype"),
        ({"messagetype": ""}, edoc(), "22", "not 'edoc' or 'status'"),
        ({}, edoc(to=["nobody"]), "18", "Don vi nhan khong ton tai: nobody"),
        ({}, edoc(to=["H97"]), "23", "Don vi nhan da khoa: H97"),
        ({}, edoc().replace(b"QCVN_102_2016", b"QCVN"), "22", "namespace"),
        ({}, b"plain text", "10", "no edXML"),
    ],
)
async def test_the_refusals_of_send_edoc(
    tmp_path: Path, arguments: dict[str, str], data: bytes, code: str, words: str
) -> None:
    async with a_hub(tmp_path) as hub:
        signed = {"from": SYSTEM, "messagetype": "edoc", "hash-file": request_signing.file_hash(data), **arguments}

        no = await answer(hub, request("sendEdoc", signed, data + b"\r\n"))

        assert (no["status"], no["ErrorCode"], no["DocId"]) == ("FAIL", code, "")
        assert words in no["ErrorDesc"]


# ---------------------------------------------------------------- lists


async def test_a_date_filter_is_read_in_its_forms(tmp_path: Path) -> None:
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock) as hub:
        await answer(hub, sending(edoc()))

        for since, until, count in (
            ("21/11/2026 11:59:59", "21/11/2026 12:00:01", 1),
            ("21/11/2026 12:00:01", "", 0),
            ("", "20/11/2026", 0),
            ("2026/11/21", "2026-11-21T05:00:00+00:00", 1),
            ("2026-11-21T13:00:00", "", 0),
        ):
            assert len(await listed(hub, fromDate=since, toDate=until)) == count, (since, until)


@pytest.mark.parametrize(("arguments", "code"), [({"fromDate": "tomorrow"}, "10"), ({"messagetype": "letters"}, "22")])
async def test_a_filter_that_cannot_be_read_is_refused_with_an_empty_list(
    tmp_path: Path, arguments: dict[str, str], code: str
) -> None:
    async with a_hub(tmp_path) as hub:
        no = await call(hub, "getReceivedEdocList", **arguments)

        assert (no["status"], no["ErrorCode"], no["data"]) == ("FAIL", code, [])


async def test_the_type_of_a_list_is_edoc_status_or_both(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await answer(hub, sending(edoc()))
        await answer(hub, sending(status(sender=THIRD, to=OTHER), system=THIRD, message_type="status"))

        kinds = [line["messageType"] for line in await listed(hub)]

        assert kinds == ["edoc", "status"]
        assert [line["messageType"] for line in await listed(hub, messagetype="Status")] == ["status"]


async def test_what_was_failed_shows_its_reason_in_ascii(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        sent = await answer(hub, sending(edoc()))
        (line,) = await listed(hub)
        await call(hub, "updateStatus", system=OTHER, docId=line["docId"], status="fail", description="khong doc duoc")

        (shown,) = (await call(hub, "getSentEdocList", docId=sent["DocId"]))["data"]

        assert (shown["receiveStatus"], shown["receiveStatusDesc"]) == ("fail", "khong doc duoc")


async def test_a_receiving_list_of_somebody_without_anything_is_an_empty_array(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        assert await listed(hub) == []
        assert (await call(hub, "getSentEdocList", docId="5bebcfeff858e3e0cc154762"))["data"] == []


# ---------------------------------------------------------------- the directory


async def test_the_lists_of_units_carry_both_code_forms(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        old = {row["code"]: row for row in (await call(hub, "getAgenciesList"))["data"]}
        new = {row["code"]: row for row in (await call(hub, "getAgenciesListQD20"))["data"]}
        every = {row["code"]: row for row in (await call(hub, "getSynchronizeUnit"))["data"]}

        assert set(old["H98"]) == {"id", "pid", "code", "name", "mail", "oldCode"}
        assert set(new["H98"]) == {"id", "code", "name", "mail", "code102"}
        assert old["H98"]["oldCode"] == new["H98"]["code102"] == "000.00.00.H98"
        assert old[SYSTEM]["oldCode"] == ""
        assert old["H98"]["name"] == "Tỉnh Thử"
        assert old["H98"]["id"] == new["H98"]["id"] == every["H98"]["id"]
        assert "H97" not in old
        assert every["H97"]["deleted"] is True
        assert every["H98"]["deleted"] is False


@pytest.mark.parametrize("own", ["H98", "000.00.00.H98"])
async def test_a_system_finds_itself_by_the_code_that_it_was_registered_with(tmp_path: Path, own: str) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.add_system("mine", [Unit(code=own)], SECRET)
        by_name = {row["name"]: row for row in (await call(hub, "getAgenciesList", system="mine"))["data"]}
        new = {row["name"]: row for row in (await call(hub, "getAgenciesListQD20", system="mine"))["data"]}
        every = {row["name"]: row for row in (await call(hub, "getSynchronizeUnit", system="mine"))["data"]}

        assert by_name["Tỉnh Thử"]["code"] == every["Tỉnh Thử"]["code"] == own
        assert by_name["Sở Thử"]["code"] == "H98.02"
        both = ("H98", "000.00.00.H98")
        assert (new["Tỉnh Thử"]["code"], new["Tỉnh Thử"]["code102"]) == both
        assert (every["Tỉnh Thử"]["codeQD20"], every["Tỉnh Thử"]["code102"]) == both


async def test_the_canonical_form_shows_the_first_code_of_each_unit(tmp_path: Path) -> None:
    async with a_hub(tmp_path, profile=named("vxp-2.0-canonical")) as hub:
        await hub.add_system("mine", [Unit(code="000.00.00.H98")], SECRET)

        for operation in ("getAgenciesList", "getSynchronizeUnit"):
            codes = {row["code"] for row in (await call(hub, operation, system="mine"))["data"]}
            assert "H98" in codes
            assert "000.00.00.H98" not in codes


async def test_a_directory_of_many_units_is_listed_whole(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.add_system("many", [Unit(code=f"U{number}") for number in range(1_200)])

        assert len((await call(hub, "getAgenciesList"))["data"]) == 1_205


@pytest.mark.parametrize(("level", "codes"), [("2", {"H98.02"}), ("x", None), ("9", set())])
async def test_the_level_filters_the_newer_list(tmp_path: Path, level: str, codes: set[str] | None) -> None:
    async with a_hub(tmp_path) as hub:
        found = {row["code"] for row in (await call(hub, "getAgenciesListQD20", level=level))["data"]}

        assert found == ({SYSTEM, OTHER, THIRD, "H98", "H98.02"} if codes is None else codes)


async def test_a_unit_is_registered_changed_and_deleted(tmp_path: Path) -> None:
    body = {"id": "", "pcode": SYSTEM, "code": "999.01.H99", "name": "Đơn vị", "mail": "a@example.invalid", "fax": "0"}
    async with a_hub(tmp_path) as hub:
        made = await call(hub, "registerAgency", body=json.dumps(body, ensure_ascii=False).encode())
        changed = await call(hub, "registerAgency", body=json.dumps({**body, "name": "Khác"}).encode())
        (row,) = [row for row in (await call(hub, "getSynchronizeUnit"))["data"] if row["code"] == "999.01.H99"]
        parent = next(row for row in (await call(hub, "getAgenciesList"))["data"] if row["code"] == SYSTEM)
        gone = await call(hub, "deleteAgency", body=b"{}", AgencyCode="999.01.H99")
        again = await call(hub, "deleteAgency", body=b"{}", AgencyCode="999.01.H99")

        assert made["status"] == changed["status"] == gone["status"] == "OK"
        assert (row["name"], row["version"], row["pid"]) == ("Khác", 2, parent["id"])
        assert row["modifyDate"] == "2026/11/21 12:00:00"
        assert again["ErrorCode"] == "10"


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"","pcode":"000.00.00.H99","code":"999.01.H99","name":"x","mail":"cc"","mobile":"0","fax":"0"}',
        b"",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"name":"without a code"}',
        b'{"code":["a"]}',
    ],
)
async def test_a_registration_that_cannot_be_read_is_refused(tmp_path: Path, body: bytes) -> None:
    async with a_hub(tmp_path) as hub:
        no = await call(hub, "registerAgency", body=body)

        assert (no["status"], no["ErrorCode"]) == ("FAIL", "10")


async def test_another_systems_code_is_not_to_be_had(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        assert (await call(hub, "registerAgency", body=b'{"code":"H98"}'))["ErrorCode"] == "19"
        assert (await call(hub, "deleteAgency", AgencyCode=OLD))["ErrorCode"] == "19"


# ---------------------------------------------------------------- our own trouble, and rubbish


async def test_a_store_that_cannot_write_is_answered_as_a_system_error(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.close()

        sent = await answer(hub, sending(edoc()))
        unknown = await answer(hub, Request("POST", "/nothing"))

        assert (sent["status"], sent["ErrorCode"], sent["DocId"]) == ("FAIL", "20", "")
        assert unknown["ErrorCode"] == "20"


async def test_an_error_of_ours_is_answered_as_a_system_error(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        hub.profile = None  # type: ignore[assignment]  # the worst that can be

        no = await answer(hub, request("getEdoc"))

        assert (no["status"], no["ErrorCode"], no["data"]) == ("FAIL", "20", "")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    operation=st.sampled_from(["sendEdoc", "getEdoc", "registerAgency", "getReceivedEdocList", "updateStatus", "x"]),
    arguments=st.dictionaries(
        st.sampled_from(["from", "to", "hash-file", "messagetype", "docId", "docid", "status", "fromDate"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    ),
    body=st.binary(max_size=60),
)
async def test_no_rubbish_gets_anything_but_json(
    tmp_path_factory: pytest.TempPathFactory, operation: str, arguments: dict[str, str], body: bytes
) -> None:
    async with a_hub(tmp_path_factory.mktemp("axis")) as hub:
        members = await answer(hub, request(operation, arguments, body))

        assert members["status"] in ("OK", "FAIL")
        assert "internal error" not in members["ErrorDesc"]


@pytest.mark.parametrize(
    ("offer", "wanted"),
    [("gzip,deflate", True), ("deflate, GZIP;q=0.5", True), ("gzip;q=0", False), ("identity", False), ("", False)],
)
def test_gzip_is_for_those_who_ask(offer: str, wanted: bool) -> None:
    asking = Request("POST", "/getAgenciesList", (("accept-encoding", offer.encode()),))

    long, short = Response(body=b"x" * 1025), Response(body=b"x" * 1024)

    assert (compressed(asking, long).first("Content-Encoding") == b"gzip") is wanted
    assert compressed(asking, short) is short


def test_the_secret_of_the_tests_is_the_one_of_the_captures() -> None:
    assert SECRET == "s3cr3t-for-test"
