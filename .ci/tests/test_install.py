"""The installer, in an environment of its own, with packages made here: no registry is asked."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[1] / "install.py"


def wheel(folder: Path, name: str, version: str, *needs: str) -> str:
    """Write a wheel; its line in a lock."""
    file = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    parts = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        + "".join(f"Requires-Dist: {each}\n" for each in needs),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: here\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{part},,\n" for part in (*parts, f"{info}/RECORD"))
    with zipfile.ZipFile(file, "w") as archive:
        for part, text in (*parts.items(), (f"{info}/RECORD", record)):
            archive.writestr(part, text)
    return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


class Place:
    """An environment, a folder that stands for the registry, and a lock."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.python, self.shelf, self.lock = python, folder / "shelf", folder / "requirements.lock"
        self.shelf.mkdir()

    def install(self, *lines: str) -> "subprocess.CompletedProcess[str]":
        self.lock.write_text("".join(lines), "utf-8")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        own = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.shelf)}
        call = [self.python, INSTALL, self.lock]
        return subprocess.run(call, env=clean | own, capture_output=True, text=True, check=False)

    def version(self, name: str) -> str:
        call = [self.python, "-c", f"import {name}; print({name}.VERSION)"]
        return subprocess.run(call, capture_output=True, text=True, check=False).stdout.strip()

    def info(self, name: str) -> Path:
        return next(self.python.parents[1].glob(f"lib/python*/site-packages/{name}-*.dist-info"))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / "bin" / "python"


@pytest.fixture
def place(python: Path, tmp_path: Path) -> Place:
    return Place(python, tmp_path)


def test_a_newer_release_of_what_is_pinned_changes_nothing(place: Place) -> None:
    # What broke the install once: pytest-cov asks for coverage[toml], and coverage published.
    beta = wheel(place.shelf, "beta", "1.0")
    alpha = wheel(place.shelf, "alpha", "1.0", "beta[more]>=1")
    wheel(place.shelf, "beta", "2.0", "unheard-of")

    done = place.install(alpha, beta)

    assert done.returncode == 0, done.stderr
    assert (place.version("alpha"), place.version("beta")) == ("1.0", "1.0")
    assert "of 2 packages 2 fetched, 2 installed\n" in done.stdout


def test_a_lock_with_a_gap_fails_and_names_it(place: Place) -> None:
    done = place.install(wheel(place.shelf, "gamma", "1.0", "delta>=1"))

    assert done.returncode == 1
    assert "gamma 1.0 requires delta, which is not installed." in done.stderr
    assert "requirements.lock is not complete" in done.stderr

    delta = wheel(place.shelf, "delta", "1.0")
    assert place.install(delta).returncode == 0, "with what was missing it goes on"


def test_a_changed_file_fails_and_pip_is_heard_whole(place: Place) -> None:
    line = wheel(place.shelf, "epsilon", "1.0")
    wheel(place.shelf, "epsilon", "1.0", "beta")

    done = place.install(line)

    assert done.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert "Expected sha256" in done.stderr
    assert "could not install" in done.stderr


def test_what_an_interrupted_pip_left_is_installed_again(place: Place) -> None:
    line = wheel(place.shelf, "zeta", "1.0")
    assert place.install(line).returncode == 0
    record = place.info("zeta") / "RECORD"
    record.write_text("zeta.py,,\n", "utf-8")  # as it is unpacked, before pip writes its own
    (record.parents[1] / "zeta.py").write_text("VERSION = 'half'\n", "utf-8")

    assert place.install(line).returncode == 0
    assert place.version("zeta") == "1.0"


def test_of_a_warning_that_comes_a_hundred_times_one_is_shown(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [wheel(place.shelf, f"eta{number}", "1.0") for number in range(4)]
    extra = " ".join(str(place.shelf / f"nowhere{number}") for number in range(5))
    place.shelf = Path(f"{place.shelf} {extra}")

    done = place.install(*lines)

    assert done.returncode == 0, done.stderr
    assert done.stderr.count("WARNING: Location") == 2, "the first, and how many more there were"
    assert "more of these)" in done.stderr
