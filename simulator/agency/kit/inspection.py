"""How the reference system looks at a package that came: reads it, takes the files out, says what is wrong with it.

Everything is told by content: namespaces and not prefixes, the bytes of a file and not its declared type. Nothing
here changes anything. A defect is a sentence that goes to the sender as the reason of a refusal (QĐ 28/2018 art. 9.1).
"""

import hashlib
import io
import unicodedata
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePosixPath

from simulator.agency.kit.pdf import PdfSignatures
from simulator.agency.kit.signatures import PacketSignatures, combined
from simulator.agency.kit.store import FileRecord
from simulator.protocol import codec, names
from simulator.protocol.business import BusinessType
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.package import Attachment, Package, Packet, TraceHeaderList
from simulator.words import Text

__all__ = ["Examined", "Inspection"]

_SKELETON = frozenset({"edXML", "edXML/edXMLEnvelope", "edXMLEnvelope/edXMLHeader", "edXMLHeader/MessageHeader"})
_NOBODY = frozenset({"", "null", "n/a"})
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Examined:
    """What the bytes of one delivery turned out to be. ``unreadable`` says why there is no packet.

    ``defect``: what is wrong with a package that could be read, None where nothing is. ``digest``: of the bytes.
    """

    data: bytes
    digest: str
    packet: Packet | None = None
    unreadable: Text | None = None
    files: tuple[FileRecord, ...] = ()
    defect: Text | None = None
    fingerprint: str = ""


