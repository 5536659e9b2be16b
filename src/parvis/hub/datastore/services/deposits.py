"""Receiving files, in one piece or in many (tus semantics), byte for byte."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.models import Deposit
from parvis.hub.datastore.rules import FREE_MARGIN, DiskFull, FileTooLarge, MoreThanAnnounced, WrongOffset, safe_name
from parvis.hub.datastore.selectors import original_name
from parvis.hub.jobs.process_locks import this_process
from parvis.hub.store import deposit_file_name, deposit_name, store

PIECE = 1 << 20
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Readable(Protocol):
    """What pieces of a file are read from: an open file, a request's body."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


def open_deposit(actor: Actor, name: str, size: int, source: str = "upload", holder: str = "") -> Deposit:
    """Announce a file of ``size`` bytes; FileTooLarge or DiskFull when it cannot be received.

    ``holder`` names the process without which the file is of no use to anybody.
    """
    _require_depositor(actor)
    file_name = safe_name(name)
    _check_room(file_name, size)
    deposit = Deposit.objects.create(
        name=file_name, bytes=size, source=source[:1000], holder=holder, person_id=actor.person_id
    )
    store().put(deposit_file_name(deposit.pk), b"")
    record(actor.name, actor.person_id, "deposit.open", "deposit", str(deposit.pk), name=file_name, bytes=size)
    return deposit


def append(actor: Actor, deposit: Deposit, offset: int, stream: Readable) -> int:
    """Add what ``stream`` gives at byte ``offset``; the new offset, from where the next piece must start.

    WrongOffset when the piece is not the next one. When the stream breaks off, what came is kept and counted.
    """
    require_deposit(actor, deposit)
    name = deposit_file_name(deposit.pk)
    with store().alone(name):  # should a browser send the same piece twice
        if not store().exists(name):
            raise NotFound(name=deposit.name)
        deposit.refresh_from_db()
        if offset != deposit.received:
            raise WrongOffset(offset=offset, expected=deposit.received)
        broken = None
        with store().grow(name, offset) as target:
            try:
                _receive(deposit, stream, target)
            except BaseException as error:  # noqa: BLE001 it is raised below, once what came before it is counted
                broken = error
            deposit.received = target.tell()
        Deposit.objects.filter(pk=deposit.pk).update(received=deposit.received)
        if broken is not None:
            raise broken
    return deposit.received


def _receive(deposit: Deposit, stream: Readable, target: BinaryIO) -> None:
    left = deposit.bytes - target.tell()
    while piece := stream.read(min(PIECE, left + 1)):
        if len(piece) > left:
            raise MoreThanAnnounced(name=deposit.name, bytes=deposit.bytes)
        left -= len(piece)
        rest = memoryview(piece)
        while rest:
            try:
                rest = rest[target.write(rest) :]
            except OSError as error:
                if error.errno in NO_ROOM:
                    raise DiskFull(name=deposit.name) from error
                raise


def deposit_file(actor: Actor, path: Path) -> Deposit:
    """A deposit holding a copy of a file of this machine, for the command that imports it; NotFound when it is not there.

    A copy, never a link: what a person later writes into their own file must not change a version.
    """
    _require_depositor(actor)
    if not path.is_file():
        raise NotFound(name=str(path))
    deposit = open_deposit(actor, path.name, path.stat().st_size, source=safe_name(path.name), holder=this_process())
    with path.open("rb") as stream:
        append(actor, deposit, 0, stream)
    return deposit


def deposit_original(actor: Actor, dataset: Dataset, version: Version) -> Deposit:
    """A deposit of the source of an existing version, to import it again with other choices, without uploading."""
    require(actor, "edit", dataset.organisation_id, f"reprendre le fichier de « {dataset.title} »")
    name = original_name(dataset, version)
    size = store().stat(name).bytes
    deposit = open_deposit(actor, name.rpartition("/")[2], size, source=version.source or "upload")
    with store().open(name) as stream:
        append(actor, deposit, 0, stream)
    return deposit


def abandon(actor: Actor, deposit: Deposit) -> None:
    """Throw a received file away."""
    require_deposit(actor, deposit)
    record(actor.name, actor.person_id, "deposit.abandon", "deposit", str(deposit.pk), name=deposit.name)
    discard(deposit)


def discard(deposit: Deposit) -> None:
    """Remove a deposit's row, then its file: interrupted between both, ``recover`` finds a folder without a row."""
    name = deposit_name(deposit.pk)
    deposit.delete()
    store().delete(name)


def require_deposit(actor: Actor, deposit: Deposit) -> None:
    """Forbidden unless the deposit is the actor's own, or they have every right."""
    if not actor.everything and (actor.person_id is None or deposit.person_id != actor.person_id):
        raise Forbidden(action=f"toucher au fichier « {deposit.name} »")


def _require_depositor(actor: Actor) -> None:
    if not actor.everything and not organisations_where(actor, "edit").exists():
        raise Forbidden(action="déposer un fichier")


def _check_room(name: str, size: int) -> None:
    limit = settings.PARVIS["PARVIS_UPLOAD_BYTES"]
    if size > limit:
        raise FileTooLarge(name=name, bytes=size, limit=limit)
    free = store().free_bytes()
    if free is not None and size + FREE_MARGIN > free:
        raise DiskFull(name=name)
