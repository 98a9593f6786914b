"""What a run teaches about how the SUT works."""

from types import MappingProxyType

from conformance.evidence import Record
from conformance.habits import habits
from conformance.runfolder import RunEvidence

SUT = {"system_id": "sut.test.01", "organ": "H98", "organs": ["H98"]}


def run(*fetched_of_three: int) -> RunEvidence:
    records = []
    for second, fetched in enumerate(fetched_of_three):
        listed = [f"{second}-{number}" for number in range(3)]
        at = f"2026-11-21T08:00:{second * 5:02}.000+07:00"
        facts = [{"fact": "polled", "message_type": "edoc", "listed": listed}]
        facts += [{"fact": "fetched", "delivery_id": each} for each in listed[:fetched]]
        for fact in facts:
            members = MappingProxyType({"system_id": "sut.test.01", **fact})
            records.append(Record(len(records) + 1, at, None, "fact", members))
    return RunEvidence(MappingProxyType({"sut": SUT, "cases": []}), tuple(records), {}, "")


def test_a_system_that_takes_one_document_per_poll_is_told_so() -> None:
    (hint,) = habits(run(1, 1, 1, 1))

    assert "4 times" in hint.en
    assert "5 s" in hint.en


def test_a_system_that_takes_what_is_listed_hears_nothing() -> None:
    assert habits(run(1, 1, 3, 1)) == ()
    assert habits(run(1, 1)) == ()
    assert habits(run()) == ()
