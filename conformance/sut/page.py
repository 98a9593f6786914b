"""The open questions as a page on this machine: plain HTML that works without scripts, guarded by a token in its URL.

The list renews itself; a question that wants typing has a page of its own, which does not: nothing typed is lost.
"""

import asyncio
import contextlib
import html
import mimetypes
import secrets
import socket
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, quote

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from conformance.sut.driver import Connection
from conformance.sut.people import People
from conformance.sut.prompts import Answer, Prompt
from simulator.hub.sockets import bound
from simulator.words import Lang, Text

__all__ = ["Page", "page_app"]

_REFRESH = 5
_LONGEST = 4 * 1024 * 1024
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}
_TITLE = Text("To do at the system under test", "Việc cần làm trên hệ thống được kiểm thử")
_NONE = Text("Nothing to do now. This page renews itself.", "Hiện không có việc gì. Trang này tự làm mới.")
_DONE = Text("Done", "Xong")
_OTHER = Text("Type an answer, or not possible …", "Nhập câu trả lời, hoặc không thực hiện được …")
_VALUE = Text("Value", "Giá trị")
_VALUE_HINT = {
    "": Text("nothing has to be typed; press Done", "không cần nhập; bấm Xong"),
    "id": Text(
        "the DocumentId, where the system shows it; Done alone lets the axis recognise the document",
        "DocumentId nếu hệ thống hiển thị; chỉ bấm Xong thì trục tự nhận ra văn bản",
    ),
    "json": Text("the JSON of the contract, section 4", "JSON theo quy ước, mục 4"),
}
_SEND = Text("Send this value", "Gửi giá trị này")
_NOT_POSSIBLE = Text("Not possible", "Không thực hiện được")
_REASON = Text(
    "what the system says when it refuses; empty: it has no such function",
    "hệ thống báo gì khi từ chối; để trống: không có chức năng này",
)
_BACK = Text("back to the list", "về danh sách")
_CONNECT = Text(
    "Axis: {url} · system id: {system} · unit: {organ}", "Trục: {url} · mã hệ thống: {system} · đơn vị: {organ}"
)
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "section{border:1px solid #bbb;border-radius:6px;padding:1rem;margin:1rem 0}h2{font-size:1.1rem;margin:0 0 .5rem}"
    "th{text-align:left;padding-right:1rem;vertical-align:top;font-weight:600}td{white-space:pre-wrap;user-select:all}"
    "textarea{width:100%;height:8rem}button{font:inherit;padding:.3rem 1rem}.error{color:#a00000}code{color:#555}"
)


def page_app(people: People, *, token: str, lang: Lang, head: Callable[[], str]) -> Starlette:
    """The page as an ASGI application; ``head``: a line about the connection."""

    def guarded(request: Request) -> None:
        if not secrets.compare_digest(str(request.path_params["token"]).encode(), token.encode()):
            raise HTTPException(404)

    def asked(request: Request) -> tuple[int, Prompt]:
        guarded(request)
        number = int(request.path_params["number"])
        if number not in people.open:
            raise HTTPException(404)
        return number, people.open[number]

    async def index(request: Request) -> Response:
        guarded(request)
        body = "".join(_section(number, each, lang, own=False) for number, each in people.open.items())
        return _html(f"<p>{html.escape(head())}</p>{body or _p(_NONE, lang)}", lang, refresh=True)

    async def one(request: Request) -> Response:
        guarded(request)
        number = int(request.path_params["number"])
        if number not in people.open:
            return RedirectResponse("./", 303)
        return _html(_section(number, people.open[number], lang, own=True), lang)

    async def answer(request: Request) -> Response:
        guarded(request)
        number = int(request.path_params["number"])
        body = await request.body()
        if len(body) > _LONGEST:
            raise HTTPException(413)
        form = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace"), True).items()}
        how = form.get("how", "")
        value = form.get("reason" if how == "not-possible" else "value", "")
        because = people.answer(number, Answer(how, value if how != "done" else "", "web"))
        if because is not None and number in people.open:
            error = f'<p class="error">{html.escape(because.in_(lang))}</p>'
            return _html(error + _section(number, people.open[number], lang, own=True), lang, status=400)
        return RedirectResponse("./", 303)

    async def file(request: Request) -> Response:
        _, prompt = asked(request)
        name = str(request.path_params["name"])
        if name not in prompt.files:
            raise HTTPException(404)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", **_HEADERS}
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(prompt.files[name], media_type=kind, headers=headers)

    return Starlette(
        routes=[
            Route("/{token}/", index, methods=["GET"]),
            Route("/{token}/{number:int}", one, methods=["GET"]),
            Route("/{token}/{number:int}", answer, methods=["POST"]),
            Route("/{token}/{number:int}/{name:path}", file, methods=["GET"]),
        ]
    )


