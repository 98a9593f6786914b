"""The proof on paper: ``PROOF.md`` for the documentation, in both languages, and the table for the terminal. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from conformance.nulls import earned
from simulator.words import Lang, Text

__all__ = ["markdown", "rows_of", "table", "troubles"]

_COUNTS = (
    (Text("mutants caught", "bản lỗi có chủ đích bị phát hiện"), "mutants", "caught"),
    (Text("named checks broken by their mutants", "kiểm tra được nêu tên đã bị phá đúng"), "claims", "shown"),
    (Text("checks seen failing", "kiểm tra đã thấy thất bại"), "checks", "seen_failing"),
    (Text("runs of the reference that end conformant", "lần chạy hệ thống tham chiếu đạt"), "reference", "conformant"),
)
_ZEROS = (
    (Text("undeserved passes of null systems", "lần đạt không xứng đáng của hệ thống rỗng"), "nulls", "passes"),
    (Text("null systems that end conformant", "hệ thống rỗng được kết luận phù hợp"), "nulls", "conformant"),
    (Text("null systems that end in an error of ours", "hệ thống rỗng làm lỗi bộ kiểm"), "nulls", "errors"),
    (Text("verdicts that flipped", "kết luận bị đảo"), "reference", "flips"),
)
_HONEST = (
    (Text("honest variants accused", "biến thể đúng bị kết luận sai"), "accused"),
    (Text("honest variants with something inconclusive", "biến thể đúng có mục chưa chứng minh được"), "inconclusive"),
)
_PROVED = Text("PROVED", "ĐÃ CHỨNG MINH")
_NOT_PROVED = Text("NOT PROVED", "CHƯA CHỨNG MINH ĐƯỢC")
_NARROWED = Text(
    "Narrowed to {words}: this proves nothing about the rest.",
    "Thu hẹp ở {words}: không chứng minh gì về phần còn lại.",
)


def rows_of(summary: dict[str, Any]) -> list[tuple[Text, str]]:
    """The lines of the table: what is counted, and ``N of N`` or the number that should be 0."""
    all_of = []
    for title, group, name in _COUNTS:
        counts = summary[group]
        whole = counts["of"] if "of" in counts else counts["runs"]
        all_of.append((title, f"{counts[name]} / {whole}"))
    if honest := summary.get("honest"):  # a summary of before there were any has none
        all_of += [(title, f"{honest[name]} / {honest['of']}") for title, name in _HONEST]
    return all_of + [(title, str(summary[group][name])) for title, group, name in _ZEROS]


def table(summary: dict[str, Any], lang: Lang) -> str:
    """The table for the terminal."""
    rows = [(title.in_(lang), count) for title, count in rows_of(summary)]
    width = max(len(title) for title, _ in rows)
    lines = [f"{title:<{width}}  {count:>9}" for title, count in rows]
    if summary["narrowed"]:
        lines.append(_NARROWED.filled(words=", ".join(summary["narrowed"])).in_(lang))
    return "\n".join([*lines, (_PROVED if summary["proved"] else _NOT_PROVED).in_(lang)])


def troubles(matrix: dict[str, Any]) -> list[str]:
    """What stands in the way of the proof, a line each (English: ids and reasons of ours)."""
    lines = []
    for row in matrix["mutants"]:
        if row["verdict"] != "caught":
            lines.append(f"mutant {row['id']}: {row['verdict']} {row['error']}".rstrip())
        elif row["unshown"]:
            lines.append(f"mutant {row['id']}: names, but does not break, {', '.join(row['unshown'])}")
    for row in matrix["honest"]:
        lines += [f"honest {row['id']}: {row['error']}"] if row["error"] else []
        lines += [
            f"honest {row['id']}: {each['verdict']} {each['check']} ({each['case']}): {each['because']['en']}"
            for each in row["accused"]
        ]
    lines += [f"check {row['id']} ({row['case']}): never seen failing" for row in matrix["never_failed"]]
    for row in matrix["nulls"]:
        lines += [f"null {row['id']}: {row['error']}"] if row["error"] else []
        lines += [f"null {row['id']}: ends conformant"] if row["conclusion"] == "conformant" else []
        lines += [
            f"null {row['id']}: passes {each['check']} ({each['case']}): {each['because']['en']}"
            for each in row["undeserved"]
        ]
        lines += [f"null {row['id']}: earned.toml names {each}, which it does not pass" for each in row["no_longer"]]
    reference = matrix["reference"]
    lines += [f"reference, seed {seed}: {error}" for seed, error in reference["errors"].items()]
    lines += [f"reference: {each['check']} flips: {each['verdicts']}" for each in reference["flips"]]
    lines += [
        f"reference: {each['check']} is {each['verdict']} (seeds {each['seeds']}): {each['because']['en']}"
        for each in reference["not_passed"]
    ]
    return lines


# ---------------------------------------------------------------- Markdown


def markdown(matrix: dict[str, Any]) -> str:
    """``PROOF.md``. The same matrix gives the same text."""
    summary = matrix["summary"]
    parts = [
        "# Bằng chứng: kết luận của bộ kiểm có đáng tin không · The proof: can the verdicts be trusted?",
        f"axisproof {summary['axisproof']} · {summary['date']} · {summary['requirement_set']} "
        f"`{summary['requirement_digest'][:16]}` · `make proof`",
        _intro(summary),
        "## Tổng hợp · Summary",
        _grid(
            ("Điều được đếm", "What is counted", "Số · Count"),
            [(title.vi, title.en, count) for title, count in rows_of(summary)],
        ),
        "## Hệ thống rỗng · Null systems",
        _NULL_INTRO,
        _nulls(matrix),
        "## Biến thể đúng · Honest variants",
        _HONEST_INTRO,
        _honest(matrix),
        "## Hệ thống lỗi mẫu · Mutants",
        _grid(
            ("Mã · Id", "Làm sai điều gì", "What it does wrong", "Nguồn · Source", "Bị bắt bởi · Caught by", ""),
            [
                (
                    f"`{row['id']}`",
                    row["title"]["vi"],
                    row["title"]["en"],
                    row["source"],
                    ", ".join(f"`{each['check']}`" for each in row["broken"]) or "–",
                    row["verdict"],
                )
                for row in matrix["mutants"]
            ],
        ),
        "## Kiểm tra · Checks",
        _grid(
            ("Kiểm tra · Check", "Ca · Case", "Đã thất bại với · Seen failing for"),
            [
                (f"`{row['id']}`", row["case"], ", ".join(f"`{each}`" for each in row["failed_for"]) or "**–**")
                for row in matrix["checks"]
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _intro(summary: dict[str, Any]) -> str:
    runs = summary["reference"]["runs"]
    vi = (
        "Mỗi bản lỗi có chủ đích là hệ thống tham chiếu với đúng một hành vi sai. Nó chỉ được tính là bị phát hiện khi "
        f"hỏng đúng kiểm tra mà nó nêu tên. Hệ thống tham chiếu chạy {runs} lần với {runs} seed và độ trễ ngẫu nhiên."
    )
    en = (
        "Each mutant is the reference system with one wrong behaviour. It counts as caught only where a check that it "
        f"names is broken. The reference runs {runs} times, with {runs} seeds and random delays."
    )
    text = f"{vi}\n\n{en}"
    if summary["narrowed"]:
        note = _NARROWED.filled(words=", ".join(summary["narrowed"]))
        text += f"\n\n**{note.vi}** **{note.en}**"
    return text


_NULL_INTRO = (
    "Không hệ thống rỗng nào được kết luận phù hợp, và không hệ thống nào đạt nhờ im lặng. Những gì chúng thật sự làm "
    "thì được ghi nhận.\n\nNo null system is ever conformant, and none earns a pass by silence. What they really do "
    "is seen to be done."
)


def _nulls(matrix: dict[str, Any]) -> str:
    rows = _grid(
        ("Mã · Id", "Là gì", "What it is", "Kết luận · Conclusion", "Xứng đáng · Earned", "Không · Undeserved"),
        [
            (
                f"`{row['id']}`",
                row["title"]["vi"],
                row["title"]["en"],
                row["conclusion"],
                f"{len(row['earned'])} / {row['checks']}",
                str(len(row["undeserved"])),
            )
            for row in matrix["nulls"]
        ],
    )
    reasons = _grid(
        ("Hệ thống · Systems", "Vì sao xứng đáng", "Why it is earned", "Kiểm tra · Checks"),
        [
            (
                ", ".join(f"`{each}`" for each in group.nulls),
                group.because.vi,
                group.because.en,
                ", ".join(f"`{each}`" for each in group.checks),
            )
            for group in earned()
        ],
    )
    return f"{rows}\n\n{reasons}"


_HONEST_INTRO = (
    "Mỗi biến thể đúng là hệ thống tham chiếu với một thói quen khác nhưng hợp lệ. Nó bị kết luận sai khi có mục bị "
    "đánh trượt, có cảnh báo ngoài những cảnh báo đã biết, hoặc kết luận là không đáp ứng. Mục chưa chứng minh được "
    "chỉ được đếm.\n\nEach honest variant is the reference system with another lawful habit. It is accused by a fail, "
    "by a warning beyond those that are known, or by the conclusion. What stayed inconclusive is only counted."
)


def _honest(matrix: dict[str, Any]) -> str:
    return _grid(
        (
            "Mã · Id", "Thói quen", "Habit", "Vì sao hợp lệ", "Why it is lawful", "Nguồn · Source",
            "Kết luận · Conclusion", "Đã biết · Known", "Chưa rõ · Inconclusive", "",
        ),
        [
            (
                f"`{row['id']}`",
                row["title"]["vi"],
                row["title"]["en"],
                row["lawful"]["vi"],
                row["lawful"]["en"],
                row["source"],
                row["conclusion"],
                _names(row["known"]),
                _names(row["inconclusive"]),
                row["verdict"],
            )
            for row in matrix["honest"]
        ],
    )  # fmt: skip


def _names(checks: Sequence[str]) -> str:
    return ", ".join(f"`{each}`" for each in checks) or "–"


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
