"""What a confined child may reach when it reads a received file: that file, and a folder of its own in the home."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from parvis.core.children import CannotConfine, Permits, can_confine
from parvis.hub import conf
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.jobs.process_locks import process_folder

LIBRARIES_MEMORY = 3_000_000_000
"""Address space for what reads beside DuckDB (Arrow, GDAL, calamine); most of it is reserved and never taken."""


def require_confinement(actor: Actor) -> None:
    """CannotConfine for files of an anonymous caller where the system cannot confine what reads them, unless that is accepted."""
    if actor == ANONYMOUS and not may_read_strangers():
        raise CannotConfine


def may_read_strangers() -> bool:
    """Whether files of the public are taken on this machine."""
    return can_confine() or settings.PARVIS["PARVIS_ACCEPT_UNCONFINED"]


@contextmanager
def confined(
    name: str, *read: Path, write: tuple[Path, ...] = (), seconds: float | None = None
) -> Iterator[tuple[Path, Permits]]:
    """A folder for one piece of work, gone with it whatever happens, and the permits of the child that does it.

    ``name`` is what people call the file, for messages; without ``seconds``, what ``PARVIS_READ_SECONDS`` says.
    """
    with tempfile.TemporaryDirectory(prefix="read-", dir=process_folder()) as folder:
        work = Path(folder)
        memory = LIBRARIES_MEMORY + 2 * conf.bytes_of(settings.PARVIS["PARVIS_IMPORT_MEMORY"])
        limit = float(settings.PARVIS["PARVIS_READ_SECONDS"]) if seconds is None else seconds
        disk = settings.PARVIS["PARVIS_READ_DISK"]
        yield work, Permits(name, tuple(read), (work, *write), limit, memory, disk)
