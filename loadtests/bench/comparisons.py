"""The table of comparisons: letter, what it is, and the function that measures it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from loadtests.bench.acceptance import acceptance
from loadtests.bench.course import Course
from loadtests.bench.depth import depth
from loadtests.bench.generator import generator
from loadtests.bench.honesty import honesty
from loadtests.bench.polling import polling
from loadtests.bench.row import Row
from loadtests.bench.serving import serving
from loadtests.bench.storing import storing
from loadtests.bench.stubs import stubs
from loadtests.bench.validation import validation
from simulator.words import Text

__all__ = ["COMPARISONS", "Comparison"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One file of this room. ``minutes``: about how long it takes in full, on two cores."""

    letter: str
    title: Text
    run: Callable[[Course], Awaitable[list[Row]]]
    minutes: float


COMPARISONS: tuple[Comparison, ...] = (
    Comparison("a", Text("accepted documents against nothing and against their parts",
                         "văn bản được nhận so với máy chủ rỗng và với tổng các phần"), acceptance, 2),
    Comparison("b", Text("against WireMock and mountebank", "so với WireMock và mountebank"), stubs, 2.5),
    Comparison("c", Text("fetch, count and list at 10², 10⁴, 10⁶ documents",
                         "tải, đếm và liệt kê khi có 10², 10⁴, 10⁶ văn bản"), depth, 5),
    Comparison("d", Text("95, 1,000, 10,000 polling nodes", "95, 1.000, 10.000 nút hỏi định kỳ"), polling, 3),
    Comparison("e", Text("honesty of the load generator", "độ trung thực của bộ sinh tải"), honesty, 1.5),
    Comparison("f", Text("the store against an append log", "kho lưu trữ so với nhật ký nối thêm"), storing, 0.5),
    Comparison("g", Text("validation against SHA-256", "kiểm tra hợp lệ so với SHA-256"), validation, 0.1),
    Comparison("h", Text("the load generator against wrk", "bộ sinh tải so với wrk"), generator, 1.5),
    Comparison("i", Text("ready to serve, memory at rest", "sẵn sàng phục vụ, bộ nhớ lúc nghỉ"), serving, 1),
)  # fmt: skip
