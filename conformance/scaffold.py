"""``axisproof new case NAME``: a package of one's own to start from: a case, a mutant that it catches, a register row.

The folder is installable (``pip install -e FOLDER``); ``check --with-vendor-cases`` runs what it holds.
"""

import re
from pathlib import Path
from string import Template

import click

from simulator.words import Lang, Text, both, preferred_language

__all__ = ["new", "write_case"]

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_BAD_NAME = Text(
    en="{name!r} is no name for a case: small letters and digits, words joined by '-', e.g. keeps-the-envelope",
    vi="{name!r} không dùng làm tên ca được: chữ thường và số, nối bằng '-', ví dụ giu-nguyen-phong-bi",
)
_NOT_EMPTY = Text(en="{folder} is there already; choose another with --out", vi="{folder} đã có; hãy chọn --out khác")
_NO_FOLDER = Text(en="cannot write {folder}: {why}", vi="không ghi được {folder}: {why}")
_NEXT = Text(
    en="Wrote {folder}. Next: pip install -e {folder} && axisproof check --sut reference --with-vendor-cases",
    vi="Đã ghi {folder}. Tiếp theo: pip install -e {folder} && axisproof check --sut reference --with-vendor-cases",
)

_PYPROJECT = Template("""[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "$package"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["axisproof"]

[project.entry-points."axisproof.cases"]
$module = "$module:CASES"

[tool.hatch.build.targets.wheel]
only-include = ["$module"]

[tool.ruff]
line-length = 120
""")
_INIT = Template('''"""Cases of our own for axisproof; ``axisproof check --with-vendor-cases`` runs them."""

from $module.case import CASES

__all__ = ["CASES"]
''')
_CASE = Template('''"""One case: ``drive`` makes things happen, ``judge`` says what the records show."""

from collections.abc import Iterable
from importlib import resources

from conformance.case import Case, Role
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.requirement import parse
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES", "$kind"]

ROWS = parse([("requirements.toml", resources.files(__package__).joinpath("requirements.toml").read_text("utf-8"))])


class $kind(Case):
    """A document is confirmed to the axis with 'done'."""

    id = "vendor/$name"
    role = Role.RECEIVER
    title = Text("TODO: what happens in a few words", "TODO: điều gì xảy ra, vài từ")
    expected = Text("TODO: what a good system does", "TODO: hệ thống tốt sẽ làm gì")
    own_requirements = ROWS.rows

    CONFIRMED = Check(
        "$name-confirmed",
        ("$row",),
        Text("confirmed with 'done'", "xác nhận bằng 'done'"),
    )
    checks = (CONFIRMED,)

    async def drive(self, stage: Stage) -> None:
        """Send one letter, and wait until it was confirmed or the system polled on without it."""
        document = await stage.send(letter(stage), label="document")
        await stage.until(lambda seen: seen.confirmed(document), for_=Text("the confirm", "xác nhận"))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """One finding for each check; nothing seen is never a pass."""
        document = evidence.sent("document")
        yield evidence.expect(
            self.CONFIRMED,
            evidence.confirmed(document, "done"),
            document,
            held=Text("it was confirmed with 'done'", "đã xác nhận 'done'"),
            broken=Text("it was not confirmed with 'done'", "không xác nhận 'done'"),
        )


CASES = ($kind(),)
''')
_MUTANT = Template('''"""A system that is wrong on purpose: the reference system with one method of its own."""

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.words import Text

__all__ = ["Never$kind"]


class Never$kind(Dms):
    """Confirms with 'fail' what it could read."""

    mutant = Mutant(
        "$name-never",
        Text("confirms with 'fail' what it could read", "xác nhận 'fail' dù đã đọc được"),
        source="TODO: where this was seen",
        caught_by=("$name-confirmed",),
    )

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """The one wrong thing."""
        await super().confirm(delivery_id, "fail", description)
''')
_ROW = Template("""# Requirements of our own. They are weighed like the certified ones, and reported apart from them.

[[requirement]]
id = "$row"
source = "TODO: the contract, guideline or ticket that asks for it"
clause = "TODO"
level = "SHOULD"
role = "receiver"
basis = "derived"
since = "vendor"
text.en = "TODO: The receiver …"
text.vi = "TODO: Bên nhận …"
""")
_TEST = Template('''"""The case loads, cites rows that exist, and has a mutant for each of its checks."""

from $module import CASES
from $module.case import ROWS
from $module.mutant import Never$kind


def test_every_check_cites_a_row_and_has_a_mutant() -> None:
    """Nothing is checked that was never seen failing."""
    checks = [check for case in CASES for check in case.checks]

    assert all(row in ROWS for check in checks for row in check.requirements)
    assert {check.id for check in checks} <= set(Never$kind.mutant.caught_by)
''')


@click.command(
    help=both(
        "Start something of your own: 'case' writes a case, a mutant and a register row into an installable folder.",
        "Bắt đầu phần riêng của bạn: 'case' tạo một ca kiểm thử, một bản lỗi có chủ đích và một dòng yêu cầu trong thư "
        "mục cài đặt được.",
    ),
    epilog="""\b
Example / Ví dụ:
  axisproof new case keeps-the-envelope
  axisproof new case keeps-the-envelope --out my-cases
""",
)
@click.argument("what", type=click.Choice(["case"]))
@click.argument("name", metavar="NAME")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=both("A new or empty folder; default axisproof-NAME.", "Thư mục mới hoặc rỗng; mặc định axisproof-NAME."),
)
@click.pass_context
def new(context: click.Context, what: str, name: str, out: Path | None) -> None:
    """Write the skeleton, and say what to do next."""
    lang: Lang = getattr(context.obj, "lang", None) or preferred_language()
    if not _SLUG.fullmatch(name):
        raise click.UsageError(_BAD_NAME.filled(name=name).in_(lang))
    folder = out or Path(f"axisproof-{name}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(_NOT_EMPTY.filled(folder=folder).in_(lang))
    try:
        for path in write_case(folder, name):
            click.echo(str(path))
    except OSError as error:
        raise click.UsageError(_NO_FOLDER.filled(folder=folder, why=error.strerror).in_(lang)) from error
    click.echo(_NEXT.filled(folder=folder).in_(lang), err=True)


def write_case(folder: Path, name: str) -> list[Path]:
    """Write the skeleton of the case ``name`` (a slug) into ``folder``; the files. Raises OSError."""
    kind = "".join(word.capitalize() for word in name.split("-"))
    words = {
        "name": name,
        "kind": kind,
        "module": f"cases_{name.replace('-', '_')}",
        "package": f"axisproof-{name}",
        "row": f"OWN-{name.upper()}",
    }
    module = words["module"]
    files = {
        "pyproject.toml": _PYPROJECT,
        f"{module}/__init__.py": _INIT,
        f"{module}/case.py": _CASE,
        f"{module}/mutant.py": _MUTANT,
        f"{module}/requirements.toml": _ROW,
        f"tests/test_{module}.py": _TEST,
    }
    written = []
    for relative, template in files.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.substitute(words), "utf-8")
        written.append(path)
    return written
