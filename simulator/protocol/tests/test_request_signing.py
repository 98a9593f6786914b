"""The header signature, proved on every captured request of the unmodified SDK."""

from pathlib import Path

import pytest

from simulator.protocol import request_signing
from simulator.protocol.errors import Unsigned
from simulator.wire import Request

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden"
SECRET = "s3cr3t-for-test"
NON_ASCII = "01-api__getAgenciesList"
CAPTURES = sorted(GOLDEN.rglob("*.raw"))


def captured(path: Path) -> Request:
    head, body = path.read_bytes().split(b"\r\n\r\n", 1)
    first, *lines = head.split(b"\r\n")
    method, target, _ = first.decode().split()
    headers = tuple((line.split(b":", 1)[0].decode(), line.split(b":", 1)[1].strip(b" ")) for line in lines)
    return Request(method, target, headers, body)


def test_all_captures_are_here() -> None:
    assert len(CAPTURES) == 26


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_captured_signatures_verify(path: Path) -> None:
    request = captured(path)

    if path.stem == NON_ASCII:  # the client itself breaks it: the low byte of each letter is sent (wire.md A.0.9)
        with pytest.raises(Unsigned, match="ASCII"):
            request_signing.verify(request, SECRET)
        return
    arguments = request_signing.verify(request, SECRET)

    assert arguments.get("systemid") == "vxp.test.01" == request_signing.system_id(request)


@pytest.mark.parametrize("path", [path for path in CAPTURES if path.stem != NON_ASCII], ids=lambda path: path.stem)
def test_our_client_signs_as_the_sdk_does(path: Path) -> None:
    request = captured(path)
    members = dict(request_signing.read(request.first("XroadVnpt-sign-header") or b"").members)
    order = list(members)

    headers = request_signing.sign(
        {name: value for name, value in members.items() if name not in ("systemid", "timestamp", "Content-Type")},
        system_id=members["systemid"],
        secret=SECRET,
        timestamp=members["timestamp"],
        content_type=members["Content-Type"],
    )

    ours = Request("POST", "/", headers)
    assert request_signing.verify(ours, SECRET).get("timestamp") == members["timestamp"]
    if order == (ours.first("XroadVnpt-sign-header-key") or b"").decode().split(";"):
        assert ours.first("XroadVnpt-hash-header") == request.first("XroadVnpt-hash-header")


def test_the_worked_example_of_the_wire_description() -> None:
    headers = request_signing.sign(
        {},
        system_id="vxp.test.01",
        secret=SECRET,
        timestamp="21112026T195738+0955",
        content_type="application/json",
    )

    digest = Request("POST", "/", headers).first("XroadVnpt-hash-header")
    assert digest == b"18528dff793fe0eee95cd8d53bc3ef6879976151f5e2463875c3a2ca6a0b7f14"


def test_the_file_hash_loses_its_zeros() -> None:
    data = b'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"/>\n'

    assert request_signing.file_hash(data) == "8e842cd247adebbecaaf6ac5aa8e0a4711b29c3c77849a57c82d49c518cd"


def altered(**changes: bytes | None) -> Request:
    request = captured(GOLDEN / "09-getEdoc.raw")
    names = {f"XroadVnpt-{name.replace('_', '-')}": value for name, value in changes.items()}
    headers = tuple(
        (name, changed if (changed := names.get(name)) is not None else value)
        for name, value in request.headers
        if names.get(name, b"") is not None
    )
    return Request(request.method, request.path, headers, request.body)


@pytest.mark.parametrize(
    "request_",
    [
        altered(hash_header=b"00"),
        altered(hash_header=None),
        altered(sign_header=None),
        altered(docId=b"another"),
        altered(sign_header=b'{"XroadVnpt-systemid":"vxp.test.02"}'),
    ],
)
def test_what_was_altered_does_not_verify(request_: Request) -> None:
    with pytest.raises(Unsigned):
        request_signing.verify(request_, SECRET)


def test_a_swapped_header_passes_only_where_the_profile_says_so() -> None:
    swapped = altered(docId=b"another")

    arguments = request_signing.verify(swapped, SECRET, headers_must_match=False)

    assert arguments.get("docId") == "11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize("raw", [b"[]", b"{", b'{"a":"b"}', b'{"XroadVnpt-a":1}', b"[" * 100_000])
def test_a_signed_header_that_is_no_flat_object_is_refused(raw: bytes) -> None:
    with pytest.raises(Unsigned):
        request_signing.read(raw)


def test_two_spellings_of_one_argument_stay_two() -> None:
    arguments = request_signing.read(b'{"XroadVnpt-docId":"2","XroadVnpt-docid":"1"}')

    assert (arguments.get("docId"), arguments.get("docid"), arguments.get("DocId")) == ("2", "1", None)


def test_a_call_without_a_system_id_is_unsigned() -> None:
    with pytest.raises(Unsigned, match="systemid"):
        request_signing.system_id(Request("POST", "/getEdoc"))
