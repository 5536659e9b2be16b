"""Fetching again: what did not change costs nothing, what was cut goes on where it was, and keys go to their own server alone."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from parvis.core.fetching import (
    BadUrl,
    FetchCut,
    FetchFailed,
    FetchTooLarge,
    FetchTooSlow,
    HttpStatus,
    PrivateAddress,
    allowed_hosts,
    fetch,
    files,
    is_public,
)

BODY = bytes(range(256)) * 4000
LOCAL = allowed_hosts(["127.0.0.0/8", "donnees.example", "ailleurs.example"])


class _Handler(BaseHTTPRequestHandler):
    heard: list[tuple[str, dict[str, str]]] = []
    version = "1"

    def log_message(self, *_: object) -> None:
        """Keep the test quiet."""

    def do_GET(self) -> None:
        self.heard.append((self.path, dict(self.headers)))
        getattr(self, "answer_" + self.path.strip("/").partition("?")[0])()

    def do_POST(self) -> None:
        self.do_GET()

    def answer_file(self) -> None:
        if (
            self.headers["If-None-Match"] == '"v1"'
            or self.headers["If-Modified-Since"] == "Mon, 02 Nov 2026 08:00:00 GMT"
        ):
            self.send(304)
        else:
            self.send(200, b"new", ETag='"v1"', Last_Modified="Mon, 02 Nov 2026 08:00:00 GMT")

    def answer_away(self) -> None:
        self.send(302, Location=f"http://ailleurs.example:{self.server.server_address[1]}/file")

    def answer_inward(self) -> None:
        self.send(302, Location=f"http://127.0.0.1:{self.server.server_address[1]}/file")

    def answer_near(self) -> None:
        self.send(302, Location="/file")

    def answer_later(self) -> None:
        self.send(429, Retry_After="120")

    def answer_night(self) -> None:
        self.send(503, Retry_After=self.date_time_string(int(time.time()) + 3600))

    def answer_frail(self) -> None:
        """A server that hangs up after 300 kB of each answer, and knows ranges."""
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        if start and self.headers["If-Range"] == '"frail"' and type(self).version == "1":
            rest = BODY[start:]
            self.send(
                206,
                rest[:300_000],
                len(rest),
                ETag='"frail"',
                Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}",
            )
        elif start:
            self.send(200, BODY[::-1], ETag='"other"')
        else:
            self.send(200, BODY[:300_000], len(BODY), ETag='"frail"')

    def answer_liar(self) -> None:
        """A server whose rest of the file is that of another."""
        if self.headers["Range"]:
            self.send(206, b"x" * 100, ETag='"liar"', Content_Range="bytes 0-99/100")
        else:
            self.send(200, BODY[:1000], len(BODY), ETag='"liar"')

    def answer_weak(self) -> None:
        self.send(200, BODY[:1000], len(BODY), ETag='W/"weak"')

    def answer_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(60):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass

    def send(self, status: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def get(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., files.Fetched]:
    monkeypatch.setattr(files, "RESUME_WAITS", (0.0, 0.0))
    monkeypatch.setattr(_Handler, "version", "1")
    _Handler.heard.clear()

    def got(path: str, host: str = "donnees.example", **options: object) -> files.Fetched:
        options = {"max_bytes": 2_000_000, "allowed": LOCAL, "resolver": lambda *_: ["127.0.0.1"], **options}
        return fetch(f"http://{host}:{port}/{path}", tmp_path / "f", **options)

    return got


def test_a_file_that_did_not_change_is_not_sent_again(get: Callable[..., files.Fetched], tmp_path: Path) -> None:
    first = get("file")
    assert (first.bytes, first.digest, first.unchanged) == (3, hashlib.sha256(b"new").hexdigest(), False)
    first.path.unlink()
    for validators in ({"etag": first.etag}, {"last_modified": first.last_modified}):
        again = get("file", **validators)
        assert (again.unchanged, again.etag or first.etag) == (True, first.etag)
        assert list(tmp_path.iterdir()) == []
    assert get("file", etag='"v0"').bytes == 3


def test_keys_go_to_the_server_that_was_named_and_to_no_other(
    get: Callable[..., files.Fetched], tmp_path: Path
) -> None:
    keys = {"Authorization": "Bearer s3cr3t", "X-Api-Key": "s3cr3t", "Accept": "text/csv"}
    get("away", headers=keys, allowed=lambda *_: True)
    (_, first), (_, second) = _Handler.heard
    assert first["X-Api-Key"] == "s3cr3t"
    assert "s3cr3t" not in str(second)
    assert second["Accept"] == "text/csv"
    (tmp_path / "f").unlink()
    get("near", headers=keys)
    assert _Handler.heard[-1][1]["Authorization"] == "Bearer s3cr3t"


def test_what_is_posted_is_not_sent_where_an_answer_leads(get: Callable[..., files.Fetched]) -> None:
    assert get("near", method="POST", body=b"secret question").bytes == 3
    assert "Content-Length" not in _Handler.heard[-1][1]


def test_a_public_server_cannot_lead_to_a_private_one_that_the_operator_lists(port: int, tmp_path: Path) -> None:
    with pytest.raises(PrivateAddress):
        fetch(
            f"http://donnees.example:{port}/inward",
            tmp_path / "f",
            max_bytes=100,
            allowed=LOCAL,
            resolver=lambda *_: ["127.0.0.1"],
        )


def test_a_server_says_when_it_wants_to_be_asked_again(get: Callable[..., files.Fetched]) -> None:
    with pytest.raises(HttpStatus) as later:
        get("later")
    with pytest.raises(HttpStatus) as night:
        get("night")
    assert later.value.retry_after == 120
    assert 3500 < night.value.retry_after <= 3600
    assert [path for path, _ in _Handler.heard] == ["/later", "/night"]  # and it is not asked before


def test_a_download_that_is_cut_goes_on_where_it_was(get: Callable[..., files.Fetched]) -> None:
    steps = []
    fetched = get("frail", progress=lambda *step: steps.append(step))
    assert fetched.path.read_bytes() == BODY
    assert fetched.digest == hashlib.sha256(BODY).hexdigest()
    assert steps[-1] == ("fetch", len(BODY), len(BODY))
    assert len(_Handler.heard) == 4


def test_a_file_that_changed_meanwhile_is_read_from_its_beginning(get: Callable[..., files.Fetched]) -> None:
    def progress(_stage: str, done: int, _total: int | None = None) -> None:
        if done >= 300_000:
            _Handler.version = "2"

    fetched = get("frail", progress=progress)
    assert (fetched.path.read_bytes() == BODY[::-1], fetched.etag) == (True, '"other"')


@pytest.mark.parametrize(("path", "error"), [("liar", FetchFailed), ("weak", FetchCut), ("drip", FetchTooSlow)])
def test_what_cannot_be_gone_on_with_is_refused_and_leaves_nothing(
    get: Callable[..., files.Fetched], tmp_path: Path, path: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        get(path, idle_seconds=0.4)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_already_is_left_alone(get: Callable[..., files.Fetched], tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        get("file")
    assert (tmp_path / "f").read_bytes() == b"mine"


@pytest.mark.parametrize("entry", ["", "10.0.0.0/99", "nas:0", "300.1.1.1", "10.0.0.0/24/3"])
def test_an_entry_that_is_no_host_nor_network_is_refused(entry: str) -> None:
    with pytest.raises(ValueError):
        allowed_hosts([entry])


def test_no_message_tells_the_keys_of_an_address(get: Callable[..., files.Fetched], port: int) -> None:
    for error, path, options in (
        (FetchTooLarge, "frail?key=s3cr3t", {"max_bytes": 10}),
        (PrivateAddress, "file?key=s3cr3t", {"allowed": is_public}),
        (BadUrl, "file?key=s3cr3t ", {}),
    ):
        with pytest.raises(error) as refusal:
            get(path, host="127.0.0.1", **options)
        assert "key=…" in str(refusal.value)
        assert "s3cr3t" not in f"{refusal.value} {refusal.value.details}"
