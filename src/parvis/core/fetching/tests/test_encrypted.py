"""Encrypted connections: the checked address is reached, under the name that was asked for, and its certificate judged."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from parvis.core.fetching import FetchFailed, fetch

NAMES: list[str | None] = []


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the test quiet."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for donnees.example, with its key, signed by itself."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=donnees.example"
    )
    extension = ["-addext", "subjectAltName=DNS:donnees.example"]
    subprocess.run(
        [*command.split(), *extension, "-keyout", path, "-out", path.with_name("cert.pem")],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + path.with_name("cert.pem").read_bytes())
    return path


@pytest.fixture(scope="module")
def port(certificate: Path) -> Iterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: NAMES.append(name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(host: str, port: int, folder: Path) -> bytes:
    url = f"https://{host}:{port}/"
    answer = fetch(
        url, folder / "f", max_bytes=10, allowed=lambda *_: True, resolver=lambda *_: ["127.0.0.1"], idle_seconds=5
    )
    return answer.path.read_bytes()


def test_the_server_is_told_the_name_and_its_certificate_is_that_of_the_name(
    port: int, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
    assert fetched("donnees.example", port, tmp_path) == b"ok"
    assert NAMES[-1] == "donnees.example"


def test_a_certificate_of_another_name_is_refused(
    port: int, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
    with pytest.raises(FetchFailed, match="certificat"):
        fetched("autre.example", port, tmp_path)


def test_a_certificate_that_nobody_vouches_for_is_refused(port: int, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="certificat"):
        fetched("donnees.example", port, tmp_path)
