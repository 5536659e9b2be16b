"""The bridge on a real server: WSGI applications answer as they would behind any server, and no reader holds a thread."""

from __future__ import annotations

import asyncio
import contextvars
import http.client
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from parvis.config.serving import bridge
from parvis.config.serving.bodies import Reception, body_rules
from parvis.config.serving.bridge import Bridge, environ_of
from parvis.hub.apikeys.rules import WrongKey
from parvis.hub.datastore.resumable import BROKEN_OFF

closed: list[str] = []
"""Paths of the answers that were closed."""


appended: dict[str, bytes] = {}
marks: dict[str, str | None] = {}
"""Of PATCH: what came, and whether the last was said to be broken off."""


class Rows:
    """A stream of so many pieces."""

    def __init__(self, path: str, number: int, fault: bool = False) -> None:
        self._path, self._number, self._fault = path, number, fault

    def __iter__(self) -> Iterator[bytes]:
        for rank in range(self._number):
            if self._fault and rank == 40:
                raise ValueError("in the middle")
            yield b"%07d" % rank * 10_000

    def close(self) -> None:
        closed.append(self._path)


free = threading.Event()
"""Until it is set, those who ask ``/busy`` keep their thread."""
language: contextvars.ContextVar[str] = contextvars.ContextVar("language", default="none")


def languages() -> Iterator[bytes]:
    """The language at each moment, in as many blocks."""
    for _rank in range(6):
        yield language.get().encode() * 70_000


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise KeyError("before the answer")
    headers = [("Content-Type", "text/plain")]
    if path == "/body":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("200 OK", headers)
        return [f"{environ['REQUEST_METHOD']} {len(body)} {environ.get('HTTP_X_NAMED')}".encode()]
    if environ["REQUEST_METHOD"] == "PATCH":
        appended[path] = appended.get(path, b"") + environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        marks[path] = environ.get(BROKEN_OFF)
    if path == "/file":
        start_response("200 OK", headers)
        return environ["wsgi.file_wrapper"](Path(__file__).open("rb"))
    start_response("200 OK", headers)
    if path == "/busy":
        free.wait(60)
    if path.startswith("/language/"):
        language.set(path[-2:])
        return languages()
    if path == "/page":
        return [b"x" * 3_000_000]
    if path.startswith("/rows"):
        return Rows(path, 600, fault=path.endswith("fault"))
    return [b"light"]


