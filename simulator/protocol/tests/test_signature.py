"""What stands where a signature may stand, told by looking."""

import base64

from cryptography import x509

from simulator.protocol.codec import examine
from simulator.protocol.names import NAMESPACE, XMLDSIG
from simulator.protocol.package import Element
from simulator.protocol.signature import SignatureForm, inspect
from simulator.protocol.tests.specimens import specimen


def block(group: str, file: str) -> Element | None:
    packet = examine(specimen(group, file).data).packet
    assert packet is not None
    return packet.signature


def test_an_unsigned_packet_has_none():
    assert inspect(block("good", "builder-new.edxml")).form is SignatureForm.ABSENT


def test_an_empty_digital_signature_counts_as_none():
    assert inspect(block("bad", "signature-empty.edxml")).form is SignatureForm.EMPTY


def test_a_complete_block_is_described():
    found = inspect(block("good", "signed-sha256.edxml"))

    assert (found.form, found.namespace, found.flaws) == (SignatureForm.XMLDSIG, XMLDSIG, ())
    assert found.signature_method.endswith("#rsa-sha256")
    assert found.digest_methods == ("http://www.w3.org/2001/04/xmlenc#sha256",)
    assert found.canonicalization.endswith("REC-xml-c14n-20010315")
    assert [uri.rsplit("/", 1)[-1] for uri in found.transforms] == ["xmldsig#enveloped-signature", "xml-exc-c14n#"]
    assert found.references == ("",)
    (certificate,) = found.certificates
    assert x509.load_der_x509_certificate(certificate).subject.rfc4514_string()
    assert found.weak_algorithms == ()


def test_a_block_in_the_namespace_of_the_packet_was_moved():
    found = inspect(block("bad", "signature-moved.edxml"))

    assert (found.form, found.namespace, found.flaws) == (SignatureForm.MOVED, NAMESPACE, ())


def test_sha1_is_weak_wherever_it_stands():
    found = inspect(block("bad", "signature-sha1.edxml"))

    assert [uri.rsplit("#", 1)[-1] for uri in found.weak_algorithms] == ["rsa-sha1", "sha1"]


def test_everything_that_a_torn_block_lacks_is_named():
    found = inspect(block("bad", "signature-torn.edxml"))

    assert [flaw.at for flaw in found.flaws] == [
        "SignedInfo/CanonicalizationMethod",
        "SignedInfo/SignatureMethod",
        "SignedInfo/Reference/DigestValue",
        "SignatureValue",
        "KeyInfo/X509Data/X509Certificate",
    ]


def test_a_block_without_signed_info_or_reference_signs_nothing():
    hollow = inspect(block("bad", "signature-hollow.edxml"))
    nothing = inspect(Element("Signature", XMLDSIG, children=(Element("SignedInfo", XMLDSIG),)))
    empty_digest = Element("Reference", XMLDSIG)
    undigested = inspect(
        Element("Signature", XMLDSIG, children=(Element("SignedInfo", XMLDSIG, children=(empty_digest,)),))
    )

    assert hollow.flaws[0].at == "SignedInfo"
    assert nothing.flaws[0].at == "SignedInfo/Reference"
    assert "SignedInfo/Reference/DigestValue" in [flaw.at for flaw in undigested.flaws]


def test_a_signature_inside_digital_signature_is_looked_at():
    inner = block("good", "signed-sha256.edxml")
    assert inner is not None

    found = inspect(Element("DigitalSignature", NAMESPACE, children=(inner,)))

    assert found == inspect(inner)


def test_only_a_whole_der_sequence_is_a_certificate():
    def certificates(der: bytes) -> int:
        text = base64.b64encode(der).decode()
        data = Element("X509Data", XMLDSIG, children=(Element("X509Certificate", XMLDSIG, text=text),))
        return len(inspect(Element("Signature", XMLDSIG, children=(data,))).certificates)

    assert certificates(b"\x30\x03abc") == 1
    assert certificates(b"\x30\x81\x80" + bytes(128)) == 1
    assert certificates(b"\x30\x03ab") == 0
    assert certificates(b"\x31\x03abc") == 0
    assert certificates(b"\x30") == 0
    assert certificates(b"\x30\x80\x00") == 0
