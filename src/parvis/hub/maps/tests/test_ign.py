import struct
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from parvis.core.mercator import BadTile
from parvis.hub.maps import ign


def png(side: int = 256) -> bytes:
    """A grey picture of that side."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(side * (side + 1)))) + chunk(b"IEND", b"")


class Geoplateforme(ThreadingHTTPServer):
    """A server on this machine that answers as it is told to, and counts what it is asked."""

    daemon_threads = True
    status, kind, body, location, wait = 200, "image/png", png(), "", 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        server.paths.append(self.path)
        time.sleep(server.wait)
        self.send_response(server.status)
        self.send_header("Content-Type", server.kind)
        self.send_header("Content-Length", str(len(server.body)))
        if server.location:
            self.send_header("Location", server.location)
        self.end_headers()
        with suppress(OSError):  # who asked has had enough
            self.wfile.write(server.body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def geoplateforme(settings, tmp_path) -> Iterator[Geoplateforme]:
    server = Geoplateforme()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.PARVIS_HOME = tmp_path
    url = f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}"
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAP_BASE": "ign", "PARVIS_IGN_URL": url}
    ign._server.silent_until = 0.0
    ign._server.stored = 1
    yield server
    ign._server.silent_until = 0.0
    server.shutdown()
    server.server_close()
    thread.join()


def tile(z=12, x=2075, y=1409):
    return ign.tile(z, x, y, allowed=lambda _address, _port: True)


def test_a_tile_is_asked_for_once_and_then_read_from_the_disk(geoplateforme):
    assert ign.stored_tile(12, 2075, 1409) is None
    assert tile() == tile() == ign.stored_tile(12, 2075, 1409) == png()
    assert geoplateforme.paths == ["/12/2075/1409"]


def test_many_readers_who_lack_the_same_tile_ask_for_it_once(geoplateforme):
    geoplateforme.wait = 0.3
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _rank: tile(), range(8))) == {png()}
    assert len(geoplateforme.paths) == 1


@pytest.mark.parametrize("place", [(20, 0, 0), (3, 8, 0), (3, 0, 8), (-1, 0, 0)])
def test_a_tile_that_does_not_exist_is_never_asked_for(geoplateforme, place):
    with pytest.raises(BadTile):
        tile(*place)
    assert geoplateforme.paths == []


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "text/html", b"<p>maintenance</p>"),
        (200, "image/png", b"<script>alert(1)</script>"),
        (200, "image/png", png()[:-20]),
        (200, "image/png", png() + b"<script>"),
        (200, "image/png", png(2048)),
        (200, "image/png", png().replace(b"IDAT", b"IDAX")),
        (404, "image/png", png()),
        (200, "image/png", png() + bytes(ign.LARGEST_TILE)),
    ],
)
def test_what_is_no_whole_picture_of_a_tile_is_neither_shown_nor_kept(geoplateforme, status, kind, body):
    geoplateforme.status, geoplateforme.kind, geoplateforme.body = status, kind, body
    with pytest.raises(ign.TileUnavailable):
        tile()
    assert ign.stored_tile(12, 2075, 1409) is None


def test_no_redirect_is_followed(geoplateforme):
    geoplateforme.status = 302
    geoplateforme.location = f"http://127.0.0.1:{geoplateforme.server_port}/elsewhere"
    with pytest.raises(ign.TileUnavailable):
        tile()
    assert geoplateforme.paths == ["/12/2075/1409"]


def test_a_server_that_fails_or_refuses_is_left_alone_and_an_old_tile_serves(geoplateforme, monkeypatch):
    old = tile()
    monkeypatch.setattr(ign, "KEPT_SECONDS", -1)
    geoplateforme.status = 503
    assert tile() == old
    assert not ign.is_answering()
    assert tile() == old
    with pytest.raises(ign.TileUnavailable):
        tile(12, 0, 0)
    assert len(geoplateforme.paths) == 2


def test_a_slow_server_costs_a_few_seconds_once(geoplateforme, monkeypatch):
    monkeypatch.setattr(ign, "_SECONDS", 0.3)
    geoplateforme.wait = 3.0
    started = time.monotonic()
    for _again in range(3):
        with pytest.raises(ign.TileUnavailable):
            tile()
    assert time.monotonic() - started < 2.5
    assert len(geoplateforme.paths) == 1


def test_the_disk_keeps_what_was_looked_at_last_within_its_bound(geoplateforme, settings):
    for x in range(6):
        tile(12, x, 0)
    settings.PARVIS = {**settings.PARVIS, "PARVIS_IGN_CACHE": 4 * 4096}
    time.sleep(0.02)
    assert ign.stored_tile(12, 0, 0)
    ign.sweep()
    assert ign.stored_tile(12, 0, 0)
    assert ign.stored_tile(12, 1, 0) is None
    assert sum(1 for _path in ign.cache_folder().glob("*/*/*.png")) == 3
    assert sum(1 for _folder in ign.cache_folder().glob("12/*")) == 3
