"""From the server's loop to the WSGI application: a thread is taken for the work of a request, never for its transfer.

Bodies are received before (``bodies``), answers are sent after (``answers``), both by the loop, with deadlines; each class of
requests has threads of its own, so that none can take those of the others.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from parvis.config.serving.answers import BLOCK, Answer, Application, SentFile, begin
from parvis.config.serving.bodies import CHECKS, OFFICE, Body, ClientGone, Receive, Reception, is_below, is_resumed
from parvis.config.serving.connections import cut
from parvis.config.serving.refusals import Refused, ServerBusy, TooManyUnread, answer_of
from parvis.core.errors import ParvisError
from parvis.hub.callers import caller_address, network_of
from parvis.hub.datastore.resumable import BROKEN_OFF

type Scope = dict[str, Any]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

logger = logging.getLogger("parvis.serving")

STALLED = 30.0
"""Seconds without a block taken after which a reader is left."""
SLOWEST = 8_000
"""Bytes a second that a reader takes on average, once ``STALLED`` is over."""


@dataclass(eq=False)
class RequestClass:
    """Requests that share threads: as many at work, so many more waiting."""

    name: str
    prefixes: tuple[str, ...]
    threads: int
    waiting: int
    under_way: int = 0
    pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    async def run[T](self, work: Callable[[], T]) -> T:
        """What ``work`` returns, from a thread of this class; ServerBusy when too many wait for one."""
        if self.under_way >= self.threads + self.waiting:
            raise ServerBusy
        self.under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, work)
        finally:
            self.under_way -= 1


def request_classes() -> tuple[RequestClass, ...]:
    """The rows, the first that fits is taken."""
    return (
        RequestClass("health", ("/healthz",), threads=1, waiting=32),
        RequestClass("office", OFFICE, threads=4, waiting=64),
        RequestClass("accounts", ("/compte/",), threads=4, waiting=64),
        RequestClass("checks", CHECKS, threads=6, waiting=16),
        # More than what ``hub.quotas.concurrency.Bounds`` lets one caller hold, at work and waiting, so that others find one free.
        RequestClass("pages", ("/",), threads=16, waiting=256),
    )


@dataclass(slots=True)
class Unread:
    """Bytes of answers that wait to be read, in one web process: each was made whole in memory."""

    of_one: int = 64_000_000
    in_all: int = 256_000_000
    _bytes: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def held(self, caller: str, number: int) -> Iterator[None]:
        """Hold so many bytes; TooManyUnread for who already has too many, ServerBusy when everybody has."""
        if number and self._bytes[caller] and self._bytes[caller] + number > self.of_one:
            raise TooManyUnread
        if number and self._bytes.total() + number > self.in_all:
            raise ServerBusy
        self._bytes[caller] += number
        try:
            yield
        finally:
            self._bytes[caller] -= number
            if not self._bytes[caller]:
                del self._bytes[caller]


type Gate = Callable[[dict[str, Any]], None]
"""Raises what is told to who may not send a body there, by the headers of the request alone."""


def open_to_all(_environ: dict[str, Any]) -> None:
    """Nobody is refused before they have sent."""


class Bridge:
    """An ASGI application before a WSGI one."""

    def __init__(self, application: Application, reception: Reception, gate: Gate = open_to_all) -> None:
        self._application = application
        self._reception = reception
        self._gate = gate
        self._classes = request_classes()
        # Blocks of what is sent: reading a file takes no time, making rows may.
        self._files = RequestClass("files", (), threads=4, waiting=4_000)
        self._streams = RequestClass("streams", (), threads=6, waiting=4_000)
        self._unread = Unread()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        environ = _FIXED | environ_of(scope)  # and nothing of the environment of the process, which holds secrets
        body: Body | None = None
        try:
            body = await self._body(environ, receive)
            environ["wsgi.input"] = body.stream if body else BytesIO()
            work = functools.partial(begin, self._application, environ)
            row = self._class_of(environ["PATH_INFO"])
            answer, block = await row.run(work)
            if body and body.broken:
                await row.run(answer.close)
                raise body.broken  # what came is kept; whoever is still there hears why the rest was not
            self._release(body)
            body = None
            await self._answer(environ, receive, send, answer, block)
        except ParvisError as refusal:
            await _send_whole(send, *answer_of(refusal, environ))
        except ClientGone:
            pass
        finally:
            self._release(body)

    async def _answer(
        self, environ: dict[str, Any], receive: Receive, send: Send, answer: Answer, block: bytes
    ) -> None:
        if answer.is_over and len(block) <= BLOCK:
            await _send_whole(send, answer.status, answer.headers, block)
            return
        threads = self._files if answer.is_file else self._streams
        caller = network_of(caller_address(environ))
        try:
            with self._unread.held(caller, len(block) if len(block) > BLOCK else 0):
                await Sending(environ, receive, send).run(answer, block, threads)
        except Refused:
            await threads.run(answer.close)
            raise

    def _release(self, body: Body | None) -> None:
        if body:
            self._reception.release(body)

    def _class_of(self, path: str) -> RequestClass:
        return next((row for row in self._classes if is_below(path, row.prefixes)), self._classes[-1])

    async def _body(self, environ: dict[str, Any], receive: Receive) -> Body | None:
        """The body of a request; None for one that has none."""
        announced = environ.get("CONTENT_LENGTH", "")
        if announced in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return None  # whatever the method: without one of the two, there is no body
        await self._class_of(environ["PATH_INFO"]).run(functools.partial(self._gate, environ))
        length = int(announced[:18]) if announced.isascii() and announced.isdigit() else None
        caller = network_of(caller_address(environ))
        resumed = is_resumed(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        body = await self._reception.receive(receive, environ["PATH_INFO"], caller, length, is_resumed=resumed)
        environ["CONTENT_LENGTH"] = str(body.size)
        if body.broken:
            environ[BROKEN_OFF] = "1"
        return body


class Sending:
    """One answer that goes out block by block, to a reader that must take them."""

    def __init__(self, environ: dict[str, Any], receive: Receive, send: Send) -> None:
        self._path, self._receive, self._send = environ["PATH_INFO"], receive, send
        self._peer = (environ["REMOTE_ADDR"], int(environ["REMOTE_PORT"]))
        self._start = asyncio.get_running_loop().time()
        self._sent = 0
        self._is_whole = False

    async def run(self, answer: Answer, block: bytes, row: RequestClass) -> None:
        """Send it whole, or leave the reader and cut the connection, so that they see that it is not."""
        left = asyncio.ensure_future(self._left())
        try:
            await self._send(_start(answer.status, answer.headers))
            while not left.done():
                for start in range(0, len(block), BLOCK):
                    await self._block(block[start : start + BLOCK])
                if answer.is_over:
                    await self._send({"type": "http.response.body", "body": b"", "more_body": False})
                    self._is_whole = True
                    return
                block = await row.run(answer.next_block)
        except TimeoutError:
            logger.info("%s read too slowly by %s", self._path, self._peer[0])
        except Exception:
            # The answer has begun: there is nobody to tell but the log.
            logger.exception("%s stopped in the middle", self._path)
        finally:
            if not self._is_whole:
                if not left.done():
                    cut(self._peer)
                await row.run(answer.close)
            left.cancel()

    async def _block(self, block: bytes) -> None:
        now = asyncio.get_running_loop().time()
        allowed = self._start + STALLED + self._sent / SLOWEST - now
        async with asyncio.timeout(max(0.0, min(STALLED, allowed))):
            await self._send({"type": "http.response.body", "body": block, "more_body": True})
        self._sent += len(block)

    async def _left(self) -> None:
        """Return when the reader has gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


