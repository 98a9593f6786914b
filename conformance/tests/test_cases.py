"""The catalogue keeps itself honest: ids, requirements, mutants; and silence earns nothing."""

import re

import pytest

from conformance import catalogue
from conformance.case import Case, Role, Unjudged, judged
from conformance.cases import CASES, chapters, named
from conformance.evidence import CaseEvidence, Unseen
from conformance.finding import Check, Outcome
from conformance.mutants import MUTANTS, UnknownMutant, by_id, facts_of
from conformance.overall import OVERALL
from conformance.requirement import register
from conformance.tests.conftest import LANE, SUT, Written, poll, sent
from simulator.words import Text

T = Text("x", "x")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def test_there_are_enough_cases_and_checks() -> None:
    assert {"receiving", "status"} <= set(chapters())
    assert len(CASES) >= 25
    assert sum(len(case.checks) for case in CASES) >= 60


def test_ids_are_unique_slugs() -> None:
    ids = [case.id for case in CASES]
    checks = [check.id for case in CASES for check in case.checks]

    assert len(set(ids)) == len(ids)
    assert len(set(checks)) == len(checks)
    assert all(SLUG.match(part) for id_ in ids for part in id_.split("/"))
    assert all(map(SLUG.match, checks))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_says_what_it_is_in_both_languages_and_cites_what_exists(case: Case) -> None:
    assert case.__doc__
    assert case.checks
    for text in (case.title, case.expected, *(check.title for check in case.checks)):
        assert text.en
        assert text.vi
    for check in case.checks:
        assert check.requirements
        assert all(each in register() for each in check.requirements)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_requirement_that_decides_can_be_tested_and_binds_the_role_that_the_case_looks_at(case: Case) -> None:
    for check in case.checks:
        deciding = register()[check.requirements[0]]
        roles = {"sender", "receiver", "both"} if case.role is Role.BOTH else {case.role.value, "both"}

        assert deciding.role in roles, f"{check.id}: {deciding.id} speaks to the {deciding.role}"
        assert deciding.excluded is None, f"{check.id}: {deciding.id} is excluded"
        assert len(set(check.requirements)) == len(check.requirements), check.id


def test_the_looks_at_the_whole_run_rest_on_what_binds_both_roles() -> None:
    deciding = [register()[look.check.requirements[0]] for look in OVERALL]

    assert all(row.role == "both" and row.excluded is None for row in deciding)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_silence_earns_no_pass(case: Case) -> None:
    nothing = CaseEvidence(case.id, SUT, (LANE, LANE), (), {})

    findings = judged(case, nothing)

    assert {finding.outcome for finding in findings} == {Outcome.UNOBSERVED}
    assert all(finding.remedy for finding in findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_system_that_only_polls_earns_no_pass(case: Case, evidence: Written) -> None:
    labels = "document first second third old new before poison after one other again long uuid decree signs decomposed"
    sends = [sent(label) for label in (*labels.split(), "13", *(f"priority {level}" for level in range(5)))]
    nothing = evidence(*sends, *(poll() for _ in range(5)))

    findings = judged(case, nothing)

    assert Outcome.HELD not in {finding.outcome for finding in findings}


def test_every_mutant_names_checks_that_exist() -> None:
    checks = {check.id for case in CASES for check in case.checks} | {each.check.id for each in OVERALL}
    ids = [facts_of(kind).id for kind in MUTANTS]

    assert len(set(ids)) == len(ids)
    for kind in MUTANTS:
        mutant = facts_of(kind)
        assert mutant.caught_by
        assert set(mutant.caught_by) <= checks
        assert by_id(mutant.id) is kind
    with pytest.raises(UnknownMutant):
        by_id("no-such-mutant")


def test_one_system_may_have_several_defects() -> None:
    both = by_id("confirms-twice+opens-entities")

    assert issubclass(both, by_id("confirms-twice"))
    assert issubclass(both, by_id("opens-entities"))
    with pytest.raises(UnknownMutant):
        by_id("confirms-twice+no-such-mutant")


def test_cases_are_chosen_by_id_or_chapter() -> None:
    assert [case.id for case in named("status/refusal")] == ["status/refusal"]
    assert {case.chapter for case in named("receiving")} == {"receiving"}
    assert named("nothing") == ()


def test_the_catalogues_are_complete() -> None:
    cases, mutants = catalogue.cases_catalogue(), catalogue.mutants_catalogue()
    requirements = catalogue.requirements_catalogue()

    assert [row["id"] for row in cases] == [case.id for case in CASES]
    assert all(row["caught_by"] for row in mutants)
    assert len(requirements) == len(register())
    assert all(("excluded" in row) == (not row["cases"] and not row["rules"]) for row in requirements)
    assert "receiving/plain-document" in next(row for row in requirements if row["id"] == "ST-13")["cases"]


class _Odd(Case):
    """A case whose judge breaks the rules."""

    id = "odd/case"
    title = expected = T
    ONE, TWO = Check("one", ("ST-01",), T), Check("two", ("ST-01",), T)
    checks = (ONE, TWO)

    async def drive(self, stage):
        """Nothing."""

    def judge(self, evidence):
        """One of two."""
        yield self.ONE.held(T)


def _judging(*findings, raising=None):
    class _Case(_Odd):
        """Yields these."""

        def judge(self, evidence):
            yield from findings
            if raising:
                raise raising

    return _Case()


def test_a_check_that_was_never_judged_is_an_error_of_ours(evidence: Written) -> None:
    with pytest.raises(Unjudged, match="two"):
        judged(_Odd(), evidence())


def test_a_case_without_checks_is_an_error_of_ours(evidence: Written) -> None:
    class _Empty(_Odd):
        """No checks."""

        checks = ()

    with pytest.raises(Unjudged, match="no checks"):
        judged(_Empty(), evidence())


def test_a_check_judged_twice_or_foreign_is_an_error_of_ours(evidence: Written) -> None:
    with pytest.raises(Unjudged, match="one"):
        judged(_judging(_Odd.ONE.held(T), _Odd.ONE.held(T)), evidence())
    with pytest.raises(Unjudged, match="foreign"):
        judged(_judging(Check("foreign", ("ST-01",), T).held(T)), evidence())


def test_what_could_not_be_seen_leaves_the_rest_unobserved_with_its_remedy(evidence: Written) -> None:
    unseen = Unseen(T, remedy=Text("do this", "làm thế này"))

    findings = judged(_judging(_Odd.ONE.held(T), raising=unseen), evidence())

    assert [finding.outcome for finding in findings] == [Outcome.HELD, Outcome.UNOBSERVED]
    assert findings[1].remedy == Text("do this", "làm thế này")


def test_a_case_applies_to_its_role_and_to_claimed_capabilities_only() -> None:
    class _Recall(_Odd):
        """Needs a capability."""

        role = Role.SENDER
        capability = "recall"

    case = _Recall()

    assert case.applies(roles=["sender"], capabilities=["recall"])
    assert not case.applies(roles=["receiver"], capabilities=["recall"])
    assert not case.applies(roles=["sender", "receiver"], capabilities=[])
