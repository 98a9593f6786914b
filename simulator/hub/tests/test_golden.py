"""The requests of the unmodified SDK, byte for byte over a real socket (wire.md, captures). Every answer is JSON that
the SDK can read, except downloadEdoc's, whose only failure is an empty body."""

import json
from pathlib import Path

import pytest

from simulator.hub.tests.axis import GOLDEN, Line, an_axis

CAPTURES = sorted(GOLDEN.glob("*.raw"))
LONG_LIVED = sorted((GOLDEN / "long-lived").glob("*.raw"))

EXPECTED = {  # capture: (status, ErrorCode, members beside the three)
    "01-api__getAgenciesList": ("FAIL", "15", {"data"}),  # letters that are not ASCII cannot verify (wire.md A.0.9)
    "01-getAgenciesList": ("OK", "0", {"data"}),
    "02-api__sendEdoc": ("FAIL", "22", {"DocId"}),  # an edXML root with nothing in it
    "02-getAgenciesListQD20": ("OK", "0", {"data"}),
    "03-getSynchronizeUnit": ("OK", "0", {"data"}),
    "04-registerAgency": ("OK", "0", set()),
    "05-sendEdoc": ("FAIL", "22", {"DocId"}),
    "06-sendEdoc": ("OK", "0", {"DocId"}),
    "07-getReceivedEdocList": ("OK", "0", {"data"}),
    "08-getReceivedEdocList": ("OK", "0", {"data"}),
    "09-getEdoc": ("FAIL", "10", {"data"}),
    "11-updateStatus": ("FAIL", "10", set()),
    "12-getSentEdocList": ("OK", "0", {"data"}),
    "13-countReceiveEdoc": ("OK", "0", {"count"}),
    "14-countReceiveStatus": ("OK", "0", {"count"}),
    "15-deleteAgency": ("OK", "0", set()),
    "01-api_getAgenciesList": ("OK", "0", {"data"}),
    "02-api_getAgenciesListQD20": ("OK", "0", {"data"}),
    "03-api_getSynchronizeUnit": ("OK", "0", {"data"}),
    "04-api_registerAgency": ("OK", "0", set()),
    "05-api_sendEdoc": ("FAIL", "22", {"DocId"}),
    "06-api_sendEdoc": ("FAIL", "19", {"DocId"}),  # From is another system's unit
    "07-api_getReceivedEdocList": ("OK", "0", {"data"}),
    "08-api_getReceivedEdocList": ("OK", "0", {"data"}),
    "15-api_deleteAgency": ("OK", "0", set()),
}


@pytest.mark.parametrize("captures", [CAPTURES, LONG_LIVED], ids=["fresh", "long-lived"])
async def test_every_capture_of_the_sdk_is_answered_as_the_sdk_needs_it(tmp_path: Path, captures: list[Path]) -> None:
    assert captures

    async with an_axis(tmp_path / "data") as axis:
        for capture in captures:
            line = await Line.to(axis.url)
            answer = await line.ask(capture.read_bytes())
            await line.close()

            assert answer.status == 200, capture.name
            assert answer.continues == (b"Expect: 100-continue" in capture.read_bytes()), capture.name
            if capture.stem == "10-downloadEdoc":
                assert answer.body == b""
                continue
            wanted_status, code, members = EXPECTED[capture.stem]
            assert (answer.json["status"], answer.json["ErrorCode"]) == (wanted_status, code), answer.json
            assert set(answer.json) - {"status", "ErrorCode", "ErrorDesc"} == members, capture.name
            if answer.json["status"] == "OK":
                assert answer.json["ErrorDesc"] == "Thanh cong"
            elif "DocId" in members:
                assert answer.json["DocId"] == ""
            else:
                assert answer.json.get("data") in (None, "", [])


async def test_the_status_of_the_captures_reaches_both_units_of_the_argument_to(tmp_path: Path) -> None:
    capture = (GOLDEN / "06-sendEdoc.raw").read_bytes()

    async with an_axis(tmp_path / "data") as axis:
        line = await Line.to(axis.url)
        first = await line.ask(capture)
        second = await line.ask(capture)
        await line.close()

        document_id = "vxp.test.01,2026/01/15,7816/VPCP"
        (kept,) = axis.hub.documents(document_id)
        assert [delivery["unit"] for delivery in kept["deliveries"]] == ["vxp.test.02", "vxp.test.03"]
    assert len(first.json["DocId"]) == 24
    assert int(first.json["DocId"], 16) > 0
    assert second.json["DocId"] == first.json["DocId"]


def test_the_captures_hold_no_host_but_our_own() -> None:
    for capture in [*CAPTURES, *LONG_LIVED]:
        assert b"Host: 127.0.0.1:" in capture.read_bytes()
    assert json.dumps(sorted(EXPECTED)) == json.dumps(
        sorted(capture.stem for capture in [*CAPTURES, *LONG_LIVED] if capture.stem != "10-downloadEdoc")
    )
