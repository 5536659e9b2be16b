"""Places at the engine's counter: so many questions of one caller at work at once, so many heavy ones in all.

What makes a question heavy is learnt: questions of one shape (``rules.shape_of_question``) cost about the same. One whose
shape is known as heavy, or that has already run for long, takes one of the few heavy places; light ones have places of
their own, so they pass beside the heavy ones of anybody. An unknown shape gets a few places until its cost is known.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from parvis.hub.quotas.clock import SharedClock

HEAVY_SECONDS = 0.25
"""Share of the engine's time from which a question is heavy."""

_SHAPES = 4_000


@dataclass(frozen=True, slots=True)
class Permits:
    """How many of something at once, in one process of the server: of everybody, and of one caller."""

    in_all: int
    of_one: int


PERMITS = {
    "files": Permits(48, 12),
    "checks": Permits(4, 2),
    "pdf": Permits(2, 1),
    "pictures": Permits(8, 6),
    "ign": Permits(12, 8),
    "previews": Permits(6, 3),
    "portals": Permits(8, 6),
}
"""What is not asked of the engine: files on their way, files checked, pages set as PDF, pages of received files drawn, tiles
fetched of IGN: as many as a browser asks for together, first rows of a file prepared; questions of federated datasets that their
portals are asked."""


class Full(Enum):
    """Why there is no permit."""

    OF_ONE = "of one"
    IN_ALL = "in all"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many questions at once, in one process of the server."""

    heavy: int = 3
    """Heavy questions of everybody."""
    heavy_of_one: int = 2
    """Heavy questions of one caller: another caller always finds a place."""
    of_one: int = 6
    """Questions of one caller, when the next is not known to be light."""
    light_of_one: int = 12
    """Questions of one caller, when the next is known to be light: a map asks for many tiles at once."""
    unknown_of_a_shape: int = 4
    """Questions of one caller and one shape whose cost is not known yet."""
    waiting: int = 8
    """Questions of everybody that wait; each holds a thread of the server (``config.serving.bridge.request_classes``)."""
    waiting_of_one: int = 6
    streams: int = 16
    """Files being made while they are sent, of everybody; each holds its rows until its reader has it whole."""
    streams_of_one: int = 4
    seconds: float = 5.0
    """Longest wait for a place."""


@dataclass(eq=False, slots=True)
class Permit:
    """A question at work."""

    client: str
    shape: str
    start: float
    heavy: bool
    charged: float = 0.0


@dataclass(slots=True)
class _State:
    running: set[Permit] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    permits: list[tuple[str, str]] = field(default_factory=list)


class ConcurrencyLimiter:
    """The counter of one process; safe with any number of threads."""

    def __init__(self, bounds: Bounds | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self.bounds = bounds or Bounds()
        self.clock = SharedClock(now)
        self._costs: OrderedDict[str, float] = OrderedDict()
        self._state = _State()
        self._changed = threading.Condition()

    def enter(self, client: str, shape: str) -> Permit | None:
        """A turn, after a bounded wait; None when there is no place, or no place to wait."""
        with self._changed:
            if not self._has_place(client, shape) and not self._waited(client, shape):
                return None
            cost = self._costs.get(shape)
            turn = Permit(client, shape, self.clock.enter(), (cost or 0.0) >= HEAVY_SECONDS)
            self._state.running.add(turn)
            return turn

    def leave(self, turn: Permit) -> float:
        """End a turn; the share of the engine's time it took."""
        with self._changed:
            turn.charged = self.clock.leave(turn.start)
            self._state.running.discard(turn)
            former = self._costs.pop(turn.shape, turn.charged)
            self._costs[turn.shape] = (former + turn.charged) / 2
            if len(self._costs) > _SHAPES:
                self._costs.popitem(last=False)
            self._changed.notify_all()
        return turn.charged

    def start_stream(self, client: str) -> bool:
        """Take a place for a file to send; False when there is none."""
        return self.take("streams", client, Permits(self.bounds.streams, self.bounds.streams_of_one)) is None

    def end_stream(self, client: str) -> None:
        """Give it back."""
        self.give_back("streams", client)

    def take(self, kind: str, client: str, permits: Permits | None = None) -> Full | None:
        """Take a permit of a kind (``PERMITS`` when none are given); why there is none, without waiting."""
        permits = permits or PERMITS[kind]
        with self._changed:
            taken = self._state.permits
            if taken.count((kind, client)) >= permits.of_one:
                return Full.OF_ONE
            if sum(row[0] == kind for row in taken) >= permits.in_all:
                return Full.IN_ALL
            taken.append((kind, client))
            return None

    def give_back(self, kind: str, client: str) -> None:
        """Give a permit back."""
        with self._changed:
            self._state.permits.remove((kind, client))

    def _waited(self, client: str, shape: str) -> bool:
        waiting = self._state.waiting
        if len(waiting) >= self.bounds.waiting or waiting.count(client) >= self.bounds.waiting_of_one:
            return False
        waiting.append(client)
        try:
            return self._changed.wait_for(lambda: self._has_place(client, shape), self.bounds.seconds)
        finally:
            waiting.remove(client)

    def _has_place(self, client: str, shape: str) -> bool:
        bounds, running, now = self.bounds, self._state.running, self.clock.read()
        own = [turn for turn in running if turn.client == client]
        cost = self._costs.get(shape)
        if cost is not None and cost < HEAVY_SECONDS:
            return len(own) < bounds.light_of_one
        if len(own) >= bounds.of_one:
            return False
        if cost is None:
            return sum(turn.shape == shape for turn in own) < bounds.unknown_of_a_shape
        heavy = [turn for turn in running if turn.heavy or now - turn.start >= HEAVY_SECONDS]
        return len(heavy) < bounds.heavy and sum(turn.client == client for turn in heavy) < bounds.heavy_of_one
