"""The same packet in other clothes: prefixes, order, BOM, unbound prefixes. PK-01, PK-02, EN-02, PK-06."""

import re
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from conformance.case import Case
from conformance.cases.steps import listed, settled
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol import codec, names
from simulator.protocol.package import Element, Package, Unknown
from simulator.words import Text

__all__ = ["CASES"]


class _Form(Case):
    """Sends one letter in an unusual form; it must be read like any other."""

    READ: Check

    @abstractmethod
    def write(self, package: Package, draw: Random) -> bytes:
        """The packet's bytes in this form."""

    async def drive(self, stage: Stage) -> None:
        """Planted where our own axis would not let it pass, sent otherwise: it stands in the SUT's list either way."""
        package = letter(stage, subject=f"Về việc thử dạng gói tin {stage.random.randint(1000, 9999)}")
        stage.note("subject", subject=package.subject)
        document = await stage.plant(self.write(package, stage.random), like=package)
        await settled(stage, document)
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Read means: taken in, listed with its subject, 01."""
        subject = evidence.noted("subject")["values"]["subject"]
        yield listed(self.READ, evidence, evidence.sent(), subject=subject)


_READ = Text("The SUT reads it like any other document.", "SUT đọc được như mọi văn bản khác.")


class DefaultNamespace(_Form):
    """The whole packet in the default namespace, without the prefix: equal by the rules of XML."""

    id = "receiving/default-namespace"
    title = Text("Default namespace instead of the prefix", "Namespace mặc định thay cho tiền tố")
    expected = _READ
    READ = Check(
        "default-namespace-read", ("PK-02",), Text("it is read without the prefix", "đọc được khi thiếu tiền tố")
    )
    checks = (READ,)

    def write(self, package: Package, draw: Random) -> bytes:
        """Drop the prefix and its declarations."""
        text = codec.encode(package).decode()
        return re.sub(r' xmlns:edXML="[^"]*"', "", text).replace("<edXML:", "<").replace("</edXML:", "</").encode()


class OtherPrefix(_Form):
    """The packet under another prefix bound to the same namespace."""

    id = "receiving/other-prefix"
    title = Text("Another prefix, the same namespace", "Tiền tố khác, cùng namespace")
    expected = _READ
    READ = Check("other-prefix-read", ("PK-02",), Text("the prefix does not matter", "tiền tố không quan trọng"))
    checks = (READ,)

    def write(self, package: Package, draw: Random) -> bytes:
        """Rename it everywhere."""
        text = codec.encode(package).decode()
        return (
            text.replace("xmlns:edXML=", "xmlns:ns0=")
            .replace("<edXML:", "<ns0:")
            .replace("</edXML:", "</ns0:")
            .encode()
        )


class ByteOrderMark(_Form):
    """The file begins with a UTF-8 byte order mark, as Windows editors and .NET writers make it."""

    id = "receiving/byte-order-mark"
    title = Text("A byte order mark before the declaration", "Có BOM trước khai báo XML")
    expected = _READ
    READ = Check("byte-order-mark-read", ("EN-02",), Text("the mark does not hinder", "BOM không gây trở ngại"))
    checks = (READ,)

    def write(self, package: Package, draw: Random) -> bytes:
        """Three bytes before the rest."""
        return b"\xef\xbb\xbf" + codec.encode(package)


class AnyOrder(_Form):
    """The elements of MessageHeader in another order, as every product but the vendor's writes them."""

    id = "receiving/any-order"
    title = Text("Elements in another order", "Thứ tự phần tử khác")
    expected = _READ
    READ = Check("any-order-read", ("PK-01",), Text("the order does not matter", "thứ tự phần tử không quan trọng"))
    checks = (READ,)

    def write(self, package: Package, draw: Random) -> bytes:
        """Shuffle the children of MessageHeader (four levels of indent in our own writing)."""
        text = codec.encode(package).decode()
        head, start, rest = text.partition("      <edXML:MessageHeader>\r\n")
        body, end, tail = rest.partition("      </edXML:MessageHeader>\r\n")
        children = re.findall(r"^        <edXML:(\w+)>.*?</edXML:\1>\r\n", body, re.DOTALL | re.MULTILINE)
        blocks = [
            match[0]
            for match in re.finditer(r"^        <edXML:(\w+)>.*?</edXML:\1>\r\n", body, re.DOTALL | re.MULTILINE)
        ]
        if len(blocks) != len(children) or not blocks:
            raise ValueError("the writer's form has changed; this case must follow it")
        draw.shuffle(blocks)
        return (head + start + "".join(blocks) + end + tail).encode()


