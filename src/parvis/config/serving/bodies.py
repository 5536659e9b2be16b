"""Bodies of requests, received whole before a thread is taken, within bounds of size, time and number.

A sender that is slow, on purpose or not, then holds a connection and nothing else.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from parvis.config.serving.refusals import BodyTooLarge, BodyTooSlow, ReceptionFull, TooManyBodies
from parvis.core.rowlog.received import MOST_BYTES
from parvis.hub.datastore.rules import FREE_MARGIN

type Receive = Callable[[], Awaitable[dict[str, Any]]]

IN_MEMORY = 256 * 1024
"""Bytes of a body that stay in memory; the rest is on disk."""
PIECE = 1 << 20
"""Bytes written to disk at a time, in a thread: a slow disk must not stop the loop."""


@dataclass(frozen=True, slots=True)
class BodyRule:
    """What may be sent to the addresses that begin with ``prefixes``, and end so when ``ending`` is given."""

    prefixes: tuple[str, ...]
    most: int
    """Bytes."""
    of_one: int
    """Bodies on their way at once from one caller."""
    in_all: int
    """The same from everybody, in one process."""
    seconds: float = 600.0
    """Time that any body may take."""
    rate: int = 200_000
    """Bytes a second that give a longer time to a larger body."""
    idle: float = 20.0
    """Seconds without a byte."""
    ending: str = ""

    def fits(self, path: str) -> bool:
        """Whether it is the rule of an address."""
        return path.endswith(self.ending) and is_below(path, self.prefixes)

    def deadline(self, received: int) -> float:
        """Seconds within which a body must be whole, once that many bytes are there."""
        return max(self.seconds, received / self.rate)


def is_below(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether an address begins with one of these, at the root or at a site that has a prefix of its own (``/ville/valider/``)."""
    return path.startswith(prefixes) or path[path.find("/", 1) :].startswith(prefixes)


_RESUMED = re.compile(r"/api/parvis/v1/uploads/[^/]+|/(?:admin|compte)/depots/(?:[^/]+/)*[0-9a-f-]{36}/")
"""Where files come in pieces, of which what came is kept: uploads by key, deposits of the back office, links of deliveries."""


def is_resumed(method: str, path: str) -> bool:
    """Whether a body that breaks off is given to the application all the same: a piece of a file that is resumed (tus)."""
    rest = path[path.find("/", 1) :]  # below a site that has a prefix of its own
    return method == "PATCH" and bool(_RESUMED.fullmatch(path) or _RESUMED.fullmatch(rest))


CHECKS = ("/valider/", "/api/parvis/v1/validate")
PUSHED = "/api/parvis/v1/datasets/"
OFFICE = ("/admin/", "/api/parvis/v1/actes/depots", PUSHED, "/api/parvis/v1/uploads/")
OVERHEAD = 1_000_000
"""Bytes of a form around its files."""


def body_rules(largest_check: int, largest_upload: int) -> tuple[BodyRule, ...]:
    """The rows, the first that fits is taken; anybody may send to the last."""
    return (
        BodyRule(CHECKS, largest_check + OVERHEAD, of_one=2, in_all=24),
        BodyRule((PUSHED,), MOST_BYTES, of_one=8, in_all=48, ending="/rows"),
        BodyRule(OFFICE, largest_upload + OVERHEAD, of_one=8, in_all=48),
        BodyRule(("/",), 16_000_000, of_one=24, in_all=400, seconds=60.0, rate=100_000, idle=10.0),
    )


class ClientGone(Exception):
    """The caller left before the end of their body: nobody is there to be answered."""


class Reception:
    """The bodies on their way in one web process."""

    def __init__(self, rules: tuple[BodyRule, ...], folder: Path, disk: Executor, most_on_disk: int) -> None:
        self.rules = rules
        self._folder = folder
        self._disk = disk
        self._most_on_disk = most_on_disk
        self._on_disk = 0
        self._of_one: Counter[tuple[BodyRule, str]] = Counter()
        self._in_all: Counter[BodyRule] = Counter()

    def rule_of(self, path: str) -> BodyRule:
        """The row of an address."""
        return next((rule for rule in self.rules if rule.fits(path)), self.rules[-1])

    async def receive(
        self, receive: Receive, path: str, caller: str, announced: int | None, *, is_resumed: bool = False
    ) -> Body:
        """The body of a request; Refused, or ClientGone. Close it.

        One that ``is_resumed`` and breaks off is returned with what came of it, if anything did, and why (``Body.broken``).
        """
        rule = self.rule_of(path)
        if announced is not None and announced > rule.most:
            raise BodyTooLarge(limit=rule.most)
        with self._place(rule, caller):
            body = Body(self._folder)
            try:
                await self._fill(body, rule, receive, is_resumed=is_resumed)
            except BaseException:
                self.release(body)
                raise
            return body

    def release(self, body: Body) -> None:
        """Drop a body and what it holds of the disk."""
        self._on_disk -= body.on_disk
        body.on_disk = 0
        body.stream.close()

    @contextmanager
    def _place(self, rule: BodyRule, caller: str) -> Iterator[None]:
        key = (rule, caller)
        if self._of_one[key] >= rule.of_one:
            raise TooManyBodies(limit=rule.of_one)
        if self._in_all[rule] >= rule.in_all:
            raise ReceptionFull
        self._of_one[key] += 1
        self._in_all[rule] += 1
        try:
            yield
        finally:
            self._in_all[rule] -= 1
            self._of_one[key] -= 1
            if not self._of_one[key]:
                del self._of_one[key]

    async def _fill(self, body: Body, rule: BodyRule, receive: Receive, *, is_resumed: bool) -> None:
        start, pending = time.monotonic(), bytearray()
        more = True
        while more:
            try:
                message = await _next(receive, min(rule.idle, start + rule.deadline(body.size) - time.monotonic()))
            except (ClientGone, BodyTooSlow) as error:
                if not (is_resumed and body.size):
                    raise
                body.broken, message = error, {}
            more = message.get("more_body", False)
            pending += message.get("body", b"")
            body.size += len(message.get("body", b""))
            if body.size > rule.most:
                raise BodyTooLarge(limit=rule.most)
            if len(pending) >= PIECE or (not more and body.size > IN_MEMORY):
                await self._write(body, bytes(pending))
                pending.clear()
        body.stream.write(pending)
        body.stream.seek(0)

    async def _write(self, body: Body, piece: bytes) -> None:
        self._on_disk += len(piece)
        body.on_disk += len(piece)
        if self._on_disk > self._most_on_disk or shutil.disk_usage(self._folder).free < FREE_MARGIN:
            raise ReceptionFull
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, body.stream.write, piece)
        except OSError as error:
            raise ReceptionFull from error


async def _next(receive: Receive, seconds: float) -> dict[str, Any]:
    """The next message of a body; BodyTooSlow, or ClientGone."""
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            message = await receive()
    except TimeoutError as error:
        raise BodyTooSlow from error
    if message["type"] != "http.request":
        raise ClientGone
    return message


class Body:
    """A body received: its bytes, in memory or in a file without a name that goes with the process."""

    def __init__(self, folder: Path) -> None:
        self.stream: BinaryIO = SpooledTemporaryFile(max_size=IN_MEMORY, dir=folder)  # type: ignore[assignment]  # noqa: SIM115
        self.size = 0
        self.on_disk = 0
        self.broken: ClientGone | BodyTooSlow | None = None
        """Why the rest did not come."""
