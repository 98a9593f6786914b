import json
from pathlib import Path

import pytest

from conformance.runfolder import BadEvidence, EvidenceWriter, load

HEADER = {
    "run_id": "r",
    "sut": {"system_id": "sut.test.01", "organ": "H98", "organs": ["H98"]},
    "cases": [{"id": "a/b", "applies": True, "lanes": [{"system_id": "s", "unit": "G22", "codes": ["G22"]}]}],
}
AT = "2026-11-21T08:00:00.000+07:00"


def write(folder: Path) -> Path:
    with EvidenceWriter(folder, HEADER) as writer:
        digest = writer.blobs.put(b"package")
        polled = {"fact": "polled", "system_id": "sut.test.01", "message_type": "edoc"}
        writer.append(at=AT, case=None, kind="fact", members=polled)
        writer.append(at=AT, case="a/b", kind="fact", members={"fact": "accepted", "package": digest})
        writer.append(at=AT, case="c/d", kind="note", members={"name": "Tiếng Việt", "values": {}})
        writer.finish(finished_at=AT)
    return folder


def lines(folder: Path) -> list[str]:
    return (folder / "evidence" / "records.jsonl").read_text("utf-8").splitlines()


def rewrite(folder: Path, rows: list[str]) -> None:
    (folder / "evidence" / "records.jsonl").write_text("\n".join(rows) + "\n", "utf-8")


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    run = load(write(tmp_path))

    evidence = run.of("a/b")

    assert [record.n for record in run.records] == [1, 2, 3]
    assert run.records[2]["name"] == "Tiếng Việt"
    assert [record.n for record in evidence.records] == [1, 2]
    assert evidence.lane.codes == ("G22",)
    assert evidence.blob(evidence.records[1]["package"]) == b"package"
    assert run.case_ids == ("a/b",)


def test_a_blob_is_stored_once_under_its_digest(tmp_path: Path) -> None:
    with EvidenceWriter(tmp_path, HEADER) as writer:
        first, second = writer.blobs.put(b"x"), writer.blobs.put(b"x")

    assert first == second
    assert list(writer.blobs) == [first]
    assert len(writer.blobs) == 1
    with pytest.raises(KeyError):
        writer.blobs["../../etc/passwd"]
    with pytest.raises(KeyError):
        writer.blobs["0" * 64]


def test_a_run_that_broke_off_has_no_footer_and_is_not_judged(tmp_path: Path) -> None:
    with EvidenceWriter(tmp_path, HEADER) as writer:
        writer.append(at=AT, case=None, kind="note", members={"name": "x", "values": {}})

    with pytest.raises(BadEvidence, match="cut short"):
        load(tmp_path)


def test_an_altered_folder_is_not_judged(tmp_path: Path) -> None:
    write(tmp_path)
    rows = lines(tmp_path)

    rewrite(tmp_path, [*rows[:2], *rows[3:]])
    with pytest.raises(BadEvidence, match="counts other records"):
        load(tmp_path)

    rewrite(tmp_path, [rows[0], rows[2], rows[1], *rows[3:]])
    with pytest.raises(BadEvidence, match="record 1"):
        load(tmp_path)

    rewrite(tmp_path, [rows[0], "{", *rows[2:]])
    with pytest.raises(BadEvidence, match="line 2"):
        load(tmp_path)

    rewrite(tmp_path, [json.dumps({"schema": "other"}), *rows[1:]])
    with pytest.raises(BadEvidence, match="schema"):
        load(tmp_path)

    rewrite(tmp_path, rows)
    next((tmp_path / "evidence" / "blobs").iterdir()).write_bytes(b"other")
    with pytest.raises(BadEvidence, match="altered"):
        load(tmp_path)


def test_another_folder_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(BadEvidence, match="no run folder"):
        load(tmp_path / "nowhere")
