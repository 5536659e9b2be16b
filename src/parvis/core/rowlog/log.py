"""The log of one dataset: batches one after the other in segments, acknowledged once they are on the disk.

A segment is named by the number of its first batch; one that is full is never written again. Several processes write at once: one
writer at a time holds the log (``Store.alone``), reads what the others wrote since, cuts what a killed one left half-written, and
writes the batches of all the threads that wait in it with one synchronisation.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import ClassVar

from parvis.core.errors import NotFound, OperationError, ParvisError, RequestError
from parvis.core.rowlog.batches import Batch, Content, Head, LogDamaged, is_torn, read_at, written
from parvis.core.store import AlreadyStored, Store
from parvis.core.translation import gettext_noop

logger = logging.getLogger("parvis.rowlog")

SEGMENT = 16 * 1024 * 1024
"""Bytes after which a segment is full."""
ENDING = ".rows"
MOST_TOKENS = 100_000
"""Names of batches that are remembered, the latest: what is sent again is sent again soon."""
WAIT = 20.0
"""Seconds that a writer waits for the log."""
MOST_PLACES = 1_000
"""Batches of which it is remembered where they end, the latest: who reads on begins there, not with the segment."""


class LogBusy(OperationError):
    """Another process holds the log for longer than a caller can wait."""

    code: ClassVar[str] = "rows-log-busy"
    sentence: ClassVar[str] = gettext_noop("Le journal des lignes de ce jeu de données est occupé.")
    advice: ClassVar[str] = gettext_noop("Envoyez le même lot à nouveau dans quelques secondes.")
    wait: ClassVar[int | None] = 5


class LogUnwritten(OperationError):
    """The disk did not take a batch, of which nothing remains: it is full, most often."""

    code: ClassVar[str] = "rows-log-unwritten"
    sentence: ClassVar[str] = gettext_noop(
        "Ce lot n’a pas pu être écrit sur le disque du portail : rien n’en est gardé."
    )
    advice: ClassVar[str] = gettext_noop("Envoyez le même lot à nouveau quand il y aura de la place.")
    wait: ClassVar[int | None] = 60


class TokenReused(RequestError):
    """Another batch was sent under that name."""

    code: ClassVar[str] = "rows-token-reused"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop("Un autre lot a déjà été envoyé sous le nom « {token} ».")
    advice: ClassVar[str] = gettext_noop("Donnez à chaque lot un nom (Idempotency-Key) qui n’a jamais servi.")


class LogMoved(RequestError):
    """Other batches came since the one after which this one was to be."""

    code: ClassVar[str] = "rows-log-moved"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop(
        "Le dernier lot de ce jeu de données est le n° {last}, et non le n° {expected}."
    )
    advice: ClassVar[str] = gettext_noop("Relisez ce qui a changé, puis envoyez votre lot à la suite.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch to keep: its head without a number, its content, and the batch that must be the last one before it, if that matters."""

    head: Head
    content: Content = field(default_factory=Content)
    after: int | None = None


@dataclass(slots=True)
class _Place:
    """Where one stands in the log: the segment, the first byte of the last batch read and the one after it, its number, check and moment."""

    segment: int = 1
    start: int = 0
    offset: int = 0
    number: int = 0
    check: int | None = None
    moment: float = 0.0


@dataclass(slots=True)
class _Waiting:
    entry: Entry
    head: Head | None = None
    is_new: bool = True
    error: Exception | None = None
    is_done: bool = False


