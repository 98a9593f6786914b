import pytest

from conformance.finding import Check
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


def test_the_heaviest_of_several_requirements_decides_and_is_named() -> None:
    check = Check("a", ("SHOULD-sdk", "MUST-law"), T)

    weighed = consequence(check.broken(T), ROWS)

    assert (weighed.verdict, weighed.requirement.id) == (Verdict.FAIL, "MUST-law")


def test_a_promotion_fails_and_is_named_beside_the_verdict() -> None:
    check = Check("a", ("MUST-observed",), T)

    weighed = consequence(check.broken(T), ROWS, Promotions(named=("MUST-observed",)))

    assert (weighed.verdict, weighed.promoted_by) == (Verdict.FAIL, "[judging] promote")


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
