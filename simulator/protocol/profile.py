"""The profile: what the simulator itself chose where no public source says. Never a national rule.

One frozen object, passed in, never global. Each field carries its default, its sentence for people and
the place it rests on; ``axisproof catalogue profile`` prints them.
"""

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from simulator.words import Text

__all__ = [
    "PROFILES",
    "CodeForm",
    "FailEffect",
    "Limits",
    "ProcessingEffect",
    "Profile",
    "Transit",
    "choices",
    "named",
    "profile_catalogue",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader lets in. Sizes in bytes."""

    package_bytes: int = 100 * 1024 * 1024
    depth: int = 64
    elements: int = 100_000
    attributes: int = 64
    attachments: int = 1_000
    unpacked_bytes: int = 500 * 1024 * 1024
    unpacked_ratio: int = 100
    archive_entries: int = 1_000


class Transit(StrEnum):
    """What the axis does to a package on its way."""

    VERBATIM = "verbatim"
    REBUILD = "rebuild"


class CodeForm(StrEnum):
    """Which of the spellings of a unit the axis's answers bear."""

    AS_SENT = "as-sent"
    CANONICAL = "canonical"


class FailEffect(StrEnum):
    """What ``updateStatus fail`` does to the receiver's list."""

    REMOVES = "removes"
    KEEPS = "keeps"


class ProcessingEffect(StrEnum):
    """What ``updateStatus processing`` does to the receiver's list."""

    KEEPS = "keeps"
    HIDES = "hides"


def _choice(default: Any, en: str, vi: str, source: str) -> Any:
    return field(default=default, metadata={"text": Text(en=en, vi=vi), "source": source})


@dataclass(frozen=True, slots=True)
class Profile:
    """Dialect and choices of one simulated axis."""

    name: str = "vxp-2.0"
    transit: Transit = _choice(
        Transit.VERBATIM,
        "Bytes in transit: verbatim, or rebuild like the real axis (new element order, a trace header more)",
        "Byte khi chuyển tiếp: giữ nguyên, hoặc dựng lại như trục thật (đổi thứ tự phần tử, thêm TraceHeader)",
        "wire.md C.6; contract 6",
    )
    on_fail: FailEffect = _choice(
        FailEffect.REMOVES,
        "updateStatus fail takes the package off the receiver's list and marks it",
        "updateStatus fail gỡ gói tin khỏi danh sách của bên nhận và đánh dấu",
        "wire.md A.2, not proved",
    )
    on_processing: ProcessingEffect = _choice(
        ProcessingEffect.KEEPS,
        "updateStatus processing keeps the package on the list",
        "updateStatus processing giữ gói tin trong danh sách",
        "wire.md A.2, not proved",
    )
    lists_sub_units: bool = _choice(
        True,
        "The received list of a system also shows packages for the units registered under it",
        "Danh sách nhận của một hệ thống gồm cả gói tin cho đơn vị con đã đăng ký",
        "wire.md A.2, inferred from Bkav, not proved",
    )
    list_limit: int = _choice(
        0,
        "Most packages in one answer of a list; 0 = all",
        "Số gói tin tối đa trong một lần trả danh sách; 0 = tất cả",
        "wire.md A.2, not proved",
    )
    repeat_window_hours: int = _choice(
        24,
        "A repeated sendEdoc (same system, bytes, DocumentId) within this time gets the first DocId, delivered once",
        "sendEdoc lặp lại (cùng hệ thống, byte, DocumentId) trong thời gian này nhận lại DocId đầu, chỉ giao một lần",
        "contract 6; the JDK repeats a POST whose answer was lost",
    )
    timestamp_age_checked: bool = _choice(
        False,
        "The age of the header timestamp is checked (the SDK sets it once and re-uses it for days)",
        "Kiểm tra tuổi của timestamp trong header (SDK đặt một lần rồi dùng lại nhiều ngày)",
        "wire.md A.0.3; contract 6",
    )
    headers_must_match: bool = _choice(
        True,
        "Each signed header must equal the header sent beside it",
        "Mỗi header đã ký phải bằng header gửi kèm",
        "wire.md A.1 (3), not proved for the real axis",
    )
    sender_in_package_checked: bool = _choice(
        True,
        "From/OrganId inside the package must belong to the calling system too",
        "From/OrganId trong gói tin cũng phải thuộc hệ thống đang gọi",
        "TR-10, derived",
    )
    fetch_after_confirm: bool = _choice(
        True,
        "A confirmed package can still be fetched by its id",
        "Gói tin đã xác nhận vẫn tải lại được theo mã",
        "not proved",
    )
    packet_signature: str = _choice(
        "observe",
        "Packet signatures: off (not looked at), observe (verified and reported as valid, invalid, absent or unchecked,"
        " never required) or require (absent and invalid ones are refused, unchecked ones let in)",
        "Chữ ký gói tin: off (không xem xét), observe (kiểm tra và ghi nhận valid, invalid, absent hoặc unchecked,"
        " không bắt buộc) hoặc require (từ chối khi thiếu hoặc không hợp lệ; unchecked vẫn được nhận)",
        "contract 6; sources contradict each other",
    )
    code_form: CodeForm = _choice(
        CodeForm.AS_SENT,
        "Unit codes in answers: as-sent (in lists of packages as the packet spelled them, in getAgenciesList as the"
        " system was registered), or canonical (the first code of each unit, whatever was sent);"
        " getAgenciesListQD20 and getSynchronizeUnit give both forms",
        "Mã đơn vị trong câu trả lời: as-sent (danh sách gói tin ghi như trong gói tin, getAgenciesList ghi như khi hệ"
        " thống đăng ký) hoặc canonical (mã thứ nhất của đơn vị, dù gói tin ghi mã nào);"
        " getAgenciesListQD20 và getSynchronizeUnit trả cả hai dạng mã",
        "contract 6; which form the real axis shows is not published",
    )
    new_status: str = _choice(
        "initial",
        "The word that a list shows for a package that waits",
        "Từ hiển thị trong danh sách cho gói tin đang chờ",
        "one relay's word; not proved for the axis",
    )
    axis_organ: str = _choice(
        "00.00.W00",
        "OrganId that the axis writes into its trace header when it rebuilds",
        "OrganId mà trục ghi vào TraceHeader khi dựng lại",
        "made up after wire.md C.6",
    )
    limits: Limits = field(default=Limits())


PROFILES: tuple[Profile, ...] = (
    Profile(),
    replace(Profile(), name="vxp-2.0-rebuild", transit=Transit.REBUILD),
    replace(Profile(), name="vxp-2.0-canonical", code_form=CodeForm.CANONICAL),
)
"""The profiles that ``--profile NAME`` knows; the first is the default."""


def named(name: str) -> Profile | None:
    """The profile of that name, or None."""
    return next((profile for profile in PROFILES if profile.name == name), None)


def choices(profile: Profile) -> tuple[tuple[str, object, Text, str], ...]:
    """(field, value, sentence, source) of every choice of ``profile``, in order of declaration."""
    return tuple(
        (item.name, getattr(profile, item.name), item.metadata["text"], item.metadata["source"])
        for item in fields(profile)
        if "text" in item.metadata
    )


def profile_catalogue() -> list[dict[str, Any]]:
    """Every choice of every profile, for ``axisproof catalogue profile``."""
    return [
        {
            "id": f"{profile.name}/{name}",
            "profile": profile.name,
            "field": name,
            "value": value.value if isinstance(value, StrEnum) else value,
            "title": {"en": text.en, "vi": text.vi},
            "source": source,
            "basis": "profile",
        }
        for profile in PROFILES
        for name, value, text, source in choices(profile)
    ]
