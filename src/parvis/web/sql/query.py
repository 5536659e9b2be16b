"""A statement as somebody: the tables it names are the datasets they may read, and the answer says which ones it read."""

from __future__ import annotations

import atexit
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest

from parvis.core.errors import NotFound
from parvis.core.sandbox import Answer, Limits, Sandbox, SandboxBusy, SandboxFailed, Table, TableName, UnknownTable
from parvis.core.sandbox.pool import Resources, sweep
from parvis.core.statements.errors import line_and_column, near
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.rules import may_see
from parvis.hub.datastore.elsewhere import AskedElsewhere
from parvis.hub.datastore.selectors import source_of
from parvis.hub.quotas.concurrency import Permits
from parvis.hub.quotas.metering import permit
from parvis.hub.store import store

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

_WAITING = 1
"""Statements that may wait for a child, in each process."""


@dataclass(frozen=True, slots=True)
class Read:
    """A dataset that a statement read, in one of its versions, under the name the statement gave it."""

    name: str
    dataset: Dataset
    version: Version
    address: str
    """Written while the request is at its site: an answer goes out after it has left."""

    @property
    def facts(self) -> dict[str, Any]:
        """The trail of a figure drawn from it."""
        licence = self.dataset.licence_shown
        return {
            "dataset_id": self.dataset.dataset_id,
            "title": self.dataset.title,
            "version": self.version.name,
            "version_date": self.version.created.isoformat(),
            "publisher": self.dataset.organisation.name,
            "licence": licence.name if licence else self.dataset.licence,
            "url": self.address,
        }


@dataclass(frozen=True, slots=True)
class SqlReply:
    """An answer and its trail."""

    text: str
    at: datetime
    answer: Answer
    reads: tuple[Read, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What was asked, when, of what: the head of every answer to programs."""
        return {
            "query": self.text,
            "asked_at": self.at.isoformat(timespec="seconds"),
            "seconds": round(self.answer.seconds, 3),
            "datasets": [read.facts for read in self.reads],
        }


def ask(actor: Actor, text: str, limits: Limits) -> SqlReply:
    """The rows of a statement over what the actor may read; SqlError, SandboxBusy or SandboxFailed."""
    reads: list[Read] = []

    def resolve(names: list[TableName]) -> Mapping[str, Table]:
        reads.extend(_read(actor, text, table) for table in names)
        return {read.name: _table(read) for read in reads}

    at = datetime.now(UTC)
    answer = sandbox().ask(text, resolve, limits)
    return SqlReply(text, at, answer, tuple(reads))


def a_place(request: HttpRequest, actor: Actor) -> AbstractContextManager[None]:
    """One of the few places that statements may take among the threads of this process; SandboxBusy when none is free.

    A web process has a handful of threads: statements that wait for a child must not take them all from other pages. One
    caller never holds every child: TooManyAtOnce.
    """
    children = settings.PARVIS["PARVIS_SQL_CHILDREN"]
    permits = Permits(in_all=children + _WAITING, of_one=max(1, children - 1))
    return permit(request, actor, "sql", SandboxBusy(), permits)


def _table(read: Read) -> Table:
    if read.version.is_federated:
        raise AskedElsewhere
    return Table(source_of(read.dataset, read.version), store().local)


def sandbox() -> Sandbox:
    """The pool of this process; SandboxFailed when the instance answers no SQL."""
    if not settings.PARVIS["PARVIS_SQL_CHILDREN"]:
        raise SandboxFailed
    return _sandbox(os.getpid(), store().local_root("datasets"))


@lru_cache(maxsize=1)
def _sandbox(pid: int, root: Path) -> Sandbox:
    """One pool a process and home: a web process is forked, its children are its own; they read below ``root`` only."""
    chosen = settings.PARVIS
    sweep()
    pool = Sandbox(
        root,
        size=chosen["PARVIS_SQL_CHILDREN"],
        resources=Resources(memory=chosen["PARVIS_SQL_MEMORY"], seconds=float(chosen["PARVIS_SQL_SECONDS"])),
    )
    atexit.register(pool.close)
    return pool


def _read(actor: Actor, text: str, table: TableName) -> Read:
    """The dataset (``id``) or the version of it (``id@version``) that a table's name means for this actor."""
    dataset_id, _at, name = table.name.lower().partition("@")
    try:
        dataset = catalogue.public_dataset(actor, dataset_id)
        if may_see(actor, dataset.guarded):
            version = catalogue.version(dataset, name) if name else dataset.current
            return Read(table.name, dataset, version, canonical(dataset.get_absolute_url()))
    except NotFound:
        pass  # told below, in the same words for what does not exist and for what may not be known
    visible_ids = catalogue.datasets_visible_to(actor).values_list("dataset_id", flat=True)
    raise UnknownTable(name=table.name, **line_and_column(text, table.position), **near(table.name, visible_ids))
