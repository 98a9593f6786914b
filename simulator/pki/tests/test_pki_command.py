"""``axisproof pki``: it says what to install, in both languages, and refuses a folder of something else."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.pki.commands import _INSTALL, pki
from simulator.words import Lang


@dataclass
class Chosen:
    lang: Lang


def test_it_makes_the_folder_and_names_files_that_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "axisproof-pki"

    first = CliRunner().invoke(pki, [str(folder)], obj=Chosen(Lang.VI))
    again = CliRunner().invoke(pki, [str(folder), "--format", "json"], obj=Chosen(Lang.EN))

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Hãy cài đặt" in first.output
    printed = json.loads(again.output)
    assert all((folder / name).is_file() for row in printed["install"] for name in row["files"])
    assert len(printed["install"]) == len(_INSTALL)


@pytest.mark.parametrize(("lang", "said"), [(Lang.VI, "không tạo được"), (Lang.EN, "cannot be made")])
def test_a_folder_with_other_things_is_a_wrong_call(lang: Lang, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")

    result = CliRunner().invoke(pki, [str(tmp_path)], obj=Chosen(lang))

    assert result.exit_code == 2
    assert said in result.output
