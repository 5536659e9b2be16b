"""What every store gives: objects told by name, put whole or not at all.

A name is a relative POSIX path, such as ``datasets/<uid>/versions/<version>/manifest.json``, whose first part is one of
``ROOMS``. A folder of names is whatever has names below it: a store of objects has no empty ones.

Outside this room, the factory of the hub and the cache of the engine, nothing holds a path of what is stored. What is of the machine
and not of the instance stays on its own disk: the SQLite file, the secret key and ``parvis.toml``, stamps and locks of commands,
process locks (``running/``), scratch folders (``work/``, ``received/``), static files, the cache, schemas fetched by a command.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

from parvis.core.errors import NotFound, OperationError
from parvis.core.translation import gettext_noop

ROOMS = (
    "addresses",
    "catalogue",
    "checks",
    "datasets",
    "deposits",
    "harvests",
    "media",
    "references",
    "search",
    "thumbnails",
)
"""First parts of names: anything else of a home cannot be reached through a store, its secret key for one."""

APART = ".store"
"""No part of any name: stores keep there what is not whole."""

_MOST_BYTES = 255
"""Of one part of a name, as on most disks; a store of objects takes a thousand for the whole name."""


class BadName(NotFound):
    """No object can have that name: it would lead out of the store."""

    code: ClassVar[str] = "store-name"
    sentence: ClassVar[str] = gettext_noop("« {name} » ne peut nommer aucun fichier de ce portail.")


class AlreadyStored(OperationError):
    """Another has that name."""

    code: ClassVar[str] = "store-exists"
    sentence: ClassVar[str] = gettext_noop("Un fichier de ce portail porte déjà le nom « {name} ».")


@dataclass(frozen=True, slots=True)
class Stat:
    """What is known of an object without opening it: its bytes, and when it was put (seconds since 1970)."""

    bytes: int
    changed: float


class Store(Protocol):
    """Files by name. BadName for what is no name; OSError when the disk or the network fails, ENOSPC when nothing more fits."""

    def open(self, name: str) -> BinaryIO:
        """An object, to be read anywhere in it and closed; what was opened stays readable whatever becomes of its name. NotFound."""

    def exists(self, name: str) -> bool:
        """Whether an object has that very name; False for a folder."""

    def stat(self, name: str) -> Stat:
        """Size and date of an object; NotFound."""

    def children(self, folder: str) -> list[str]:
        """The last parts of the names just below, of objects and folders alike, sorted; none where there is nothing."""

    def walk(self, folder: str) -> Iterator[str]:
        """The names of all objects below, in no order."""

    def put(self, name: str, content: bytes | BinaryIO | Path, *, new: bool = False) -> None:
        """Store an object, whole or not at all, in the place of the one of that name; AlreadyStored if it must be ``new``.

        A path is a work file of the caller's, given away: it is moved where that costs nothing.
        """

    def grow(self, name: str, offset: int) -> AbstractContextManager[BinaryIO]:
        """A writer at byte ``offset`` of an object, made if there is none; what followed is dropped.

        At its end, also when its block fails, what was written is stored. One writer at a time: see ``alone``.
        """

    def commit(self, work: Path, folder: str) -> None:
        """Give a work folder its final name, in one step: nobody sees a part of it. The work folder is then gone.

        AlreadyStored when another has the name, which is left as it is; the work folder is then the caller's still.
        """

    def delete(self, name: str) -> None:
        """Remove an object, or a folder with all that is below: gone at once from every list. Harmless where there is nothing."""

    def local(self, name: str) -> Path:
        """An object or a folder on the local disk, to be read only: for the engine, and for children who read files by path.

        The thing itself or a copy that the store looks after, below ``local_root``. NotFound.
        """

    def local_root(self, room: str) -> Path:
        """The folder of the local disk below which all of a room's ``local`` paths are: what a confined reader may be shown."""

    def alone(self, name: str, seconds: float | None = None) -> AbstractContextManager[None]:
        """Hold what is done under a name, one holder at a time among all processes; TimeoutError after ``seconds``.

        Free again when the holder dies, however it dies.
        """

    def free_bytes(self) -> int | None:
        """How many bytes more it takes; None when nobody can say."""

    def sweep(self) -> int:
        """Remove what interrupted work left out of sight; how many. Safe at any time."""


@lru_cache(maxsize=4096)  # the same few are asked at each request
def checked(name: str) -> str:
    """The name if it is one; BadName."""
    parts = name.split("/")
    if parts[0] not in ROOMS or any(not _is_part(part) for part in parts):
        raise BadName(name=name)
    return name


def _is_part(part: str) -> bool:
    if part in ("", ".", "..", APART) or any(letter < " " or letter in "\\\x7f" for letter in part):
        return False
    try:
        return len(part.encode()) <= _MOST_BYTES
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
