"""The words of every report: verdicts, conclusions, labels, and the five statements.

What is said and never said follows scenarios.md sections 0 and 3 and contract.md section 5: a report names what was
tested, against which profile and on what basis; it speaks for nobody else, and only ``pass`` is called passed.
"""

from dataclasses import dataclass
from enum import StrEnum

from simulator.words import Text

__all__ = [
    "BASES", "CHAPTERS", "CONCLUSIONS", "CONFIRMED", "LABELS", "STATEMENTS", "VERDICTS", "Label", "VerdictWord",
    "chapter_name", "conclusion_words", "has_label", "label_of", "verdict_word",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerdictWord:
    """One verdict for people: its name, a sign that does not rest on colour, and how to read it."""

    id: str
    sign: str
    name: Text
    meaning: Text


VERDICTS: tuple[VerdictWord, ...] = (
    VerdictWord("fail", "✕", Text("failed", "không đạt"),
        Text("A requirement that must hold was seen broken. The cited records show it.",
             "Một yêu cầu bắt buộc bị vi phạm; các bản ghi được dẫn cho thấy điều đó.")),
    VerdictWord("error", "‼", Text("our error", "lỗi bộ kiểm thử"),
        Text("The test harness itself failed here. Never blamed on the system under test; says nothing about it.",
             "Chính bộ kiểm thử gặp lỗi. Không quy cho hệ thống được kiểm thử và không nói gì về hệ thống đó.")),
    VerdictWord("inconclusive", "?", Text("not proved", "chưa kết luận được"),
        Text("Could not be exercised, so nothing is known; the report says why and what to do.",
             "Chưa thực hiện được nên chưa biết gì; báo cáo nói vì sao và cần làm gì.")),
    VerdictWord("review", "◎", Text("needs a person", "cần người xem xét"),
        Text("Evidence was collected, but a person must look before it counts.",
             "Đã có bằng chứng, nhưng phải có người xem trước khi tính.")),
    VerdictWord("warn", "!", Text("warning", "cảnh báo"),
        Text("A recommendation, or a rule that rests only on observation or on our profile, was broken.",
             "Vi phạm một khuyến nghị, hoặc một quy tắc chỉ dựa trên quan sát hay hồ sơ mô phỏng.")),
    VerdictWord("pass", "✓", Text("passed", "đạt"),
        Text("Exercised, and everything that was checked held.", "Đã thực hiện, mọi điều được kiểm tra đều đúng.")),
    VerdictWord("not-applicable", "–", Text("not applicable", "không áp dụng"),
        Text("Not claimed by the system, not its role, or optional and not offered: not tested, not counted as passed.",
             "Không khai báo, không thuộc vai trò, hoặc không bắt buộc và không có: không kiểm thử, không tính đạt.")),
)  # fmt: skip
"""In the order in which a reader wants them: what went wrong first."""

_UNKNOWN = Text("unknown verdict: treat as not proved", "kết luận lạ: coi như chưa chứng minh")

CONCLUSIONS: dict[str, tuple[Text, Text]] = {
    "conformant": (
        Text("Conformant, as far as it was tested", "Đáp ứng, trong phạm vi đã kiểm thử"),
        Text("No case failed and none is left unproved. This holds for the cases, the profile and the version named "
             "below, and for nothing else.",
             "Không có ca nào không đạt, không còn ca nào chưa chứng minh. Kết luận chỉ đúng với các ca, hồ sơ và "
             "phiên bản nêu dưới đây, không suy rộng ra ngoài.")),
    "not-conformant": (
        Text("Not conformant", "Chưa đáp ứng"),
        Text("At least one requirement that must hold was seen broken. The cases that failed stand first, each with "
             "its evidence.",
             "Có ít nhất một yêu cầu bắt buộc bị vi phạm. Các ca không đạt đứng đầu, kèm bằng chứng.")),
    "incomplete": (
        Text("Incomplete: not everything could be proved", "Chưa đủ bằng chứng để kết luận"),
        Text("Nothing failed, but something could not be exercised or still needs a person. This is not a pass: each "
             "such case says what to do.",
             "Không có ca nào không đạt, nhưng có ca chưa thực hiện được hoặc còn cần người xem xét. Đây chưa phải là "
             "đạt: mỗi ca như vậy nói rõ cần làm gì.")),
    "harness-error": (
        Text("The test harness failed", "Bộ kiểm thử gặp lỗi"),
        Text("The error is ours, not that of the system under test. The run says nothing final about it; please run "
             "it again.",
             "Lỗi thuộc về bộ kiểm thử, không phải của hệ thống được kiểm thử. Lần chạy này chưa nói được gì chắc "
             "chắn; đề nghị chạy lại.")),
}  # fmt: skip
_NO_CONCLUSION = (
    Text("No conclusion", "Không có kết luận"),
    Text("The run names a conclusion that this version does not know.",
         "Lần chạy nêu một kết luận mà phiên bản này không biết."))  # fmt: skip


class Label(StrEnum):
    """Where a check comes from. It never raises a verdict (scenarios.md section 0)."""

    CONFIRMED = "XÁC NHẬN"
    PROFILE = "HSMP"


LABELS: dict[Label, Text] = {
    Label.CONFIRMED: Text(
        "Confirmed: rests on law or a text that quotes it, on the SDK or its samples, or on two or more independent "
        "products.",
        "Xác nhận: dựa trên văn bản pháp luật hoặc tài liệu dẫn lại, trên SDK hay mẫu của SDK, hoặc trên ít nhất hai "
        "sản phẩm độc lập."),
    Label.PROFILE: Text(
        "Simulator profile: our own rule, versioned with the profile. Not a national rule; it only warns unless the "
        "run promotes it.",
        "Hồ sơ mô phỏng: quy tắc của chúng tôi, đi theo phiên bản hồ sơ. Không phải quy định quốc gia; chỉ cảnh báo, "
        "trừ khi lần chạy nâng mức."),
}  # fmt: skip

CONFIRMED = frozenset({"law", "law-secondary", "sdk"})

BASES: dict[str, Text] = {
    "law": Text("law, read in full", "văn bản pháp luật, đã đọc toàn văn"),
    "law-secondary": Text("law, read in another text that quotes it", "pháp luật, đọc qua tài liệu dẫn lại"),
    "sdk": Text("the SDK and its samples", "SDK và mẫu kèm theo"),
    "observed": Text("seen in practice", "quan sát trong thực tế"),
    "derived": Text("derived by us", "chúng tôi suy ra"),
    "profile": Text("our simulator profile", "hồ sơ mô phỏng của chúng tôi"),
}

STATEMENTS: tuple[Text, ...] = (
    Text("Nobody contacted the national Axis, the Government Office, its operator or any certification authority. "
         "None of them has endorsed this tool or this report.",
         "Không ai liên hệ với Trục liên thông văn bản quốc gia, Văn phòng Chính phủ, đơn vị vận hành hay bất kỳ tổ "
         "chức chứng thực chữ ký số nào. Không bên nào trong số đó xác nhận công cụ hay báo cáo này."),
    Text("Decision 28/2018/QĐ-TTg and Decree 30/2020/NĐ-CP were read in full. QCVN 102, QCVN 125, Decision 20/2020, "
         "Circular 39/2017 and the guide of the Government Office were not. Every check names its basis.",
         "Quyết định 28/2018/QĐ-TTg và Nghị định 30/2020/NĐ-CP đã được đọc toàn văn. QCVN 102, QCVN 125, Quyết định "
         "20/2020, Thông tư 39/2017 và hướng dẫn của Văn phòng Chính phủ thì chưa. Mỗi phép kiểm đều nêu căn cứ."),
    Text("The SDK samples date from 2015–2022 and contradict each other. A check on which two samples disagree only "
         "warns.",
         "Các mẫu của SDK có từ 2015–2022 và mâu thuẫn nhau. Phép kiểm mà hai mẫu không thống nhất thì chỉ cảnh báo."),
    Text("The second dialect (a provincial one) rests on one integrator's notes.",
         "Phương ngữ thứ hai (của một tỉnh) dựa trên ghi chép của một đơn vị tích hợp."),
    Text("Test agencies, people and certificates are made up. No key, certificate or packet of a public repository is "
         "shipped, and real host names found there are never resolved.",
         "Cơ quan, con người và chứng thư dùng để kiểm thử đều là giả lập. Không kèm khóa, chứng thư hay gói tin nào "
         "lấy từ kho mã công khai, và tên máy chủ thật thấy ở đó không bao giờ được phân giải."),
)  # fmt: skip
"""Said in every report (scenarios.md section 0)."""

CHAPTERS: dict[str, Text] = {
    "receiving": Text("Receiving", "Nhận văn bản"),
    "forms": Text("Forms and lengths", "Dạng gói tin, độ dài"),
    "status": Text("Statuses", "Trạng thái xử lý"),
    "sending": Text("Sending", "Gửi văn bản"),
    "recall": Text("Recall and take-back", "Thu hồi, lấy lại"),
    "update": Text("Update and replacement", "Cập nhật, thay thế"),
    "directory": Text("Directory", "Danh bạ đơn vị"),
    "statistics": Text("Statistics", "Thống kê"),
    "signature": Text("Signatures", "Chữ ký số"),
    "resilience": Text("Resilience", "Chịu lỗi"),
}


def verdict_word(verdict: str) -> VerdictWord:
    """The words of ``verdict``; an unknown one is shown as it is, and never as passed."""
    for word in VERDICTS:
        if word.id == verdict:
            return word
    return VerdictWord("unknown", "?", Text(verdict or "–", verdict or "–"), _UNKNOWN)


def conclusion_words(conclusion: str) -> tuple[Text, Text]:
    """Headline and explanation of a conclusion."""
    return CONCLUSIONS.get(conclusion, _NO_CONCLUSION)


def has_label(finding_requirements: tuple[str, ...], verdict: str) -> bool:
    """Whether a label says anything: an error of ours rests on no requirement and has none."""
    return bool(finding_requirements) or verdict != "error"


def label_of(basis: str, given: str | None = None) -> Label:
    """XÁC NHẬN or HSMP. ``given`` is the run's own word (two independent products); unknown bases are ours."""
    if given in tuple(Label):
        return Label(given)
    return Label.CONFIRMED if basis in CONFIRMED else Label.PROFILE


def chapter_name(chapter: str) -> Text:
    """The chapter's name for people; its id where no name was given."""
    return CHAPTERS.get(chapter, Text(chapter, chapter))