def _section(number: int, prompt: Prompt, lang: Lang, *, own: bool) -> str:
    rows = "".join(
        f"<tr><th>{html.escape(name.in_(lang))}</th><td>{html.escape(value)}</td></tr>" for name, value in prompt.values
    )
    files = "".join(
        f'<li><a href="{number}/{quote(name, safe="")}">{html.escape(name)}</a> ({len(data)} B)</li>'
        for name, data in prompt.files.items()
    )
    title = f"<h2>{number}. {html.escape(prompt.title.in_(lang))}</h2><code>{html.escape(prompt.key)}</code>"
    form = _own_form(number, prompt, lang) if own else _short_form(number, prompt, lang)
    return f"<section>{title}<table>{rows}</table><ul>{files}</ul>{form}</section>"


def _short_form(number: int, prompt: Prompt, lang: Lang) -> str:
    done = "" if prompt.wants == "json" else f'<button name="how" value="done">{_DONE.in_(lang)}</button> '
    return f'<form method="post" action="{number}">{done}<a href="{number}">{html.escape(_OTHER.in_(lang))}</a></form>'


def _own_form(number: int, prompt: Prompt, lang: Lang) -> str:
    done = "" if prompt.wants == "json" else f'<button name="how" value="done">{_DONE.in_(lang)}</button>'
    hint, reason = html.escape(_VALUE_HINT[prompt.wants].in_(lang)), html.escape(_REASON.in_(lang))
    return (
        f'<form method="post" action="{number}">{done}</form>'
        f'<form method="post" action="{number}"><p><label>{_VALUE.in_(lang)} ({hint})<br>'
        f'<textarea name="value"></textarea></label></p>'
        f'<button name="how" value="value">{_SEND.in_(lang)}</button></form>'
        f'<form method="post" action="{number}"><p><label>{_NOT_POSSIBLE.in_(lang)} ({reason})<br>'
        f'<textarea name="reason"></textarea></label></p>'
        f'<button name="how" value="not-possible">{_NOT_POSSIBLE.in_(lang)}</button></form>'
        f'<p><a href="./">{_BACK.in_(lang)}</a></p>'
    )


def _p(text: Text, lang: Lang) -> str:
    return f"<p>{html.escape(text.in_(lang))}</p>"


def _html(body: str, lang: Lang, *, refresh: bool = False, status: int = 200) -> Response:
    title = html.escape(_TITLE.in_(lang))
    again = f'<meta http-equiv="refresh" content="{_REFRESH}">' if refresh else ""
    return HTMLResponse(
        f'<!doctype html><html lang="{lang.value}"><head><meta charset="utf-8">{again}<title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{body}</body></html>",
        status,
        headers=_HEADERS,
    )


class Page:
    """The page on 127.0.0.1. ``port`` 0: any free one; ``say``: told the address when it is up."""

    def __init__(
        self, people: People, *, lang: Lang, port: int = 0, say: Callable[[str], None] = lambda url: None
    ) -> None:
        self.url = ""
        self._people = people
        self._lang = lang
        self._port = port
        self._say = say
        self._token = secrets.token_urlsafe(16)
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, connection: Connection) -> None:
        """Listen. Raises CannotListen where the port is taken."""
        listener = bound("127.0.0.1", self._port)
        head = _CONNECT.filled(url=connection.endpoint, system=connection.system_id, organ=connection.organ)
        app = page_app(self._people, token=self._token, lang=self._lang, head=lambda: head.in_(self._lang))
        config = uvicorn.Config(
            app, ws="none", lifespan="off", log_config=None, log_level="critical", access_log=False,
            proxy_headers=False, server_header=False, timeout_graceful_shutdown=2,
        )  # fmt: skip
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.up.wait()
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/{self._token}/"
        self._say(self.url)

    async def stop(self) -> None:
        """Close it."""
        if self._server is not None and self._task is not None:
            self._server.stop()
            await self._task
            self._server = None


class _Server(uvicorn.Server):
    """uvicorn without hands on signals, and without waiting for its next tick to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Take no more connections."""
        self.should_exit = True
        self._stopping.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 1.0)