class UnboundPrefix(_Form):
    """The manifest bears xlink attributes whose prefix is bound nowhere, as in the vendor's own sample."""

    id = "receiving/unbound-prefix"
    title = Text("xlink without a declaration", "Thuộc tính xlink không khai báo")
    expected = Text(
        "The vendor's sample is of this form and travelled on the real axis; the SUT reads it.",
        "Mẫu của nhà cung cấp có dạng này và đã đi qua trục thật; SUT đọc được.",
    )
    READ = Check(
        "unbound-prefix-read", ("PK-06",), Text("the vendor's sample form is read", "đọc được dạng mẫu của SDK")
    )
    checks = (READ,)

    def write(self, package: Package, draw: Random) -> bytes:
        """On the first Reference."""
        return codec.encode(package).replace(b"<edXML:Reference>", b'<edXML:Reference xlink:href="">', 1)


class Extensions(_Form):
    """Elements and attributes that no schema knows stand between the known ones."""

    id = "receiving/extension-elements"
    title = Text("Unknown extension elements", "Phần tử mở rộng chưa biết")
    expected = Text("What is not known is passed over.", "Phần chưa biết được bỏ qua.")
    READ = Check(
        "extensions-tolerated", ("PK-06",), Text("extensions do not hinder", "phần mở rộng không gây trở ngại")
    )
    checks = (READ,)

    def write(self, package: Package, draw: Random) -> bytes:
        """A task, an application type, an element of our own."""
        extra = Unknown(
            names.MESSAGE_HEADER,
            Element("ThongTinMoRong", namespace=names.NAMESPACE, children=(Element("Ma", names.NAMESPACE, "X1"),)),
        )
        return codec.encode(
            replace(package, tasks=("NV-01",), application_type="MCDT_DT", unknown=(*package.unknown, extra))
        )


class NoBusiness(_Form):
    """No Bussiness element at all: a new document, as many real packages are."""

    id = "receiving/no-business-element"
    title = Text("Without the Bussiness element", "Không có phần tử Bussiness")
    expected = Text("Absent means 0: a new document.", "Thiếu phần tử nghĩa là 0: văn bản mới.")
    READ = Check("missing-business-read", ("BZ-01",), Text("it is read as a new document", "đọc như văn bản mới"))
    KIND = Check("missing-business-is-new", ("BZ-01",), Text("its kind is shown as new", "hiển thị là văn bản mới"))
    checks = (READ, KIND)

    def write(self, package: Package, draw: Random) -> bytes:
        """Take it out of the trace list."""
        return codec.encode(replace(package, trace=package.trace and replace(package.trace, business=None)))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Read, and as what."""
        yield from super().judge(evidence)
        document, look = evidence.sent(), evidence.look("in")
        rows = look.held(document.document_id)
        evidence.require(rows, Text("it is not listed as held", "không có trong danh sách đã nhận"), look)
        kinds = sorted({str(row.get("kind")) for row in rows})
        kind = ", ".join(kinds)
        yield self.KIND.decide(
            "new" in kinds,
            document,
            look,
            held=Text("listed as new", "hiển thị là mới"),
            broken=Text(f"listed as '{kind}'", f"hiển thị là '{kind}'"),
        )


CASES: tuple[Case, ...] = (
    DefaultNamespace(), OtherPrefix(), ByteOrderMark(), AnyOrder(), UnboundPrefix(), Extensions(), NoBusiness(),
)  # fmt: skip
