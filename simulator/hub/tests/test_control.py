"""The control API over real HTTP."""

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.hub.serve import HubServer
from simulator.hub.tests.axis import OTHER, SYSTEM, an_axis, ask, edoc, request, sending, status, with_files


@asynccontextmanager
async def controlled(data: Path) -> AsyncIterator[tuple[HubServer, httpx.AsyncClient]]:
    async with an_axis(data, control_port=0, token="t0ken") as axis:
        headers = {"Authorization": "Bearer t0ken"}
        async with httpx.AsyncClient(base_url=axis.control_url, headers=headers) as client:
            yield axis, client


async def test_only_health_is_open_to_everyone(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (axis, _), httpx.AsyncClient(base_url=axis.control_url) as stranger:
        health = await stranger.get("/health")

        assert health.json() == {"status": "ok", "profile": "vxp-2.0", "topology": "small", "nodes": 3, "seed": 7}
        for method, path in (("POST", "/reset"), ("GET", "/facts"), ("GET", "/nodes"), ("POST", "/systems")):
            for headers in ({}, {"Authorization": "Bearer wrong"}):
                no = await stranger.request(method, path, headers=headers)
                assert no.status_code == 401
                assert "error" in no.json()


async def test_facts_documents_and_statuses_of_a_document(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (axis, client):
        await ask(axis.url, sending(edoc()))
        await ask(axis.url, sending(status("03"), system=OTHER, message_type="status"))

        everything = (await client.get("/facts")).json()
        rest = (await client.get("/facts", params={"after": 3, "limit": 5})).json()
        none = (await client.get("/facts", params={"after": 99})).json()
        state = (await client.get("/documents/vxp.test.01,2026/11/20,1/TN")).json()

        assert [fact["fact"] for fact in everything["facts"]] == ["accepted", "opened", "accepted", "opened"]
        assert everything["last"] == 4
        assert rest["facts"] == everything["facts"][3:]
        assert none == {"facts": [], "last": 99}
        assert state["document_id"] == "vxp.test.01,2026/11/20,1/TN"
        assert [delivery["unit"] for delivery in state["documents"][0]["deliveries"]] == [OTHER]
        assert [seen["status_code"] for seen in state["statuses"]] == ["03"]


async def test_a_package_is_queued_from_json_and_from_raw_bytes(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (axis, client):
        body = {
            "package_base64": base64.b64encode(b"poison").decode(),
            "sender_system": SYSTEM,
            "message_type": "edoc",
            "to": [OTHER],
        }
        first = await client.post("/packages", json=body)
        second = await client.post(
            "/packages", params={"sender_system": SYSTEM, "to": [OTHER, "H98"], "admit": "true"}, content=edoc()
        )
        listed = await ask(axis.url, request("getReceivedEdocList", system=OTHER))

        assert (first.status_code, second.status_code) == (201, 201)
        assert len(first.json()["doc_id"]) == 24
        assert len(listed.json["data"]) == 2
        assert (await client.get(f"/packages/{hashlib.sha256(b'poison').hexdigest()}")).content == b"poison"
        assert (await client.get(f"/packages/{'0' * 64}")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"package_base64": "%"}, 400),
        ({"package_base64": None}, 400),
        ({"to": "one"}, 400),
        ({"to": [1]}, 400),
        ({"message_type": "letter"}, 400),
        ({"sender_system": "nobody"}, 422),
        ({"to": ["nobody"]}, 422),
        ({"admit": True}, 422),
    ],
)
async def test_what_cannot_be_queued_is_said(tmp_path: Path, changes: dict[str, Any], code: int) -> None:
    async with controlled(tmp_path) as (_, client):
        body = {"package_base64": "cG9pc29u", "sender_system": SYSTEM, "message_type": "edoc", "to": [OTHER]}

        no = await client.post("/packages", json=body | changes)

        assert no.status_code == code
        assert no.json()["error"]


async def test_an_attached_file_is_had_by_its_own_digest(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (axis, client):
        await ask(axis.url, sending(with_files(("a.txt", b"the file"))))

        file = await client.get(f"/attachments/{hashlib.sha256(b'the file').hexdigest()}")

        assert file.content == b"the file"


async def test_nodes_are_shown_without_secrets(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (_, client):
        answer = await client.get("/nodes")

        rows = {row["system_id"]: row for row in answer.json()["nodes"]}
        assert rows[SYSTEM]["passive"] is True
        assert rows["bo.test.04"]["units"][0]["codes"] == ["H98", "000.00.00.H98", "h98-alias"]
        assert "s3cr3t" not in answer.text


async def test_a_system_is_added_and_can_speak(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (axis, client):
        made = (
            await client.post(
                "/systems",
                json={
                    "system_id": "mine",
                    "secret": "my own",
                    "units": ["X1", {"code": "X2", "code102": "000.00.00.X02"}],
                },
            )
        ).json()
        given = (await client.post("/systems", json={"system_id": "other", "units": ["X3"]})).json()
        answer = await ask(axis.url, request("getAgenciesList", system="mine", secret="my own"))

        assert made == {"system_id": "mine", "secret": "my own", "organs": ["X1", "X2", "000.00.00.X02"]}
        assert len(given["secret"]) > 20
        assert answer.json["status"] == "OK"


@pytest.mark.parametrize(
    "body",
    [
        {"system_id": "mine"},
        {"system_id": "mine", "units": "X1"},
        {"system_id": "mine", "units": [1]},
        {"system_id": "mine", "units": [{"name": "without code"}]},
        {"system_id": "mine", "units": [{"code": "X1", "colour": "red"}]},
        {"system_id": "", "units": ["X1"]},
        {"system_id": "mine", "units": ["X1"], "secret": ""},
        [],
    ],
)
async def test_a_system_that_cannot_be_added_is_said(tmp_path: Path, body: Any) -> None:
    async with controlled(tmp_path) as (_, client):
        no = await client.post("/systems", json=body)

        assert no.status_code == 400
        assert no.json()["error"]


async def test_reset_and_seed(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (axis, client):
        await ask(axis.url, sending(edoc()))

        assert (await client.post("/reset")).json() == {}
        assert (await client.get("/facts")).json() == {"facts": [], "last": 0}
        assert (await client.post("/seed", json={"seed": 11})).json() == {"seed": 11}
        assert (await client.get("/seed")).json() == {"seed": 11}
        assert (await client.post("/seed", json={"seed": True})).status_code == 400


async def test_every_error_is_json(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (_, client):
        for answer, code in (
            (await client.get("/nothing"), 404),
            (await client.get("/reset"), 405),
            (await client.get("/documents/nobody's"), 404),
            (await client.get("/facts", params={"after": "x"}), 400),
            (await client.post("/seed", content=b"{"), 400),
        ):
            assert answer.status_code == code
            assert answer.json()["error"]


async def test_a_store_that_cannot_write_is_our_trouble(tmp_path: Path) -> None:
    async with controlled(tmp_path) as (axis, client):
        await axis.hub.close()

        assert (await client.post("/reset")).status_code == 503


async def test_a_token_is_made_where_none_is_given(tmp_path: Path) -> None:
    async with an_axis(tmp_path, control_port=0) as axis, httpx.AsyncClient(base_url=axis.control_url) as client:
        answer = await client.get("/seed", headers={"Authorization": f"Bearer {axis.token}"})

        assert len(axis.token) > 20
        assert answer.status_code == 200