class RowLog:
    """The log below ``folder`` of a store; one object a process and a dataset, safe to use from many threads."""

    def __init__(self, store: Store, folder: str, *, segment: int = SEGMENT) -> None:
        self._store, self._folder, self._segment = store, folder, segment
        self._queue: list[_Waiting] = []
        self._queue_lock, self._writing = threading.Lock(), threading.Lock()
        self._place: _Place | None = None
        self._tokens: OrderedDict[tuple[str, str], Head] = OrderedDict()
        self._places: OrderedDict[int, _Place] = OrderedDict()
        self._places_lock = threading.Lock()

    def append(self, entry: Entry) -> tuple[Head, bool]:
        """Keep a batch; its head with the number it was given, and False when it had been kept before under the same name.

        It is on the disk when this returns. TokenReused, LogMoved, LogBusy, LogDamaged, LogUnwritten: nothing was kept.
        """
        waiting = _Waiting(entry)
        with self._queue_lock:
            self._queue.append(waiting)
        # Whoever comes first writes for all that wait: one synchronisation of the disk for as many batches as came meanwhile.
        with self._writing:
            if not waiting.is_done:
                self._write_queue()
        if waiting.error is not None:
            raise waiting.error
        assert waiting.head is not None
        return waiting.head, waiting.is_new

    def last_number(self) -> int:
        """The number of the last batch; 0 when there is none."""
        with self._writing:
            return self._caught_up().number

    def read(self, after: int = 0) -> Iterator[Batch]:
        """The whole batches that come after the one of that number, in order; LogDamaged when one of them is not whole any more."""
        place = self._place_after(after)
        if place is None:
            return
        for batch in self._read_on(place):
            if batch.head.number > after:
                yield batch
        if any(first > place.number + 1 for first in self.segments()):
            raise LogDamaged(name=self._name(place.segment), offset=place.offset)

    def _place_after(self, number: int) -> _Place | None:
        """Where to read on from to have what comes after a batch; None when there is nothing at all."""
        with self._places_lock:
            passed = self._places.get(number)
        if passed is not None and self._is_still(passed):
            return replace(passed)
        segments = self.segments()
        start = max((first for first in segments if first <= number + 1), default=None)
        if start is not None:
            return _Place(segment=start, number=start - 1)
        if segments:
            raise LogDamaged(name=self._name(segments[0]), offset=0)
        return None

    def _is_still(self, place: _Place) -> bool:
        """Whether the batch that ends there is the one that was read: what a failing disk took back was not kept."""
        try:
            with self._store.open(self._name(place.segment)) as stream:
                stream.seek(place.start)
                read = read_at(stream.read(place.offset - place.start), 0)
        except NotFound:
            return False
        return read is not None and read[0].check == place.check

    def segments(self) -> list[int]:
        """The numbers of the first batches of its segments, in order."""
        names = self._store.children(self._folder)
        return sorted(int(name.removesuffix(ENDING)) for name in names if name.endswith(ENDING))

    def forget(self, until: int) -> None:
        """Remove the segments whose batches all have that number at most; the last one stays."""
        segments = self.segments()
        for first, following in pairwise(segments):
            if following <= until + 1:
                self._store.delete(self._name(first))

    def _name(self, first: int) -> str:
        return f"{self._folder}/{first:012d}{ENDING}"

    def _write_queue(self) -> None:
        with self._queue_lock:
            queue, self._queue = self._queue, []
        try:
            with self._store.alone(self._folder, WAIT):
                self._write(queue)
        except TimeoutError:
            _fail(queue, LogBusy())
        except ParvisError as error:
            _fail(queue, error)
        except OSError as error:
            logger.warning("Rows could not be written: %s", error)
            _fail(queue, LogUnwritten())
        except BaseException:
            _fail(queue, LogBusy())
            raise
        finally:
            for waiting in queue:
                waiting.is_done = True

    def _write(self, queue: Sequence[_Waiting]) -> None:
        place = replace(self._caught_up())
        tokens: dict[tuple[str, str], Head] = {}
        pieces = [piece for waiting in queue if (piece := self._placed(waiting, place, tokens)) is not None]
        if not pieces:
            return
        assert self._place is not None
        segment, offset = self._place.segment, self._place.offset
        if offset >= self._segment or not self._store.exists(self._name(segment)):
            segment, offset = self._place.number + 1, 0
            with suppress(AlreadyStored):  # left empty by a killed writer
                # Its name is brought to the disk with it, which growing alone does not do.
                self._store.put(self._name(segment), b"", new=True)
        body = memoryview(b"".join(pieces))
        try:
            with self._store.grow(self._name(segment), offset) as target:
                rest = body
                while rest:
                    rest = rest[target.write(rest) :]
        except BaseException:
            # Some batches may be whole there, which nobody is told were kept.
            with suppress(OSError), self._store.grow(self._name(segment), offset):
                pass
            raise
        place.segment, place.offset = segment, offset + len(body)
        place.start = place.offset - len(pieces[-1])
        self._place = place
        self._pass(place)
        for key, head in tokens.items():
            self._remember(key, head)

    def _placed(self, waiting: _Waiting, place: _Place, tokens: dict[tuple[str, str], Head]) -> bytes | None:
        """The bytes of a batch once it has its number; None when there is nothing to write: its outcome is then said."""
        entry = waiting.entry
        key = (entry.head.caller, entry.head.token)
        if entry.head.token and (former := tokens.get(key) or self._tokens.get(key)) is not None:
            waiting.head, waiting.is_new = former, False
            if former.digest != entry.head.digest:
                waiting.error = TokenReused(token=entry.head.token)
            return None
        if entry.after is not None and entry.after != place.number:
            waiting.error = LogMoved(last=place.number, expected=entry.after)
            return None
        moment = max(time.time(), place.moment)
        head = replace(entry.head, number=place.number + 1, moment=moment, before=place.check or 0)
        body, check = written(head, entry.content)
        place.number, place.check, place.moment = head.number, check, moment
        waiting.head = head
        if head.token:
            tokens[key] = head
        return body

    def _caught_up(self) -> _Place:
        """Where the log ends, once what others wrote since was read."""
        if self._place is None:
            latest = self.segments()[-2:]
            first = latest[0] if latest else 1
            self._place = _Place(segment=first, number=first - 1)
        for batch in self._read_on(self._place):
            if batch.head.token:
                self._remember((batch.head.caller, batch.head.token), batch.head)
        return self._place

    def _pass(self, place: _Place) -> None:
        """Note where the batch ends that was just read or written."""
        with self._places_lock:
            self._places[place.number] = replace(place)
            while len(self._places) > MOST_PLACES:
                self._places.popitem(last=False)

    def _remember(self, key: tuple[str, str], head: Head) -> None:
        self._tokens[key] = head
        while len(self._tokens) > MOST_TOKENS:
            self._tokens.popitem(last=False)

    def _read_on(self, place: _Place) -> Iterator[Batch]:
        """The whole batches from a place on, which goes with them."""
        while True:
            data = self._bytes_from(place)
            start, base = 0, place.offset
            while (read := read_at(data, start)) is not None:
                batch, end = read
                if batch.head.number != place.number + 1 or place.check not in (None, batch.head.before):
                    raise LogDamaged(name=self._name(place.segment), offset=place.offset)
                place.start, place.offset, place.number = base + start, base + end, batch.head.number
                start = end
                place.check, place.moment = batch.check, batch.head.moment
                self._pass(place)
                yield batch
            following = place.number + 1
            if following != place.segment and self._store.exists(self._name(following)):
                place.segment, place.start, place.offset = following, 0, 0
                continue
            if start < len(data) and not is_torn(data, start):
                raise LogDamaged(name=self._name(place.segment), offset=place.offset)
            return

    def _bytes_from(self, place: _Place) -> bytes:
        try:
            with self._store.open(self._name(place.segment)) as stream:
                stream.seek(place.offset)
                return stream.read()
        except NotFound:
            return b""


def _fail(queue: Sequence[_Waiting], error: Exception) -> None:
    for waiting in queue:
        if waiting.head is None or waiting.is_new:
            waiting.error = waiting.error or error
