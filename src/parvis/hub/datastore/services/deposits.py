"""Receiving files, in one piece or in many (tus semantics), byte for byte."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol

from django.conf import settings

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.folders import deposit_path, deposits_folder
from parvis.hub.datastore.models import Deposit
from parvis.hub.datastore.rules import FREE_MARGIN, DiskFull, FileTooLarge, MoreThanAnnounced, WrongOffset, safe_name
from parvis.hub.datastore.selectors import original_path
from parvis.hub.jobs.process_locks import this_process

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
    path = deposit_path(deposit)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    record(actor.name, actor.person_id, "deposit.open", "deposit", str(deposit.pk), name=file_name, bytes=size)
    return deposit


def append(actor: Actor, deposit: Deposit, offset: int, stream: Readable) -> int:
    """Add what ``stream`` gives at byte ``offset``; the new offset, from where the next piece must start.

    WrongOffset when the piece is not the next one. When the stream breaks off, what came is kept and counted.
    """
    require_deposit(actor, deposit)
    with _alone(deposit), deposit_path(deposit).open("r+b", buffering=0) as target:
        deposit.refresh_from_db()
        if offset != deposit.received:
            raise WrongOffset(offset=offset, expected=deposit.received)
        target.truncate(offset)
        target.seek(offset)
        try:
            _receive(deposit, stream, target)
        finally:
            os.fsync(target.fileno())
            Deposit.objects.filter(pk=deposit.pk).update(received=target.tell())
            deposit.received = target.tell()
    return deposit.received


def _receive(deposit: Deposit, stream: Readable, target: FileIO) -> None:
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
    source = original_path(dataset, version)
    deposit = open_deposit(actor, source.name, source.stat().st_size, source=version.source or "upload")
    with source.open("rb") as stream:
        append(actor, deposit, 0, stream)
    return deposit


def abandon(actor: Actor, deposit: Deposit) -> None:
    """Throw a received file away."""
    require_deposit(actor, deposit)
    record(actor.name, actor.person_id, "deposit.abandon", "deposit", str(deposit.pk), name=deposit.name)
    discard(deposit)


def discard(deposit: Deposit) -> None:
    """Remove a deposit's row, then its file: interrupted between both, ``recover`` finds a folder without a row."""
    folder = deposit_path(deposit).parent
    deposit.delete()
    shutil.rmtree(folder, ignore_errors=True)


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
    folder = deposits_folder()
    folder.mkdir(parents=True, exist_ok=True)
    if size + FREE_MARGIN > shutil.disk_usage(folder).free:
        raise DiskFull(name=name)


@contextmanager
def _alone(deposit: Deposit) -> Iterator[None]:
    """One writer at a time, should a browser send the same piece twice."""
    path = deposit_path(deposit)
    if not path.exists():
        raise NotFound(name=deposit.name)
    with path.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