class Inspection(PacketSignatures, PdfSignatures):
    """Reading and checking; every step can be replaced alone."""

    def examine(self, data: bytes) -> Examined:
        """Read one delivery. Never raises for what a peer sent."""
        found = Examined(data=data, digest=hashlib.sha256(data).hexdigest())
        try:
            reading = self.read(data)
        except Malformed as error:
            return replace(found, unreadable=error.because)
        packet = reading.packet
        if packet is None:
            return replace(found, unreadable=_NO_HEADER)
        if not isinstance(packet, Package):
            return replace(found, packet=packet)
        files: tuple[FileRecord, ...] = ()
        defect = self.defect_of_form(reading) or self.defect_of_address(packet) or self.defect_of_content(packet)
        try:
            files = self.files_of(packet)
        except DamagedAttachment as error:
            detail = error.because
            defect = defect or Text(
                en=f"attachment '{error.name}': {detail.en}", vi=f"tệp đính kèm '{error.name}': {detail.vi}"
            )
        return replace(found, packet=packet, files=files, defect=defect, fingerprint=self.fingerprint(packet, files))

    def read(self, data: bytes) -> codec.Reading:
        """Bytes to a packet; no DTD, no entity, bounded in every direction. Raises Malformed."""
        return codec.decode(data, self.config.limits)

    # ---------------------------------------------------------------- files

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """Every attached file with its size and digest. Raises DamagedAttachment for the first that is damaged."""
        return tuple(self.file_record(each.name, self.file_of(each)) for each in package.attachments)

    def file_of(self, attachment: Attachment) -> bytes:
        """The file itself, zipped or raw, told by its bytes; hostile archives raise DamagedAttachment."""
        self.refuse_hostile_archive(attachment)
        return attachment.file(self.config.limits)

    def refuse_hostile_archive(self, attachment: Attachment) -> None:
        """An envelope archive holds one entry and no path out of the folder (AT-03). Raises DamagedAttachment."""
        payload = attachment.payload
        if attachment.name.lower().endswith(".zip") or not payload.startswith(b"PK\x03\x04"):
            return
        try:
            with zipfile.ZipFile(io.BytesIO(payload)) as archive:
                entries = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise DamagedAttachment.not_zip(attachment.name) from error
        if any(entry.is_absolute() or ".." in entry.parts for entry in entries):
            raise DamagedAttachment("path", attachment.name, _PATH_OUT)
        is_format = "[Content_Types].xml" in map(str, entries) or "mimetype" in map(str, entries)
        if len(entries) > 1 and attachment.content_type.lower() == "application/zip" and not is_format:
            raise DamagedAttachment.too_many_entries(attachment.name, len(entries))

    # ---------------------------------------------------------------- defects

    def answerable(self, package: Package) -> bool:
        """Whether there is somebody to answer, and a document to answer about."""
        sender = package.sender.organ_id if package.sender else ""
        return sender.casefold() not in _NOBODY and package.document_id.casefold() not in _NOBODY

    def defect_of_form(self, reading: codec.Reading) -> Text | None:
        """A wrong root or namespace; every form that XML calls equal is right (PK-02)."""
        traits = reading.traits
        if traits.root != names.ROOT:
            return _WRONG_ROOT.filled(name=traits.root)
        for path, namespace in traits.foreign_namespaces:
            if path in _SKELETON:
                return _WRONG_NAMESPACE.filled(name=path.rsplit("/", 1)[-1], namespace=namespace or "-")
        return None

    def defect_of_address(self, package: Package) -> Text | None:
        """It was not meant for us: returned (NĐ 30/2020 art. 21.2)."""
        if any(self.is_us(self.unit_code(party.organ_id)) for party in package.receivers):
            return None
        return _NOT_FOR_US.filled(code=self.config.organ)

    def defect_of_content(self, package: Package) -> Text | None:
        """What every document must carry (HD-10, HD-11, HD-13, HD-17), and a business type that exists (BZ-01)."""
        if package.business_type not in tuple(BusinessType):
            return _BUSINESS_TYPE
        code = package.code
        lacking = [
            name
            for name, present in (
                ("CodeNumber", code and code.number),
                ("CodeNotation", code and code.notation),
                ("PromulgationDate", package.promulgation and package.promulgation.issued),
                ("Subject", package.subject),
            )
            if not present
        ]
        if lacking and package.business_type != BusinessType.RECALL:
            return _LACKING.filled(names=", ".join(lacking))
        if len(package.manifest) <= len(package.attachments):
            return None  # ids that merely disagree lose no file
        present = {each.bare_id for each in package.attachments}
        missing = [each.name or each.content_id for each in package.manifest if each.bare_id not in present]
        return _MISSING_FILE.filled(names=", ".join(missing)) if missing else None

    # ---------------------------------------------------------------- remarks

    def warnings_about(self, package: Package) -> tuple[str, ...]:
        """What the clerk should see although it is no ground for a refusal."""
        now = self.now()
        found = []
        issued = package.promulgation.issued if package.promulgation else None
        if issued and issued > now.date():
            found.append("future-date")
        stamps = [each.timestamp for each in (package.trace.headers if package.trace else ()) if each.timestamp]
        if any(stamp > now + timedelta(minutes=10) for stamp in stamps):
            found.append("future-timestamp")
        if package.sender and self._units and not self.unit_named(self.unit_code(package.sender.organ_id)):
            found.append("unknown-sender")
        return tuple(found)

    def signature_word(self, package: Package, found: Examined) -> str:
        """What the clerk is shown of the signatures on the packet and in its files, in one word."""
        words = [self.packet_signature(found.data)]
        for each in package.attachments:
            with suppress(DamagedAttachment):  # its own defect, named where the files are taken out
                words.append(self.pdf_signature(self.file_of(each)))
        return combined(words)

    def fingerprint(self, package: Package, files: tuple[FileRecord, ...]) -> str:
        """A digest of what the package says: its header and its files, not their packing.

        Left out is what differs between two copies of one package: the trace of the way, and what an axis that rebuilds
        touches (wire.md C.6): the form of the attachments, a twin receiver under the other code, the signature.
        """
        trace = package.trace and TraceHeaderList(business=package.trace.business)
        other = package.other and replace(package.other, direction=bool(package.other.direction))
        header = replace(
            package, trace=trace, other=other, receivers=(), manifest=(), attachments=(), signature=None, unknown=()
        )
        receivers = sorted({self.canonical(self.unit_code(party.organ_id)) for party in package.receivers})
        packed = tuple(each.encoded for each in package.attachments) if len(files) < len(package.attachments) else files
        return hashlib.sha256(codec.encode(header) + repr((receivers, packed)).encode()).hexdigest()

    def comparable(self, text: str) -> str:
        """A text for comparison only: NFC, no invisible letters, no case (EN-03, EN-04)."""
        return unicodedata.normalize("NFC", text).translate(_INVISIBLE).casefold().strip()

    def kept_text(self, text: str) -> str:
        """A text as it is stored and shown: exactly as it came."""
        return text


_NO_HEADER = Text("no MessageHeader was found", "không tìm thấy MessageHeader")
_WRONG_ROOT = Text("the root element is {name}, not edXML", "phần tử gốc là {name}, không phải edXML")
_WRONG_NAMESPACE = Text(
    "{name} stands in the wrong namespace ({namespace})", "{name} nằm trong namespace không đúng ({namespace})"
)
_NOT_FOR_US = Text("the package is not addressed to {code}", "gói tin không gửi cho {code}")
_BUSINESS_TYPE = Text("BussinessDocType is none of 0, 1, 2, 3", "BussinessDocType không thuộc 0, 1, 2, 3")
_LACKING = Text("missing or unreadable: {names}", "thiếu hoặc không đọc được: {names}")
_MISSING_FILE = Text("the manifest lists files that are missing: {names}", "thiếu tệp có trong danh mục: {names}")
_PATH_OUT = Text("the archive holds a path out of its folder", "tệp nén chứa đường dẫn ra ngoài thư mục")
