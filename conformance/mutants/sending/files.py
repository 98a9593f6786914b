"""Wrong files: left behind, renamed, read as text, swapped."""

from collections.abc import Sequence

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.protocol.package import Attachment, Reference
from simulator.words import Text

__all__ = ["MUTANTS"]


class PacksFirst(Dms):
    """Packs the first of several files."""

    mutant = Mutant(
        "sends-first-file-only",
        Text("sends the first of several attachments", "chỉ gửi tệp đính kèm đầu tiên"),
        source="pitfalls 29",
        caught_by=("ordered-files-all-leave",),
    )

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """The rest stays here."""
        return super().pack_attachments(order)[:1]


class RenamesFiles(Dms):
    """Names files by their number."""

    mutant = Mutant(
        "renames-files",
        Text("sends attachments under names of its own", "đổi tên tệp đính kèm khi gửi"),
        source="pitfalls 33",
        caught_by=("ordered-file-names-kept",),
    )

    def pack_file(self, name: str, data: bytes, number: int) -> Attachment:
        """``tep-1.pdf``."""
        return super().pack_file(f"tep-{number}.{name.rsplit('.', 1)[-1]}", data, number)


class PacksAsText(Dms):
    """Reads files as text before it packs them."""

    mutant = Mutant(
        "sends-files-as-text",
        Text("damages binary attachments: EF BF BD", "làm hỏng tệp nhị phân: EF BF BD"),
        source="pitfalls 31",
        caught_by=("ordered-files-unchanged", "same-name-own-bytes"),
    )

    def clerk_file(self, name: str, text: str) -> bytes:
        """Bytes that are no UTF-8 become U+FFFD."""
        return super().clerk_file(name, text).decode("utf-8", "replace").encode()


class ShortManifest(Dms):
    """Lists the first file in the manifest."""

    mutant = Mutant(
        "manifest-names-first-file",
        Text("lists only the first attachment in the manifest", "manifest chỉ nêu tệp đầu tiên"),
        source="pitfalls 32",
        caught_by=("manifest-agrees-with-files",),
    )

    def manifest_of(self, attachments: Sequence[Attachment]) -> tuple[Reference, ...]:
        """The others are attached, but not listed."""
        return super().manifest_of(attachments)[:1]


class CachesByName(Dms):
    """Keeps uploaded files by their name."""

    mutant = Mutant(
        "caches-files-by-name",
        Text("sends the older file of the same name", "gửi tệp cũ trùng tên"),
        source="pitfalls 74",
        caught_by=("same-name-own-bytes",),
    )

    _kept: dict[str, bytes] | None = None

    def clerk_file(self, name: str, text: str) -> bytes:
        """``van-ban.pdf`` is always the first ``van-ban.pdf``."""
        self._kept = {} if self._kept is None else self._kept
        return self._kept.setdefault(name, super().clerk_file(name, text))


MUTANTS: tuple[type[Dms], ...] = (
    PacksFirst,
    RenamesFiles,
    PacksAsText,
    ShortManifest,
    CachesByName,
)
