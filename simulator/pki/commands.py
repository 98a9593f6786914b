"""``axisproof pki FOLDER``: make the test PKI, or read the one that stands there, and say what to install where.

Exit codes: 0 it stands; 2 the folder cannot be used.
"""

import json
from pathlib import Path

import click

from simulator.clock import SystemClock
from simulator.pki.authorities import Pki, PkiTrouble
from simulator.words import Text, both, preferred_language

__all__ = ["pki"]

SCHEMA = "axisproof/pki/1"

_INSTALL = (
    (
        "trust/root-g1.pem, trust/root-g2.pem",
        Text("trusted roots for signatures", "chứng thư gốc tin cậy để kiểm tra chữ ký"),
    ),
    (
        "trust/sub-ca-g1.pem, trust/sub-ca-g2.pem",
        Text(
            "intermediate authorities for signatures: signed files carry the signer's certificate only",
            "CA trung gian để kiểm tra chữ ký: tệp đã ký chỉ mang chứng thư của người ký",
        ),
    ),
    (
        "trust/tls-ca.pem",
        Text(
            "trusted authority for https to the axis (in a Java key store: keytool -importcert)",
            "CA tin cậy cho kết nối https tới trục (với Java: keytool -importcert)",
        ),
    ),
    (
        "sut/signer.pem, sut/signer-key.pem",
        Text(
            "a clerk's certificate and key for the system's own signing",
            "chứng thư và khóa của văn thư để hệ thống tự ký",
        ),
    ),
)
_STANDS = Text(en="The test PKI stands in {folder}. Install:", vi="PKI thử nghiệm nằm tại {folder}. Hãy cài đặt:")
_ROOT_DIGEST = Text(
    en="The self-signature of root-g1 is {name}, as that of the old Government root: it must not matter.",
    vi="Chữ ký tự ký của root-g1 là {name}, như chứng thư gốc cũ của Chính phủ: điều này không được ảnh hưởng.",
)
_SECRET = Text(
    en="Keep keys/ to yourself, and trust these authorities in a test system only: anybody who has the folder can "
    "sign in their name.",
    vi="Không chia sẻ thư mục keys/, và chỉ tin cậy các CA này trên hệ thống thử nghiệm: ai có thư mục này đều ký được "
    "dưới tên của chúng.",
)


@click.command(
    help=both(
        "Make the test PKI in FOLDER (or read the one that stands there) and say what to install where.",
        "Tạo PKI thử nghiệm trong FOLDER (hoặc đọc bộ đã có) và cho biết cần cài gì vào đâu.",
    ),
    epilog="""\b
Example / Ví dụ:
  axisproof pki axisproof-pki
""",
)
@click.argument("folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=both("For people, or one JSON document.", "Cho người đọc, hoặc một tài liệu JSON."),
)
@click.pass_context
def pki(context: click.Context, *, folder: Path, form: str) -> None:
    """Make or read, and print."""
    lang = getattr(context.obj, "lang", None) or preferred_language()
    try:
        made = Pki.at(folder.absolute(), SystemClock().now())
    except PkiTrouble as trouble:
        raise click.UsageError(trouble.because.in_(lang)) from trouble
    digest = made.authorities["root-g1"].certificate.signature_hash_algorithm
    if form == "json":
        rows = [{"files": names.split(", "), "use": use.in_(lang)} for names, use in _INSTALL]
        click.echo(json.dumps({"schema": SCHEMA, "folder": str(made.folder), "install": rows}, ensure_ascii=False))
        return
    click.echo(_STANDS.filled(folder=made.folder).in_(lang))
    for names, use in _INSTALL:
        click.echo(f"  {names}\n      {use.in_(lang)}")
    click.echo(_ROOT_DIGEST.filled(name=digest.name if digest else "-").in_(lang))
    click.echo(_SECRET.in_(lang))
