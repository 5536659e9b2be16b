"""Callers who send or read by drops, from outside, without any proxy: they hold their connection and nothing of anybody else's."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from served import HOST, Portal, until

pytestmark = pytest.mark.slow

LIGHT = (
    "/",
    "/explore/dataset/places/",
    "/api/explore/v2.1/catalog/datasets/places/records?limit=2",
    "/healthz",
    "/admin/login/",
)
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def portal(home) -> Iterator[Portal]:
    with Portal(home).served() as served:
        yield served


@pytest.fixture(scope="module")
def original(portal) -> str:
    page = portal.get("/explore/dataset/places/export/").body.decode()
    return re.search(r'href="([^"]*/original/)"', page).group(1)


@pytest.fixture
def connections() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def answers_light_requests(portal: Portal, rounds: int = 4) -> None:
    """Each is answered: before, none was until the slow ones had gone. How fast is measured by ``parvis bench``."""
    for _round in range(rounds):
        for path in LIGHT:
            assert portal.get(path).status in (200, 302), path


def status_of(connection: socket.socket) -> int:
    """The status on a connection, once it comes; 0 when it was closed without one."""
    first = connection.recv(200)
    return int(first.split(b" ", 2)[1]) if first else 0


def answered(connection: socket.socket) -> str:
    """What came on a connection so far; nothing is waited for."""
    connection.setblocking(False)
    try:
        return connection.recv(2000).decode()
    except OSError:
        return ""


def test_forty_five_slow_readers_of_a_file_take_nothing_from_others(portal, original, connections):
    for rank in range(45):
        zipped = ["Accept-Encoding: gzip"] if rank % 2 else []  # then it is a stream, made while it is read
        connections.enter_context(portal.connect(portal.head(f"GET {original}", *zipped), window=4096))
    answers_light_requests(portal)


def test_slow_readers_of_exports_take_nothing_from_others(portal, connections):
    for _rank in range(24):
        request = portal.head("GET /api/explore/v2.1/catalog/datasets/places/exports/csv")
        connections.enter_context(portal.connect(request, window=4096))
    answers_light_requests(portal)


def test_forty_five_slow_senders_take_nothing_from_others(portal, connections):
    request = portal.head("POST /preferences/", FORM, "Content-Length: 5000") + b"lang=f"
    for _rank in range(45):
        connections.enter_context(portal.connect(request))
    answers_light_requests(portal)


def test_idle_connections_and_slow_headers_take_nothing_from_others(portal, connections):
    for _rank in range(200):
        connections.enter_context(portal.connect())
    for _rank in range(20):
        connections.enter_context(portal.connect(b"GET / HTTP/1.1\r\nHost: 127"))
    answers_light_requests(portal)


def test_a_dozen_slow_uploads_of_one_caller_leave_checks_open_to_others(portal, connections):
    """Two of them go on, the others are told when to come back; somebody at another address has their file checked."""
    request = portal.head("POST /api/parvis/v1/validate?schema=scdl/subventions", "Content-Length: 50000000")
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        try:
            while not over.wait(0.1):
                connection.sendall(b"x" * 2000)
        except OSError:
            pass  # refused

    uploads = [connections.enter_context(portal.connect(request)) for _rank in range(12)]
    threads = [threading.Thread(target=drip, args=(connection,)) for connection in uploads]
    for thread in threads:
        thread.start()
    try:
        answers_light_requests(portal, rounds=2)
        with socket.create_connection((HOST, portal.port), 60, source_address=("127.0.0.9", 0)) as other:
            body = b"nomAttribuant;objet\nVille;Aide\n"
            line = "POST /api/parvis/v1/validate?schema=scdl/subventions"
            other.sendall(portal.head(line, f"Content-Length: {len(body)}") + body)
            assert status_of(other) == 200
        refused = [answer for connection in uploads if (answer := answered(connection)).startswith("HTTP/1.1 429")]
        assert len(refused) >= 8  # two are received by each web process
        assert all("retry-after:" in answer.lower() for answer in refused)
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_a_body_that_does_not_come_is_refused_and_the_connection_closed(portal):
    with portal.connect(portal.head("POST /preferences/", FORM, "Content-Length: 5000") + b"lang=f") as connection:
        assert status_of(connection) == 408
        until(lambda: connection.recv(4096) == b"", 30)


def test_a_file_whose_sender_is_cut_goes_on_where_it_stopped(portal, home):
    assert portal.parvis("user", "add", "agent@evry.example", "--superuser", "--json").returncode == 0
    named = ("--person", "agent@evry.example", "--name", "envois", "--expires", "30", "--scope", "administer")
    key = json.loads(portal.parvis("key", "create", *named, "--json").stdout)["key"]
    whole = os.urandom(3_000_000)

    def ask(method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(HOST, portal.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/api/parvis/v1{path}", body, {"Authorization": f"Apikey {key}", **named})
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    made = ask("POST", "/datasets/places/uploads?name=places.csv", Upload_Length=str(len(whole)))
    path = f"/uploads/{json.loads(made.body)['id']}"
    offset = 0
    for is_reset in (True, False):
        facts = (f"Authorization: Apikey {key}", f"Upload-Offset: {offset}", "Upload-Checksum: sha256 YWJj")
        facts = (*facts, "Content-Type: application/offset+octet-stream", f"Content-Length: {len(whole) - offset}")
        with portal.connect(portal.head(f"PATCH /api/parvis/v1{path}", *facts)) as connection:
            connection.sendall(whole[offset : offset + 1_000_000])
            time.sleep(0.5)  # a reset drops what was not read yet
            if is_reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        until(lambda before=offset: int(ask("HEAD", path).headers["Upload-Offset"]) > before, 60)
        offset = int(ask("HEAD", path).headers["Upload-Offset"])
    kind = {"Content_Type": "application/offset+octet-stream"}
    assert ask("PATCH", path, whole[offset:], Upload_Offset=str(offset), **kind).status == 204
    (file,) = (file for file in home.glob("**/file") if file.stat().st_size == len(whole))
    assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(whole).digest()


def test_a_connection_that_says_nothing_is_closed(portal):
    with portal.connect() as connection:
        until(lambda: connection.recv(4096) == b"", 60)


def test_a_body_larger_than_its_address_takes_is_refused_before_it_is_sent(portal):
    with portal.connect(portal.head("POST /preferences/", FORM, "Content-Length: 50000000")) as connection:
        assert status_of(connection) == 413


def test_who_reads_slowly_but_reads_has_the_whole_file(portal, original):
    whole = portal.get(original).body
    with portal.connect(portal.head(f"GET {original}", "Connection: close"), window=16_384) as connection:
        received = bytearray()
        while piece := connection.recv(65_536):
            received += piece
            if len(received) < 400_000:
                time.sleep(0.01)
    assert bytes(received).partition(b"\r\n\r\n")[2] == whole


def test_a_chunked_body_is_received_whole(portal):
    text = b'{"q": "SELECT count(*) AS n FROM places"}'
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (text[:9], text[9:])) + b"0\r\n\r\n"
    kinds = ("Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close")
    with portal.connect(portal.head("POST /api/parvis/v1/sql", *kinds) + pieces) as connection:
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    assert received.startswith(b"HTTP/1.1 200") and b"6000" in received


def test_a_header_with_an_underscore_does_not_pass_for_that_of_a_proxy(portal):
    """``X_Forwarded_For`` and ``X-Forwarded-For`` are one name in WSGI, and not every proxy drops the first."""
    answer = portal.get("/", **{"X_Forwarded_Host": "evil.example", "Accept_Language": "en"})
    assert b'lang="fr"' in answer.body
