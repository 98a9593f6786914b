"""What ``conformance.axis`` says of our own axis, in both languages."""

from simulator.words import Text

__all__ = [
    "ALTERED",
    "FORGOTTEN",
    "LOST",
    "NO_ANSWER",
    "OPENED_TWICE",
    "OTHER_LIST",
    "RECEIVER",
    "REFUSED",
    "SENDER",
    "STRANGER",
    "UNSENT",
]

NO_ANSWER = Text(
    en="our axis gave {operation} an answer that is none: {what}",
    vi="trục mô phỏng trả lời {operation} không hợp lệ: {what}",
)
REFUSED = Text(
    en="our axis refused {operation} and recorded no reason: {what}",
    vi="trục mô phỏng từ chối {operation} mà không ghi lại lý do: {what}",
)
UNSENT = Text(
    en="our axis answered a package with OK and never took it in: {doc_id}",
    vi="trục mô phỏng trả OK cho một gói tin nhưng không hề tiếp nhận: {doc_id}",
)
FORGOTTEN = Text(
    en="our axis answered the confirm '{word}' with OK and did not write it down: {delivery}",
    vi="trục mô phỏng trả OK cho xác nhận '{word}' nhưng không ghi nhận: {delivery}",
)
ALTERED = Text(
    en="our axis handed out other bytes than it took in: {document}",
    vi="trục mô phỏng giao nội dung khác với nội dung đã nhận: {document}",
)
STRANGER = Text(
    en="our axis gave the SUT what was never opened for it: {delivery}",
    vi="trục mô phỏng đưa cho SUT gói tin không dành cho nó: {delivery}",
)
OTHER_LIST = Text(
    en="our axis showed the SUT another list than it had made up",
    vi="trục mô phỏng cho SUT thấy danh sách khác với danh sách đã lập",
)
SENDER = Text(
    en="our axis showed {shown} as the sender; it was {sender}",
    vi="trục mô phỏng ghi bên gửi là {shown}; thực ra là {sender}",
)
RECEIVER = Text(
    en="our axis showed {shown} as the receiver; it was {receiver}",
    vi="trục mô phỏng ghi bên nhận là {shown}; thực ra là {receiver}",
)
LOST = Text(
    en="our axis took a document for the SUT and never delivered it: {document}",
    vi="trục mô phỏng đã nhận văn bản gửi SUT nhưng không hề chuyển đi: {document}",
)
OPENED_TWICE = Text(
    en="our axis delivered {doc_id} more than once to {unit}",
    vi="trục mô phỏng giao {doc_id} nhiều lần cho {unit}",
)
