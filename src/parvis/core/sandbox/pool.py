"""Children kept warm by a process, one question at a time each, killed at the end of their time and replaced."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from parvis.core.children import frames
from parvis.core.children.companions import Companion
from parvis.core.engine.contract import Source
from parvis.core.engine.duckdb.relations import own_columns
from parvis.core.errors import ParvisError
from parvis.core.sandbox.answers import Answer, AnswerColumn, Limits
from parvis.core.statements.errors import (
    BY_CODE,
    SandboxBusy,
    SandboxFailed,
    SqlError,
    SqlTimeout,
    SqlTooLarge,
    SqlTooLong,
)
from parvis.core.statements.tables import TableName

_READING_SECONDS = 2.0
_STARTING_SECONDS = 15.0
_IN_MEMORY = 4_000_000
_PREFIX = "parvis-sql-"
LONGEST = 20_000
"""Characters of the longest statement."""


@dataclass(frozen=True, slots=True)
class Table:
    """A version under the name that a statement gives it, and what tells where its files are."""

    source: Source
    locate: Callable[[str], Path]

    @property
    def relation(self) -> str:
        """A SELECT over its files: its own columns, geometries as GEOMETRY."""
        return own_columns(self.source, self.locate)


type Resolve = Callable[[list[TableName]], Mapping[str, Table]]


@dataclass(frozen=True, slots=True)
class Resources:
    """What one child may take: bytes of memory and of temporary files, seconds for a question, questions in its life."""

    memory: int = 512_000_000
    spill: int = 1_000_000_000
    seconds: float = 10.0
    idle: float = 600.0
    """Seconds without a question after which it is ended."""
    questions: int = 500
    """Questions answered before it is replaced, so that nothing it has lost grows for ever."""


class Sandbox:
    """Answers SQL over versions below ``root`` with at most ``size`` children; safe to call from many threads.

    Nothing is started before the first question or ``warm()``. A process that forks afterwards must make its own.
    """

    def __init__(self, root: Path, *, size: int = 2, resources: Resources | None = None, wait: float = 5.0) -> None:
        self.root, self.size, self.wait = root.absolute(), size, wait
        self.resources = resources or Resources()
        self._idle: list[_Child] = []
        self._alive = 0
        self._starting = 0
        self._closed = False
        self._failure: OSError | frames.Gone | frames.Late | None = None
        self._changed = threading.Condition()
        self._orders: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._keeper: threading.Thread | None = None

    def warm(self) -> None:
        """See that a child is ready or on its way, without waiting for it."""
        with self._changed:
            if not self._alive:
                self._order_one()

    def ask(self, text: str, resolve: Resolve, limits: Limits | None = None) -> Answer:
        """The rows of a statement.

        ``resolve`` is given the tables that the statement reads and says which versions they are, or raises; it is called
        while a child is held. SqlError for what the writer can mend, SandboxBusy when no child is free in time.
        """
        if len(text) > LONGEST:
            raise SqlTooLong(limit=LONGEST)
        for _child in range(self.size):
            # It may have died of something else, before this question reached it, and every idle one beside it (a lack of
            # memory takes several): a child more than there can be idle ones tells.
            with contextlib.suppress(_DiedReading):
                return self._asked_once(text, resolve, limits)
        return self._asked_once(text, resolve, limits)

    def _asked_once(self, text: str, resolve: Resolve, limits: Limits | None) -> Answer:
        child = self._taken()
        healthy = False
        try:
            answer = self._asked(child, text, resolve, limits or Limits())
            healthy = True
            return answer
        except ParvisError as error:
            # After a lack of memory, what a child has left is not worth keeping.
            healthy = not isinstance(error, SqlTimeout | SqlTooLarge | SqlTooLong | SandboxFailed)
            raise
        finally:
            self._given_back(child, healthy)

    def close(self) -> None:
        """Kill every idle child and start no other."""
        with self._changed:
            self._closed = True
            children, self._idle = self._idle, []
            self._alive -= len(children)
            self._orders.put(False)
        for child in children:
            child.kill()

    def pids(self) -> list[int]:
        """Processes of the idle children."""
        with self._changed:
            return [child.pid for child in self._idle]

    def _asked(self, child: _Child, text: str, resolve: Resolve, limits: Limits) -> Answer:
        started = time.monotonic()
        seconds = self.resources.seconds
        reading = child.ask(
            {"do": "read", "sql": text, "seconds": seconds, "longest": LONGEST},
            started + min(_READING_SECONDS, seconds),
            None,
        )
        names = [TableName(name, position) for name, position in reading["tables"]]
        tables = {name: table.relation for name, table in resolve(names).items()}
        stream: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer closes it
        order = {
            "do": "answer",
            "sql": text,
            "tables": tables,
            "limits": {"rows": limits.rows, "bytes": limits.bytes, "cells": limits.cells},
            "counting": min(1.0, seconds / 4),
            "seconds": seconds,
            "longest": LONGEST,
        }
        sent_at = time.monotonic()
        try:
            outcome = child.ask(order, sent_at + seconds, stream)
        except BaseException:
            stream.close()
            raise
        columns = tuple(AnswerColumn(name, type_) for name, type_ in outcome["columns"])
        return Answer(
            columns, outcome["rows"], outcome["total"], outcome["at_least"], time.monotonic() - started, stream
        )

    def _taken(self) -> _Child:
        busy = time.monotonic() + self.wait
        late = busy + _STARTING_SECONDS
        with self._changed:
            while True:
                if self._closed:
                    raise SandboxFailed
                while self._idle:
                    child = self._idle.pop()
                    if child.is_alive:
                        return child
                    self._alive -= 1
                    child.kill()
                if self._failure:
                    failure, self._failure = self._failure, None
                    raise SandboxFailed from failure
                if self._alive < self.size:
                    self._order_one()
                left = (late if self._starting else busy) - time.monotonic()  # a slow start is nobody else's question
                if left <= 0:
                    raise SandboxBusy
                self._changed.wait(left)

    def _given_back(self, child: _Child, healthy: bool) -> None:
        if healthy and child.questions < self.resources.questions and not self._closed:
            with self._changed:
                child.last = time.monotonic()
                self._idle.append(child)
                self._changed.notify()
            return
        child.kill()
        with self._changed:
            self._alive -= 1
            if not self._closed:
                self._order_one()
            self._changed.notify()

    def _order_one(self) -> None:
        """With the lock held: have the keeper start a child."""
        self._alive += 1
        self._starting += 1
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="parvis-sql-keeper", daemon=True)
            self._keeper.start()
        self._orders.put(True)

    def _keep(self) -> None:
        """Start children: always this thread, since Linux ends a child with the *thread* that started it."""
        while (ordered := self._next_order()) is not False:
            if ordered is None:
                self._end_idle()
                continue
            child: _Child | None = None
            failure: OSError | frames.Gone | frames.Late | None = None
            try:
                child = _Child(self.root, self.resources)
            except (OSError, frames.Gone, frames.Late) as error:
                failure = error
            with self._changed:
                self._starting -= 1
                if child is None or self._closed:
                    self._alive -= 1
                    self._failure = failure
                else:
                    self._idle.append(child)
                self._changed.notify()
            if child and self._closed:
                child.kill()

    def _next_order(self) -> bool | None:
        """True: start one; False: end; None when nothing was asked for some time."""
        try:
            return self._orders.get(timeout=min(self.resources.idle, 60.0))
        except queue.Empty:
            return None

    def _end_idle(self) -> None:
        oldest = time.monotonic() - self.resources.idle
        with self._changed:
            ended = [child for child in self._idle if child.last <= oldest]
            self._idle = [child for child in self._idle if child.last > oldest]
            self._alive -= len(ended)
        for child in ended:
            child.kill()


class _DiedReading(SqlTooLong):
    """The child died while it read a statement."""


class _Child:
    """One child that knows SQL, and its folder."""

    def __init__(self, root: Path, resources: Resources) -> None:
        self.questions = 0
        self.last = time.monotonic()
        """When it last answered."""
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        settings = {
            "parent": os.getpid(),
            "root": str(root),
            "folder": str(self._folder),
            "memory": resources.memory,
            "spill": resources.spill,
        }
        try:
            self._companion = Companion(
                "parvis.core.sandbox.child", json.dumps(settings), folder=self._folder, TMPDIR=str(self._folder)
            )
        except OSError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        try:
            self._companion.hear(time.monotonic() + _STARTING_SECONDS)
        except (frames.Gone, frames.Late):
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """Its process."""
        return self._companion.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can still answer."""
        return self._companion.is_alive

    def ask(self, order: dict[str, Any], deadline: float, stream: SpooledTemporaryFile[bytes] | None) -> dict[str, Any]:
        """What it says to an order, its rows put in ``stream``; SqlTimeout, SqlTooLarge or the error that it tells."""
        self.questions += 1
        started = time.monotonic()
        try:
            self._companion.tell(order, deadline)
            while True:
                kind, body = self._companion.hear(deadline)
                if kind == frames.WORDS:
                    return _outcome(json.loads(body))
                if stream is None:
                    raise frames.Gone
                stream.write(body)
        except frames.Late as error:
            raise SqlTimeout(seconds=f"{deadline - started:.0f}") from error
        except (frames.Gone, OSError, ValueError) as error:
            if order["do"] == "read":
                raise _DiedReading(limit=LONGEST) from error
            raise SqlTooLarge from error

    def kill(self) -> None:
        """End it now, with what it wrote."""
        self._companion.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


def _outcome(words: dict[str, Any]) -> dict[str, Any]:
    code = words.get("error")
    if code is None:
        return words
    raise BY_CODE.get(code, SqlError).from_details(words.get("details", {}))


def sweep() -> None:
    """Remove the temporary folders of children whose parent was killed before it could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        parent = folder.name.removeprefix(_PREFIX).split("-", 1)[0]
        if parent.isdigit() and not Path(f"/proc/{parent}").exists():
            shutil.rmtree(folder, ignore_errors=True)
