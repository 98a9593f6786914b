import json

from simulator.faults.catalogue import FAULTS, fault_named, faults_catalogue
from simulator.faults.fault import Kind


def test_every_fault_has_a_name_of_its_own_and_a_title_in_both_languages():
    ids = [fault.id for fault in FAULTS]

    assert len(ids) == len(set(ids)) >= 24
    assert all(fault.title.en and fault.title.vi and fault.title.en != fault.title.vi for fault in FAULTS)
    assert {fault.kind for fault in FAULTS} == set(Kind)


def test_a_fault_has_either_an_effect_or_a_switch_and_a_switch_needs_the_axis_to_itself():
    assert all((fault.effect is None) == (fault.switch is not None) for fault in FAULTS)
    assert all(fault.exclusive for fault in FAULTS if fault.switch is not None)


def test_the_catalogue_is_plain_json():
    rows = json.loads(json.dumps(faults_catalogue()))

    assert [row["id"] for row in rows] == [fault.id for fault in FAULTS]
    assert {"id", "title", "kind", "hazardous", "exclusive", "operations", "options"} <= set(rows[0])
    assert fault_named(rows[0]["id"]) is FAULTS[0]
