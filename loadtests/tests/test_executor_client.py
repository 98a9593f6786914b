"""The executor's connections against a server that answers oddly. In a process of its own: gevent stays out of here."""

import json
import subprocess
import sys

SCRIPT = r"""
import json, sys
import gevent
from gevent.server import StreamServer
from loadtests.executor.client import Lines, NoAnswer

HEAD = b"HTTP/1.1 200 OK\r\n"
PLAIN = HEAD + b"content-length: 5\r\n\r\nhello"
LONG = b"x" * 3_000_000
ANSWERS = {
    "plain": [PLAIN],
    "in pieces": [PLAIN[:9], PLAIN[9:30], PLAIN[30:]],
    "long": [HEAD + b"Content-Length: %d\r\n\r\n" % len(LONG), LONG],
    "chunked": [HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\n", b"llo\r\n0\r\n\r\n"],
    "interim": [b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN],
    "until closed": [HEAD + b"Connection: close\r\n\r\nhello", None],
    "cut": [HEAD + b"Content-Length: 50\r\n\r\nhello", None],
    "rubbish": [b"220 mail.example ESMTP\r\n\r\n", None],
    "nothing": [None],
    "error": [b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops"],
}
kept = []
dropped = {"once": 1}

def serve(sock, address):
    kept.append(address)
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                return
            data += more
        head, _, data = data.partition(b"\r\n\r\n")
        name = head.split(b"\r\n")[0].split(b"/", 1)[1].rsplit(b" ", 1)[0].decode().replace("-", " ")
        length = int(head.rpartition(b"Content-Length: ")[2])
        while len(data) < length:
            data += sock.recv(65536)
        data = data[length:]
        if name == "once" and dropped["once"]:
            dropped["once"] = 0
            sock.close()
            return
        for piece in ANSWERS.get(name, ANSWERS["plain"]):
            if piece is None:
                sock.close()
                return
            sock.sendall(piece)
            gevent.sleep(0.002)

server = StreamServer(("127.0.0.1", 0), serve)
server.start()
lines = Lines(("127.0.0.1", server.server_port), timeout=60.0)

def ask(name, body=b""):
    head = b"POST /%s HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (name.replace(" ", "-").encode(), len(body))
    before = len(kept)
    try:
        answer = bytes(lines.ask(head, body))
        return [len(answer) if len(answer) > 100 else answer.decode(), len(kept) - before]
    except NoAnswer as error:
        return [None, str(error)]

told = {name: ask(name) for name in [*ANSWERS, "once"]}
told["big body"] = ask("plain", memoryview(bytes(2_500_000)))
lines.close()
told["refused"] = (server.stop(), ask("plain"))[1]
print(json.dumps(told))
"""


def test_odd_answers_are_read_or_named_and_a_dropped_call_is_sent_once_again() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, check=True)

    told = json.loads(ran.stdout)
    assert told["plain"] == ["hello", 1]
    for again in ("in pieces", "chunked", "interim"):
        assert told[again] == ["hello", 0]  # on the same connection
    assert told["long"] == [3_000_000, 0]
    assert told["until closed"] == ["hello", 0]
    for broken in ("cut", "rubbish", "nothing", "refused"):
        assert told[broken][0] is None
        assert told[broken][1]
    assert told["error"][0] == "oops"  # the HTTP status says nothing on this axis
    assert told["once"][0] == "hello"
    assert told["big body"][0] == "hello"