_FIXED = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Parvis",
    "wsgi.errors": sys.stderr,
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
    "wsgi.file_wrapper": SentFile,
}


def environ_of(scope: Scope) -> dict[str, Any]:
    """The WSGI environment of a request, but for its body.

    A header whose name has an underscore is dropped: it would stand for the one with a hyphen, and pass for what a proxy wrote.
    """
    raw = scope.get("raw_path") or scope["path"].encode()
    environ = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(scope["server"][0]),
        "SERVER_PORT": str(scope["server"][1]),
        "REMOTE_ADDR": str(scope["client"][0]),
        "REMOTE_PORT": str(scope["client"][1]),
        "wsgi.url_scheme": scope["scheme"],
    }
    for name, value in scope["headers"]:
        key = _key(name)
        if not key:
            continue
        text = value.decode("latin-1")
        if key in environ and key != "CONTENT_LENGTH":
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text
    return environ


@functools.lru_cache(maxsize=512)
def _key(name: bytes) -> str:
    """The name of a header in the environment; none for one that would pass for another."""
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _start(status: int, headers: list[tuple[str, str]]) -> dict[str, Any]:
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}


async def _send_whole(send: Send, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    await send(_start(status, headers))
    await send({"type": "http.response.body", "body": body, "more_body": False})
