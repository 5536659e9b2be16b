"""Real servers on the loopback, one for each protocol, over one folder."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, make_server

import asyncssh
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer
from wsgidav.wsgidav_app import WsgiDAVApp

USER, SECRET = "agent", "motdepasse-s3cr3t"


def certificate(folder: Path, name: str) -> Path:
    """A certificate for ``name`` that nobody vouches for, with its key; the certificate alone beside it."""
    both, alone = folder / "both.pem", folder / "cert.pem"
    command = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={name}"
    subprocess.run(
        [*command.split(), "-addext", f"subjectAltName=DNS:{name}", "-keyout", both, "-out", alone],
        check=True,
        capture_output=True,
    )
    both.write_bytes(both.read_bytes() + alone.read_bytes())
    return both


@contextmanager
def ftp(folder: Path, pem: Path | None = None, machine_listing: bool = True) -> Iterator[int]:
    """pyftpdlib over ``folder``; encrypted alone with ``pem``; without MLSD it is a server of old."""
    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, SECRET, str(folder), perm="elr")
    commands = dict((TLS_FTPHandler if pem else FTPHandler).proto_cmds)
    if not machine_listing:
        del commands["MLSD"], commands["MLST"]
    options = {
        "authorizer": authorizer,
        "proto_cmds": commands,
        "auth_failed_timeout": 0,
        "unicode_errors": "surrogateescape",
    }
    options["masquerade_address"] = "10.0.0.1"  # as behind many a router: no client may believe it
    if pem is not None:
        options |= {"certfile": str(pem), "tls_control_required": True, "tls_data_required": True}
    handler = type("Handler", (TLS_FTPHandler if pem else FTPHandler,), options)
    server = FTPServer(("127.0.0.1", 0), handler, ioloop=IOLoop())
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            server.ioloop.loop(timeout=0.02, blocking=False)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.address[1]
    finally:
        stopped.set()
        thread.join()
        server.close_all()


@contextmanager
def sftp(folder: Path, host_key: object, user_key: object) -> Iterator[int]:
    """asyncssh's server over ``folder``."""

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, SECRET)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            return key.public_data == user_key.public_data

    def files(channel: object) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=os.fsencode(folder))

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncssh.listen("127.0.0.1", 0, server_factory=Server, server_host_keys=[host_key], sftp_factory=files)
    server = asyncio.run_coroutine_threadsafe(_awaited(listening), loop).result()
    try:
        yield server.get_port()
    finally:
        server.close()
        time.sleep(0.05)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _awaited(work: object) -> object:
    return await work


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the test quiet."""


@contextmanager
def dav(folder: Path) -> Iterator[int]:
    """WsgiDAV over ``folder``; its pages list folders, too."""
    application = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": SECRET}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def s3(folder: Path, files: dict[str, bytes]) -> Iterator[int]:
    """SeaweedFS with one key, and ``files`` (bucket and key) in it, put there by its own door."""
    identity = {"name": "a", "credentials": [{"accessKey": USER, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = [_free_port() for _ in range(4)]
    program = Path(sys.executable).with_name("weed")
    command = [
        *(program, "server", "-ip=127.0.0.1", f"-dir={folder}", "-s3", f"-s3.config={folder / 's3.json'}"),
        *(f"-master.port={ports[0]}", f"-volume.port={ports[1]}", f"-filer.port={ports[2]}", f"-s3.port={ports[3]}"),
        *("-volume.max=20", "-master.volumeSizeLimitMB=50"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        for _ in range(1200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{ports[3]}/healthz", timeout=2).close()
                break
            time.sleep(0.1)
        for key, content in files.items():
            url = f"http://127.0.0.1:{ports[2]}/buckets/{quote(key)}"
            urllib.request.urlopen(urllib.request.Request(url, content, method="PUT"), timeout=10).close()
        yield ports[3]
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            if (port := probe.getsockname()[1]) < 55_000:  # SeaweedFS takes ten thousand more for itself
                return port


@contextmanager
def mute(drip: bool) -> Iterator[int]:
    """A server that takes connections and says nothing, or a byte now and then for ever."""
    stopped = threading.Event()

    def answer(connected: socket.socket) -> None:
        with connected, contextlib.suppress(OSError):
            while not stopped.wait(0.05):
                if drip:
                    connected.sendall(b"2")

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            stopped.set()
            server.shutdown(socket.SHUT_RDWR)
