"""The axis-like rebuild (wire.md C.6)."""

from simulator.hub.directory import of_topology
from simulator.hub.tests.axis import NOON, OLD, TOPOLOGY, package, status, with_files
from simulator.hub.transit import rebuilt
from simulator.protocol import codec, names
from simulator.protocol.package import (
    Attachment,
    Business,
    Element,
    Package,
    Reference,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
    Unknown,
)
from simulator.protocol.profile import Profile

DIRECTORY = of_topology(TOPOLOGY, {node.system_id: "" for node in TOPOLOGY.nodes})


def through(packet: Package | StatusPacket) -> Package | StatusPacket:
    data = rebuilt(packet, profile=Profile(), at=NOON.replace(microsecond=5), directory=DIRECTORY)
    out = codec.decode(data).packet
    assert out is not None
    return out


def test_a_trace_header_is_appended_and_the_business_stays() -> None:
    hop = TraceHeader("vxp.test.01", NOON)
    sent = package(trace=TraceHeaderList(id="1", version="1.0", paper=0, business=Business(doc_type=2), headers=(hop,)))

    out = through(sent)

    assert out.trace == TraceHeaderList(
        business=Business(doc_type=2), headers=(hop, TraceHeader(Profile().axis_organ, NOON))
    )


def test_what_the_builder_always_writes_is_there_and_what_it_does_not_know_is_gone() -> None:
    sent = package(unknown=(Unknown("MessageHeader", Element("Extra", "urn:x", "1")),))

    out = through(sent)

    assert isinstance(out, Package)
    assert out.other is not None
    assert out.other.direction is False
    assert out.steering_type == 0
    assert out.unknown == ()


def test_a_status_gets_its_trace_header_too() -> None:
    packet = codec.decode(status("03")).packet
    assert isinstance(packet, StatusPacket)

    out = through(packet)

    assert isinstance(out, StatusPacket)
    assert out.code == "03"
    assert out.trace is not None


def test_a_unit_with_an_old_code_gains_a_twin_once() -> None:
    out = through(package(to=["H98", "vxp.test.02", "H98.02", "000.00.02.H98", "nobody"]))

    assert isinstance(out, Package)
    codes = [party.organ_id for party in out.receivers]
    assert codes == ["H98", "000.00.00.H98", "vxp.test.02", "H98.02", "000.00.02.H98", "nobody"]
    assert out.receivers[1].name == "Tỉnh Thử (Mã cũ) (qd20)"
    assert DIRECTORY.resolve(codes[1]) == DIRECTORY.resolve(OLD)


def test_attachments_leave_as_the_2019_build_packs_them_with_the_same_files_inside() -> None:
    files = [("a.pdf", b"%PDF-1 a"), ("b.docx", b"the docx"), ("c.zip", b"PK\x05\x06" + bytes(18))]
    sent = codec.decode(with_files(*files, form="raw")).packet
    assert isinstance(sent, Package)

    out = through(sent)

    assert isinstance(out, Package)
    assert [each.content_type for each in out.attachments] == ["application/pdf", "application/zip", "application/zip"]
    assert [each.file() for each in out.attachments] == [data for _, data in files]
    assert {each.content_type for each in out.manifest} == {"application/zip"}


def test_a_damaged_attachment_is_carried_as_it_is() -> None:
    broken = Attachment(content_id="cid:1", name="a.pdf", content_type="application/pdf", encoded=b"\xef\xbf\xbd")
    nameless = Attachment(name="b.pdf", encoded=b"JVBERg==")
    sent = package(attachments=(broken, nameless), manifest=(Reference("cid:1", "application/pdf", "", "a.pdf"),))

    out = through(sent)

    assert isinstance(out, Package)
    assert out.attachments[0] == broken
    assert out.attachments[1].content_id.startswith("cid:")


def test_a_signature_comes_out_in_another_namespace() -> None:
    block = Element(
        "Signature",
        names.XMLDSIG,
        attributes=(("Id", "s"), ("{urn:x}a", "1")),
        children=(Element("SignedInfo", names.XMLDSIG, "x"),),
    )

    out = through(package(signature=block))

    assert out.signature is not None
    assert out.signature.namespace == names.NAMESPACE
    assert out.signature.children[0].namespace == names.NAMESPACE
    assert out.signature.attributes == (("Id", "s"),)
