"""Files over SFTP, by asyncssh, over a connection to the checked address; a server is known again by its key."""

from __future__ import annotations

import asyncio
import contextlib
import stat
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from parvis.core.fetching.connecting import connection
from parvis.core.fetching.errors import AccessRefused, BadKey, FetchFailed, HostKeyChanged, RemoteFileMissing
from parvis.core.fetching.limits import Limits
from parvis.core.fetching.locations import Child, Credentials, Location, encoded, marked, readable
from parvis.core.translation import Sentence

if TYPE_CHECKING:
    import asyncssh

LEAST_CHUNK, MOST_CHUNK = 1 << 14, 1 << 22
"""Bytes asked for at once: by many requests ahead of each other where the line is good, by one where it is slow."""
MOST_LOOKED = 50_000
"""Things of one folder that are looked at."""


class _Loop:
    """A loop of its own in a thread: the caller's thread may have one, and this package's doors are plain functions."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp", daemon=True)
        self._thread.start()

    def run[T](self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """The result of ``work``; TimeoutError after ``seconds``."""

        async def bounded() -> T:
            return await asyncio.wait_for(work, seconds)

        return asyncio.run_coroutine_threadsafe(bounded(), self._loop).result()

    def close(self) -> None:
        """End what still runs, and the thread."""

        async def ended() -> None:
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.wait(others, timeout=1) if others else None

        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(ended(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class SftpSession:
    """A conversation with an SFTP server."""

    def __init__(self, loop: _Loop, client: asyncssh.SFTPClient, host: str, host_key: str, limits: Limits) -> None:
        self._loop, self._client, self._host, self.host_key, self._limits = loop, client, host, host_key, limits

    def children(self, folder: str) -> Iterator[Child]:
        """What is in the folder; a link is what it leads to."""
        yield from self._run(self._children(_absolute(folder)), folder, self._limits.seconds_left)

    def status(self, path: str) -> Child:
        """Size and moment."""
        attributes = self._run(self._client.stat(_absolute(path)), path)
        if stat.S_ISDIR(attributes.permissions or 0):
            raise RemoteFileMissing(host=self._host, name=readable(path))
        return _child(path.rpartition("/")[2], attributes)

    def read(self, path: str, offset: int, write: Callable[[bytes], None]) -> None:
        """The bytes of the file, some requests ahead of each other."""
        import asyncssh  # noqa: PLC0415

        stream = self._run(self._stream(_absolute(path)), path)
        size = 4 * LEAST_CHUNK
        try:
            while True:
                start = time.monotonic()
                chunk = self._run(self._piece(stream, offset, size), path)
                if not chunk:
                    break
                offset += len(chunk)
                write(chunk)
                seconds = time.monotonic() - start
                size = (
                    min(2 * size, MOST_CHUNK) if seconds < 1 else max(size // 2, LEAST_CHUNK) if seconds > 4 else size
                )
        finally:
            with contextlib.suppress(asyncssh.Error, OSError):
                self._loop.run(stream.close(), 5)

    async def _stream(self, path: bytes) -> asyncssh.SFTPClientFile:
        return await self._client.open(path, "rb")

    async def _piece(self, stream: asyncssh.SFTPClientFile, offset: int, size: int) -> bytes:
        return cast(bytes, await stream.read(size, offset))

    async def _children(self, folder: bytes) -> list[Child]:
        import asyncssh  # noqa: PLC0415

        rows: list[Child] = []
        async for row in self._client.scandir(folder):
            name, attributes = _text(row.filename), row.attrs
            if stat.S_ISLNK(attributes.permissions or 0):
                with contextlib.suppress(asyncssh.Error):  # a link that leads nowhere is no file
                    attributes = await self._client.stat(folder.rstrip(b"/") + b"/" + encoded(name))
            mode = attributes.permissions or stat.S_IFREG
            if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
                rows.append(_child(name, attributes))
            if len(rows) >= MOST_LOOKED:
                break
        return rows

    def _run[T](self, work: Coroutine[Any, Any, T], path: str, seconds: float | None = None) -> T:
        import asyncssh  # noqa: PLC0415 half a second and fifty megabytes

        try:
            return self._loop.run(work, self._limits.timeout if seconds is None else seconds)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPPermissionDenied) as error:
            raise RemoteFileMissing(host=self._host, name=readable(path)) from error
        except (asyncssh.Error, ValueError) as error:
            raise FetchFailed(host=self._host, reason=Sentence("la connexion a échoué")) from error


@contextmanager
def open_sftp(location: Location, credentials: Credentials, limits: Limits) -> Iterator[SftpSession]:
    """A conversation with the server, whose key is the one of the first time if there was one; nothing is said to another."""
    import asyncssh  # noqa: PLC0415

    class Client(asyncssh.SSHClient):
        """Knows the server by its key."""

        seen = ""

        def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
            """Whether it is the server of the first time."""
            Client.seen = " ".join(key.export_public_key("openssh").decode("ascii").split()[:2])
            return credentials.host_key in ("", Client.seen)

    with connection(location.host, location.port, location.text[:300], limits) as (connected, _cut):
        loop = _Loop()
        try:
            options = _options(location, credentials, Client)
            work = _connected(connected, location, options, limits)
            ssh, client = loop.run(work, min(limits.seconds_left, 2 * limits.idle) or 0.001)
            try:
                yield SftpSession(loop, client, location.host, Client.seen, limits)
            finally:
                ssh.abort()
        except asyncssh.HostKeyNotVerifiable as error:
            raise HostKeyChanged(
                host=location.host, expected=_print(credentials.host_key), seen=_print(Client.seen)
            ) from error
        except asyncssh.PermissionDenied as error:
            raise AccessRefused(host=location.host) from error
        except asyncssh.Error as error:
            raise FetchFailed(host=location.host, reason=Sentence("la connexion SSH a échoué")) from error
        finally:
            loop.close()


async def _connected(
    connected: Any, location: Location, options: asyncssh.SSHClientConnectionOptions, limits: Limits
) -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
    import asyncssh  # noqa: PLC0415

    connected.setblocking(False)
    ssh = await asyncssh.connect(location.host, location.port, sock=connected, options=options)
    return ssh, await ssh.start_sftp_client(path_encoding=None)


def _options(
    location: Location, credentials: Credentials, client: type[asyncssh.SSHClient]
) -> asyncssh.SSHClientConnectionOptions:
    """What the connection uses: nothing of the account that runs this, no agent, no file of its keys or settings."""
    import asyncssh  # noqa: PLC0415

    keys = None
    if credentials.private_key:
        try:
            keys = [asyncssh.import_private_key(credentials.private_key, credentials.password or None)]
        except (asyncssh.KeyImportError, ValueError) as error:
            raise BadKey from error
    algorithms: dict[str, Any] = {}
    if credentials.host_key:
        kind = credentials.host_key.split()[0]
        names = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] if kind == "ssh-rsa" else [kind]
        algorithms = {"server_host_key_algs": names}
    return asyncssh.SSHClientConnectionOptions(
        client_factory=client,
        config=None,
        known_hosts=([], [], []),
        username=credentials.username or "anonymous",
        password=credentials.password if credentials.password and keys is None else None,
        client_keys=keys,
        agent_path=None,
        x509_trusted_certs=None,
        gss_host=None,
        **algorithms,
    )


def _child(name: str, attributes: asyncssh.SFTPAttrs) -> Child:
    size, modified = attributes.size, None if attributes.mtime is None else float(attributes.mtime)
    return Child(name, stat.S_ISDIR(attributes.permissions or 0), size, modified, marked(size, modified))


def _absolute(path: str) -> bytes:
    """A path from the root, or from the folder where one arrives when it begins with ``/~/``."""
    return encoded(path.removeprefix("/~/") or "." if path.startswith("/~/") else path)


def _text(name: bytes | str) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")


def _print(host_key: str) -> str:
    """A key as servers print it: the kind, and SHA-256 of the rest."""
    import asyncssh  # noqa: PLC0415

    return str(asyncssh.import_public_key(host_key).get_fingerprint()) if host_key else "?"
