"""The hops: TraceHeaderList/TraceHeader (HD-33; wire.md C.6: the axis appends one, sometimes without OrganId)."""

from collections.abc import Iterator
from itertools import pairwise

from simulator.protocol.codec import Reading, timestamp_text
from simulator.protocol.package import Package, TraceHeader
from simulator.protocol.rules.dates import Written, timestamp_written
from simulator.protocol.rules.identifiers import NO_VALUE
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]


def _hops(reading: Reading) -> tuple[TraceHeader, ...]:
    return reading.packet.trace.headers if reading.packet and reading.packet.trace else ()


def _at(number: int, element: str) -> str:
    return f"TraceHeaderList/TraceHeader[{number}]/{element}"


@rule(
    "trace-missing",
    "HD-33",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A package bears the hop of its sender", "Gói tin có TraceHeader của bên gửi"),
)
@of_package
def trace_missing(_: Package, reading: Reading) -> Iterator[Breach]:
    """At least one TraceHeader; status packets have none in the samples."""
    if not _hops(reading):
        yield Breach("TraceHeaderList", Text(en="there is no TraceHeader", vi="không có TraceHeader nào"))


@rule(
    "trace-without-organ",
    "HD-33",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A hop says who it was", "Mỗi TraceHeader có OrganId"),
    good="axis-transit.edxml",
)
def trace_without_organ(reading: Reading) -> Iterator[Breach]:
    """The first hop is the sender's own; a later one, unless it is the last, was not written by the axis."""
    hops = _hops(reading)
    for number, hop in enumerate(hops, 1):
        if not hop.organ_id and (number == 1 or number < len(hops)):
            yield Breach(_at(number, "OrganId"), Text(en="this hop has no OrganId", vi="TraceHeader này thiếu OrganId"))


@rule(
    "trace-of-the-axis-without-organ",
    "HD-33",
    level=Level.INFO,
    basis=Basis.SDK,
    title=Text("The last hop says who it was", "TraceHeader cuối có OrganId"),
    reason=Text(en="a habit of the axis in transit (wire.md C.6)", vi="thói quen của Trục khi chuyển tiếp"),
)
def trace_of_the_axis_without_organ(reading: Reading) -> Iterator[Breach]:
    """The axis stamps packages so; nobody is to blame."""
    hops = _hops(reading)
    if len(hops) > 1 and not hops[-1].organ_id:
        yield Breach(
            _at(len(hops), "OrganId"),
            Text(
                en="the last hop has no OrganId, as the axis stamps packages",
                vi="TraceHeader cuối không có OrganId, đúng như cách Trục đóng dấu",
            ),
        )


@rule(
    "trace-null-organ",
    "HD-33",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A hop's OrganId is not the word null", "OrganId của TraceHeader không phải chữ null"),
)
def trace_null_organ(reading: Reading) -> Iterator[Breach]:
    """The axis let it pass in 2025 (wire.md D.7), so the packet can be processed."""
    for leaf, text in filled(reading, "TraceHeaderList/TraceHeader/OrganId"):
        if text.lower() in NO_VALUE:
            yield Breach(leaf.path, Text(en=f"OrganId is '{text}'", vi=f"OrganId là '{text}'"))


@rule(
    "trace-without-time",
    "HD-33",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A hop says when it was", "Mỗi TraceHeader có Timestamp"),
)
def trace_without_time(reading: Reading) -> Iterator[Breach]:
    """Timestamp missing or empty."""
    for number, hop in enumerate(_hops(reading), 1):
        if hop.timestamp is None and not (reading.text(_at(number, "Timestamp")) or "").strip():
            yield Breach(
                _at(number, "Timestamp"), Text(en="this hop has no Timestamp", vi="TraceHeader này thiếu Timestamp")
            )


@rule(
    "trace-time-of-another-form",
    "HD-33",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A hop's time is written yyyy/MM/dd HH:mm:ss", "Timestamp viết theo dạng yyyy/MM/dd HH:mm:ss"),
)
def trace_time_of_another_form(reading: Reading) -> Iterator[Breach]:
    """The vendor's library reads any other form as no time."""
    for leaf, text in filled(reading, "TraceHeaderList/TraceHeader/Timestamp"):
        if timestamp_written(text) is Written.OTHER_FORM:
            yield Breach(
                leaf.path,
                Text(
                    en=f"'{shown(text)}' is not yyyy/MM/dd HH:mm:ss",
                    vi=f"'{shown(text)}' không theo dạng yyyy/MM/dd HH:mm:ss",
                ),
            )


@rule(
    "trace-goes-back",
    "HD-33",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Each hop is later than the one before", "TraceHeader sau không sớm hơn TraceHeader trước"),
    good="axis-transit.edxml",
)
def trace_goes_back(reading: Reading) -> Iterator[Breach]:
    """Hops are appended, never rewritten; a clock of another zone shows here."""
    stamped = [(number, hop.timestamp) for number, hop in enumerate(_hops(reading), 1) if hop.timestamp]
    for (_, before), (number, after) in pairwise(stamped):
        if after < before:
            yield Breach(
                _at(number, "Timestamp"),
                Text(
                    en=f"{timestamp_text(after)} is before the hop before it, {timestamp_text(before)}",
                    vi=f"{timestamp_text(after)} sớm hơn TraceHeader trước, {timestamp_text(before)}",
                ),
            )


RULES: tuple[Rule, ...] = (
    trace_missing,
    trace_without_organ,
    trace_of_the_axis_without_organ,
    trace_null_organ,
    trace_without_time,
    trace_time_of_another_form,
    trace_goes_back,
)
