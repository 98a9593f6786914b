"""Clients on gevent, for the bench: ``python -m loadtests.bench.gevented KIND PORT REQUESTS CONNECTIONS`` prints JSON.

    lines             the load generator's own client (executor/client.py)
    geventhttpclient  what locust's fast path can do at best: that library's client, nothing of locust around it

Stdin is one prepared request: its head tells the headers, both send the same bytes in the body. A process of its own:
gevent belongs nowhere else.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

__all__ = ["main"]


def main(kind: str, port: int, requests: int, connections: int, request: bytes) -> dict[str, float]:
    """Closed model: ``connections`` greenlets share ``requests``."""
    import gevent  # patches nothing by itself, and is wanted in this process only

    ask = {"lines": _lines, "geventhttpclient": _geventhttpclient}[kind]
    share = requests // connections
    clients = [ask(port, request) for _ in range(connections)]
    for client in clients:
        client()  # connected and warm

    def repeat(client: Callable[[], object]) -> None:
        for _ in range(share):
            client()

    begin, used = time.perf_counter(), time.process_time()
    gevent.joinall([gevent.spawn(repeat, client) for client in clients], raise_error=True)
    return {
        "requests": share * connections,
        "seconds": time.perf_counter() - begin,
        "cpu": time.process_time() - used,
    }


def _lines(port: int, request: bytes) -> Callable[[], object]:
    from loadtests.executor.client import Lines

    head, _, body = request.partition(b"\r\n\r\n")
    lines = Lines(("127.0.0.1", port))
    return lambda: lines.ask(head + b"\r\n\r\n", body)


def _geventhttpclient(port: int, request: bytes) -> Callable[[], object]:
    from geventhttpclient import HTTPClient

    head, _, body = request.partition(b"\r\n\r\n")
    rows = [line.decode("latin-1").partition(": ") for line in head.split(b"\r\n")[1:]]
    headers = {name: value for name, _, value in rows if name not in ("Host", "Content-Length")}
    client: Any = HTTPClient("127.0.0.1", port, concurrency=1)

    def ask() -> object:
        answer = client.post("/sendEdoc", body=body, headers=headers)
        return answer.read()

    return ask


if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    port, requests, connections = map(int, numbers)
    sys.stdout.write(json.dumps(main(kind, port, requests, connections, sys.stdin.buffer.read())) + "\n")