def gate(environ):
    if environ["PATH_INFO"] == "/gated":
        raise WrongKey


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    """The bridge served in a thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("received")
    made = Bridge(application, Reception(body_rules(10_000, 3_000_000), folder, ThreadPoolExecutor(1), 10**9), gate)
    server = Server(made, port=number, interface=Interfaces.ASGINL, http=HTTPModes.http1, websockets=False)
    loop = asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(server.serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", number), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield number
    loop.call_soon_threadsafe(server.stop)
    thread.join(20)


def ask(port: int, path: str, method: str = "GET", body: object = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body=body, headers=headers, encode_chunked=not isinstance(body, bytes | None))
    answer = connection.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        connection.close()


def until_closed(path: str) -> None:
    limit = time.monotonic() + 30
    while path not in closed:
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_answers_are_those_of_the_application(port):
    assert ask(port, "/") == (200, b"light")
    assert ask(port, "/body", "POST", b"x" * 70_000, **{"X-Named": "é".encode().decode("latin-1")})[1].startswith(
        b"POST 70000"
    )
    with Path(__file__).open("rb") as source:
        assert ask(port, "/file")[1] == source.read()
    whole = ask(port, "/rows/whole")[1]
    assert len(whole) == 600 * 70_000
    until_closed("/rows/whole")
    assert ask(port, "/rows/head", "HEAD") == (200, b"")
    until_closed("/rows/head")


@pytest.mark.parametrize("size", ["Content-Length: 900000000", "Transfer-Encoding: chunked"])
def test_who_may_not_send_is_told_before_a_byte_of_the_body(port, size):
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(f"POST /gated HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\n{size}\r\n\r\n".encode())
        answer = connection.recv(2_000)
    assert answer.startswith(b"HTTP/1.1 401")
    assert b"This API key" in answer


@pytest.mark.parametrize("is_reset", [True, False])
@pytest.mark.parametrize(
    ("path", "goes_on"),
    [
        ("/api/parvis/v1/uploads/eyJkZXBv:1x-2_3", True),
        ("/ville/compte/depots/jeton/envoi/0b0c2a52-6d52-4ee6-9d3a-3f7f1c9ad8ab/", True),
        ("/admin/depots/tus/0b0c2a52-6d52-4ee6-9d3a-3f7f1c9ad8ab/", True),
        ("/api/parvis/v1/datasets/lieux", False),
    ],
)
def test_what_came_of_a_piece_that_is_cut_is_kept_where_files_are_resumed(port, path, goes_on, is_reset):
    appended.clear(), marks.clear()
    whole = os.urandom(2_500_000)
    head = f"PATCH {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(whole)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(head + whole[:1_700_000])
        time.sleep(0.3)  # a reset drops what the server has not read yet
        if is_reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if not goes_on:
        ask(port, "/")
        assert path not in appended
        return
    limit = time.monotonic() + 30
    while path not in appended:
        assert time.monotonic() < limit
        time.sleep(0.02)
    came = len(appended[path])
    assert marks[path] == "1" and 0 < came <= 1_700_000
    assert is_reset or came == 1_700_000
    assert ask(port, path, "PATCH", whole[came:])[0] == 200
    assert appended[path] == whole and marks[path] is None


def test_a_large_page_goes_out_whole_and_unread_ones_are_bound(port):
    assert ask(port, "/page") == (200, b"x" * 3_000_000)
    connections = []
    for _rank in range(40):  # 120 MB made, more than one caller may leave unread
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n")
        connections.append(connection)
    statuses = [int(connection.recv(100).split(b" ")[1]) for connection in connections]
    assert 15 <= statuses.count(200) < 40 and set(statuses) == {200, 429}
    for connection in connections:
        connection.close()


def test_requests_that_take_every_thread_leave_theirs_to_health_and_the_back_office(port):
    with ThreadPoolExecutor(40) as pool:
        busy = [pool.submit(ask, port, "/busy") for _rank in range(40)]
        try:
            for path in ("/healthz", "/admin/", "/compte/login/", "/valider/"):
                assert ask(port, path) == (200, b"light")
            assert not any(one.done() for one in busy)
        finally:
            free.set()
        assert [one.result() for one in busy] == [(200, b"light")] * 40


def test_a_stream_is_made_in_the_context_of_its_request(port):
    with ThreadPoolExecutor(8) as pool:
        codes = ["fr", "en", "oc", "br"] * 4
        answers = list(pool.map(lambda name: ask(port, f"/language/{name}")[1], codes))
    assert [{answer[index : index + 2] for index in range(0, len(answer), 2)} for answer in answers] == [
        {name.encode()} for name in codes
    ]


def test_a_fault_of_the_application_is_answered_500(port):
    assert ask(port, "/fails")[0] == 500


def test_a_stream_that_fails_in_the_middle_does_not_look_whole(port):
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(port, "/rows/fault")
    until_closed("/rows/fault")


def test_a_reader_who_leaves_ends_the_work(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /rows/left HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.recv(1000)
    until_closed("/rows/left")


def test_a_reader_who_takes_nothing_is_left_and_cut(port, monkeypatch):
    monkeypatch.setattr(bridge, "STALLED", 1.0)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /rows/stalled HTTP/1.1\r\nHost: a\r\n\r\n")
        until_closed("/rows/stalled")
        received = bytearray()
        try:
            while piece := connection.recv(1 << 20):
                received += piece
        except ConnectionError:
            pass
    assert received.startswith(b"HTTP/1.1 200") and not received.endswith(b"0\r\n\r\n")


def test_many_readers_who_take_nothing_hold_no_thread(port):
    connections = []
    for rank in range(60):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /rows/held%d HTTP/1.1\r\nHost: a\r\n\r\n" % rank)
        connections.append(connection)
    assert ask(port, "/") == (200, b"light")
    assert ask(port, "/healthz") == (200, b"light")
    for connection in connections:
        connection.close()
    until_closed("/rows/held59")


def test_the_environment_is_that_of_wsgi():
    scope = {
        "method": "POST",
        "path": "/déjà vu",
        "raw_path": b"/d%C3%A9j%C3%A0%20vu",
        "query_string": b"a=%C3%A9",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("192.0.2.7", 4321),
        "scheme": "http",
        "headers": [
            (b"host", b"donnees.example"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"accept", b"text/html"),
            (b"accept", b"*/*"),
            (b"content-type", b"text/plain"),
            (b"content-length", b"5"),
            (b"x-forwarded-for", b"203.0.113.5"),
            (b"x_forwarded_for", b"198.51.100.1"),
        ],
    }
    environ = environ_of(scope)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/déjà vu"
    assert (environ["HTTP_COOKIE"], environ["HTTP_ACCEPT"]) == ("a=1; b=2", "text/html,*/*")
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "5")
    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.5"
    assert (environ["REMOTE_ADDR"], environ["REMOTE_PORT"]) == ("192.0.2.7", "4321")
