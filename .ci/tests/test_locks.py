"""The locks are complete, agree with each other, and are installed without asking a resolver or a stranger."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parents[2]
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
OURS = {"axisproof", "simulator", "conformance", "fixtures", "loadtests", "reports"}
NOT_IN_THE_PRODUCT = {"fixtures/strategies.py": "tests alone import it"}

PIN = re.compile(r"([a-z0-9.-]+)==([^ ]+)( ; .+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
LOCKS = RUN_TIME_LOCK, DEV_LOCK, TOOL_LOCK = "requirements.lock", "requirements-dev.lock", "requirements-tool.lock"


def pins(lock: str) -> dict[str, str]:
    found = (PIN.fullmatch(line) for line in (HERE / lock).read_text("utf-8").splitlines())
    return {match[1]: match[2] for match in found if match}


def files(lock: str) -> dict[str, frozenset[str]]:
    """The hashes of each pin."""
    found: dict[str, set[str]] = {}
    pin = ""
    for line in (HERE / lock).read_text("utf-8").splitlines():
        match = PIN.fullmatch(line)
        if match:
            pin = f"{match[1]}=={match[2]}"
        else:
            found.setdefault(pin, set()).add(line.strip(" \\"))
    return {pin: frozenset(hashes) for pin, hashes in found.items()}


def here(requirement: Requirement, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def reached(wanted: Iterable[str]) -> Iterator[Requirement]:
    """These requirements and, through what is installed, all that they bring."""
    waiting, seen = [Requirement(each) for each in wanted], set()
    while waiting:
        requirement = waiting.pop()
        if not here(requirement) or str(requirement) in seen:
            continue
        seen.add(str(requirement))
        yield requirement
        for each in map(Requirement, metadata.requires(requirement.name) or ()):
            if any(here(each, extra) for extra in ("", *requirement.extras)):
                each.marker = None
                waiting.append(each)


def missing(wanted: Iterable[str], lock: dict[str, str]) -> list[str]:
    return sorted(
        str(each)
        for each in reached(wanted)
        if not each.specifier.contains(lock.get(canonicalize_name(each.name), "0"))
    )


RUN_TIME = PROJECT["project"]["dependencies"]
DEV = [
    *RUN_TIME,
    *PROJECT["project"]["optional-dependencies"]["dev"],
    *PROJECT["build-system"]["requires"],  # the project is built where it is installed, without isolation
]


@pytest.mark.parametrize(("wanted", "lock"), [(RUN_TIME, RUN_TIME_LOCK), (DEV, DEV_LOCK)], ids=["run-time", "dev"])
def test_whatever_is_needed_is_pinned_in_its_lock(wanted: list[str], lock: str) -> None:
    assert len(list(reached(wanted))) > 50
    assert not missing(wanted, pins(lock))


def test_the_tool_that_locks_is_locked() -> None:
    wanted = [Requirement(each) for each in PROJECT["dependency-groups"]["lock"]]
    found = pins(TOOL_LOCK)

    assert {each.name for each in wanted} == set(found), "uv needs nothing else"
    assert all(each.specifier.contains(found[each.name]) for each in wanted)


@pytest.mark.parametrize("gone", ["idna", "uvicorn", "coverage"])
def test_a_lock_with_a_gap_is_seen(gone: str) -> None:
    rest = {name: version for name, version in pins(DEV_LOCK).items() if name != gone}

    assert any(canonicalize_name(Requirement(each).name) == gone for each in missing(DEV, rest))


def test_what_is_deployed_is_what_was_developed_with() -> None:
    run_time, dev = files(RUN_TIME_LOCK), files(DEV_LOCK)

    assert run_time.items() < dev.items(), "the same versions, and the same files"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_no_address(lock: str) -> None:
    text = (HERE / lock).read_text("utf-8")

    assert not [line for line in text.splitlines() if not PIN.fullmatch(line) and not HASH.fullmatch(line)]
    assert "//" not in text
    assert "@" not in text


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.test/simple",
        "six @ https://example.test/six.whl",
        "six>=1",
        "-r other.lock",
        "six==1",
    ],
)
def test_no_other_line_would_pass(line: str) -> None:
    assert not PIN.fullmatch(line)
    assert not HASH.fullmatch(line)


# ---------------------------------------------------------------- what the product imports


def imported() -> Iterator[tuple[str, str]]:
    """(file, module) for every module that the wheel's files import and that is not ours or Python's."""
    for file in (HERE / "axisproof.py", *(file for each in sorted(OURS) for file in (HERE / each).rglob("*.py"))):
        name = file.relative_to(HERE).as_posix()
        if "tests" in file.parts or name in NOT_IN_THE_PRODUCT:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            modules = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for module in (each.partition(".")[0] for each in modules):
                if module not in OURS and module not in sys.stdlib_module_names:
                    yield name, module


def test_the_product_imports_only_what_it_declares() -> None:
    declared = {canonicalize_name(Requirement(each).name) for each in RUN_TIME}
    owners = metadata.packages_distributions()

    assert not {
        (name, module)
        for name, module in imported()
        if not declared & {canonicalize_name(owner) for owner in owners.get(module, [])}
    }


# ---------------------------------------------------------------- how it is installed


@pytest.mark.parametrize("name", ["Makefile", ".ci/run", ".ci/install.py"])
def test_nothing_is_installed_with_a_resolver(name: str) -> None:
    text = (HERE / name).read_text("utf-8").replace("\\\n", " ")
    calls = [line for line in text.splitlines() if re.search(r'\bpip install\b|_PIP, "install"|\(install ', line)]

    assert [line for line in calls if "--no-deps" not in line] == []
    assert bool(calls) == (name != "Makefile"), "make goes by .ci/install.py"


def test_the_source_distribution_can_install_itself() -> None:
    made_of = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]

    assert {"Makefile", ".ci/install.py", *LOCKS} <= set(made_of)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")
def test_a_changed_lock_is_installed_again(tmp_path: Path) -> None:
    shutil.copy(HERE / "Makefile", tmp_path)
    for name in ("requirements-dev.lock", "pyproject.toml", ".venv/.ready"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    def planned() -> str:
        call = ["make", "--dry-run", ".venv/.ready"]
        return subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert "install.py" not in planned()
    changed = tmp_path / "requirements-dev.lock"
    later = (tmp_path / ".venv/.ready").stat().st_mtime + 1
    os.utime(changed, (later, later))
    assert ".ci/install.py requirements-dev.lock ." in planned()
