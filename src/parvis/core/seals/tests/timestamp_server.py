"""A timestamp server of the tests' own: ``openssl ts -reply`` behind a few lines of HTTP, which may be made to lie."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_SETTINGS = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
certs = {folder}/root.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *words: str) -> None:
    """Run openssl; fails loudly."""
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path, name: str = "Horloge") -> Path:
    """A root and its timestamping certificate in ``folder``; the root, in PEM."""
    folder.mkdir(parents=True, exist_ok=True)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(
        folder, "req", "-x509", *curve, "-keyout", "root.key", "-out", "root.pem", "-days", "3650",
        "-subj", f"/CN={name} racine",
    )  # fmt: skip
    openssl(folder, "req", *curve, "-keyout", "signer.key", "-out", "signer.csr", "-subj", f"/CN={name}")
    (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    openssl(
        folder, "x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
        "-days", "3650", "-extfile", "ext", "-out", "signer.pem",
    )  # fmt: skip
    (folder / "serial").write_text("01\n")
    (folder / "settings").write_text(_SETTINGS.format(folder=folder))
    return folder / "root.pem"


def answer(folder: Path, request: bytes) -> bytes:
    """The answer of the authority to a request."""
    (folder / "request").write_bytes(request)
    openssl(folder, "ts", "-reply", "-config", "settings", "-queryfile", "request", "-out", "answer")
    return (folder / "answer").read_bytes()


@contextmanager
def served(reply: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    """The address of a server that answers each request with what ``reply`` gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
