import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.cases import CASES
from conformance.finding import Check, Finding
from conformance.overall import OVERALL
from conformance.requirement import Basis, Level, Register, Requirement, register
from conformance.verdict import STRICT, Conclusion, Promotions, Verdict, conclude, consequence, worst
from simulator.words import Text

T = Text("x", "x")


def row(id_: str, level: Level, basis: Basis) -> Requirement:
    return Requirement(id_, "s", "c", level, "both", basis, T)


ROWS = Register("t", tuple(row(f"{level}-{basis}", level, basis) for level in Level for basis in Basis))


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("basis", list(Basis))
def test_only_a_broken_must_on_a_firm_basis_fails(level: Level, basis: Basis) -> None:
    check = Check("a", (f"{level}-{basis}",), T)

    weighed = consequence(check.broken(T), ROWS)

    firm = basis in (Basis.LAW, Basis.LAW_SECONDARY, Basis.SDK)
    assert weighed.verdict is (Verdict.FAIL if level is Level.MUST and firm else Verdict.WARN)
    assert consequence(check.held(T), ROWS).verdict is Verdict.PASS
    assert consequence(check.unobserved(T, remedy=T), ROWS).verdict is Verdict.INCONCLUSIVE
    assert consequence(check.not_offered(T), ROWS).verdict is Verdict.NOT_APPLICABLE


IDS = [row.id for row in ROWS]
CHECKS = [check for case in CASES for check in case.checks] + [each.check for each in OVERALL]


def outcomes(check: Check) -> tuple[Finding, ...]:
    return check.held(T), check.broken(T), check.unobserved(T, remedy=T)


def weigh(check: Check, register: Register, promotions: Promotions) -> list[tuple[Verdict, str, str | None]]:
    found = (consequence(finding, register, promotions) for finding in outcomes(check))
    return [(each.verdict, each.requirement.id, each.promoted_by) for each in found]


@given(first=st.sampled_from(IDS), others=st.lists(st.sampled_from(IDS)), promoted=st.sets(st.sampled_from(IDS)))
def test_the_first_requirement_decides_and_no_other_changes_anything(
    first: str, others: list[str], promoted: set[str]
) -> None:
    promotions = Promotions(named=tuple(promoted - {first}))

    assert weigh(Check("a", (first, *others), T), ROWS, promotions) == weigh(Check("a", (first,), T), ROWS, promotions)
    assert {row for _, row, _ in weigh(Check("a", (first, *others), T), ROWS, promotions)} == {first}


@given(check=st.sampled_from(CHECKS), promoted=st.sets(st.sampled_from([row.id for row in register()])), data=st.data())
def test_no_check_of_the_suite_costs_more_by_what_it_cites_later(
    check: Check, promoted: set[str], data: st.DataObject
) -> None:
    first, *others = check.requirements
    turned = Check(check.id, (first, *data.draw(st.permutations(others))), check.title)
    alone = Check(check.id, (first,), check.title)

    for promotions in (Promotions(), Promotions(strict=True), Promotions(named=tuple(promoted))):
        assert weigh(check, register(), promotions) == weigh(turned, register(), promotions)
        assert weigh(check, register(), promotions) == weigh(alone, register(), promotions)


def test_where_one_check_gathers_breaches_the_gravest_decides_and_the_first_of_equals_is_named() -> None:
    check = Check("a", ("MUST-law",), T)
    light, both = ("MAY-sdk", "SHOULD-sdk"), ("SHOULD-sdk", "MUST-sdk", "MUST-law")

    assert consequence(check.broken(T, rests_on=light), ROWS).verdict is Verdict.WARN
    assert consequence(check.broken(T, rests_on=light), ROWS).requirement.id == "MAY-sdk"
    assert consequence(check.broken(T, rests_on=both), ROWS).requirement.id == "MUST-sdk"
    assert consequence(check.broken(T, rests_on=both), ROWS).verdict is Verdict.FAIL


def test_a_promotion_fails_and_is_named_beside_the_verdict() -> None:
    check = Check("a", ("MUST-observed",), T)

    weighed = consequence(check.broken(T), ROWS, Promotions(named=("MUST-observed",)))

    assert (weighed.verdict, weighed.promoted_by) == (Verdict.FAIL, "[judging] promote")


def test_a_promotion_raises_the_checks_that_it_decides_and_no_other() -> None:
    explains = Check("a", ("SHOULD-sdk", "MUST-observed"), T)

    weighed = consequence(explains.broken(T), ROWS, Promotions(named=("MUST-observed",)))

    assert (weighed.verdict, weighed.requirement.id, weighed.promoted_by) == (Verdict.WARN, "SHOULD-sdk", None)


def test_strict_promotes_only_what_its_list_holds() -> None:
    check = Check("a", ("ST-10",), T)
    other = Check("b", ("HD-38",), T)
    strict = Promotions(strict=True)

    assert consequence(check.broken(T), register()).verdict is Verdict.WARN
    assert consequence(check.broken(T), register(), strict).promoted_by == "--strict (strict-2026.1)"
    assert consequence(other.broken(T), register(), strict).verdict is Verdict.WARN
    assert all(each in register() for each in STRICT)


def test_verdicts_are_ordered_as_the_contract_says() -> None:
    words = ["not-applicable", "pass", "warn", "review", "inconclusive", "fail", "error"]

    assert [verdict.word for verdict in sorted(Verdict)] == words
    assert [Verdict.of(word) for word in words] == sorted(Verdict)
    assert worst([Verdict.WARN, Verdict.FAIL, Verdict.PASS]) is Verdict.FAIL
    assert worst([]) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("verdicts", "conclusion", "code"),
    [
        ([Verdict.PASS, Verdict.WARN], Conclusion.CONFORMANT, 0),
        ([Verdict.INCONCLUSIVE, Verdict.FAIL], Conclusion.NOT_CONFORMANT, 1),
        ([Verdict.PASS, Verdict.INCONCLUSIVE], Conclusion.INCOMPLETE, 3),
        ([Verdict.PASS, Verdict.REVIEW], Conclusion.INCOMPLETE, 3),
        ([Verdict.NOT_APPLICABLE], Conclusion.INCOMPLETE, 3),
        ([], Conclusion.INCOMPLETE, 3),
        ([Verdict.FAIL, Verdict.ERROR], Conclusion.HARNESS_ERROR, 4),
    ],
)
def test_the_conclusion_and_its_exit_code(verdicts: list[Verdict], conclusion: Conclusion, code: int) -> None:
    assert conclude(verdicts) is conclusion
    assert conclusion.exit_code == code


def test_a_narrowed_run_is_no_verdict_on_the_whole() -> None:
    assert conclude([Verdict.PASS, Verdict.WARN], narrowed=True) is Conclusion.INCOMPLETE
    assert conclude([Verdict.PASS, Verdict.FAIL], narrowed=True) is Conclusion.NOT_CONFORMANT
    assert conclude([Verdict.ERROR], narrowed=True) is Conclusion.HARNESS_ERROR
