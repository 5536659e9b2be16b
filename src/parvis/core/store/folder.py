"""A store that is a folder of the local disk: names are its paths.

What is being written is in ``.store/`` and takes its name by one rename once it is synchronised; what is removed goes there first, by
one rename too. What a killed process left there is swept. A room that is a disk of its own has its own ``.store/``: nothing is renamed
from one disk to another.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from parvis.core.errors import NotFound
from parvis.core.store.contract import APART, ROOMS, AlreadyStored, Stat, checked

_LOCK = ".lock"
_PIECE = 1 << 20
_WAIT = 0.02
"""Seconds between two looks at a lock."""

_YOUNG = 60.0
"""Seconds after its last change in which something apart is left alone: its maker may not hold it yet."""


@dataclass(frozen=True)
class FolderStore:
    """Everything below ``root``."""

    root: Path

    def open(self, name: str) -> BinaryIO:
        """An object, to be read."""
        try:
            return self._path(name).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise NotFound(name=name) from error

    def exists(self, name: str) -> bool:
        """Whether an object has that very name."""
        return self._path(name).is_file()

    def stat(self, name: str) -> Stat:
        """Size and date of an object."""
        try:
            facts = self._path(name).stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(name=name) from error
        if not stat.S_ISREG(facts.st_mode):
            raise NotFound(name=name)
        return Stat(facts.st_size, facts.st_mtime)

    def children(self, folder: str) -> list[str]:
        """The last parts of the names just below."""
        try:
            return sorted(path.name for path in self._path(folder).iterdir() if path.name != APART)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def walk(self, folder: str) -> Iterator[str]:
        """The names of all objects below."""
        for root, folders, files in self._path(folder).walk():
            if APART in folders:
                folders.remove(APART)
            for file in files:
                yield (root / file).relative_to(self.root).as_posix()

    def put(self, name: str, content: bytes | BinaryIO | Path, *, new: bool = False) -> None:
        """Store an object, whole or not at all."""
        final = self._path(name)
        if isinstance(content, Path) and self._is_beside(content, name):
            _synchronise_file(content)
            self._take_name(content, name, final, new=new)
            return
        with self._apart(name) as part:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as target:
                _fill(target, content)
                target.flush()
                os.fsync(target.fileno())
            self._take_name(part, name, final, new=new)
        if isinstance(content, Path):
            content.unlink()

    def _take_name(self, part: Path, name: str, final: Path, *, new: bool) -> None:
        final.parent.mkdir(parents=True, exist_ok=True)
        if new:
            with self.alone(name):
                if final.exists():
                    raise AlreadyStored(name=name)
                part.replace(final)
        else:
            part.replace(final)
        synchronise_folder(final.parent)

    @contextmanager
    def grow(self, name: str, offset: int) -> Iterator[BinaryIO]:
        """A writer at byte ``offset`` of an object."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        # Unbuffered: what was received before a failure is in the file, not in a buffer that cannot be emptied any more.
        with os.fdopen(descriptor, "r+b", buffering=0) as target:
            target.truncate(offset)
            target.seek(offset)
            try:
                yield cast("BinaryIO", target)
            finally:
                os.fsync(target.fileno())

    def commit(self, work: Path, folder: str) -> None:
        """Give a work folder its final name."""
        final = self._path(folder)
        if self._is_beside(work, folder):
            synchronise(work)
            self._take_folder(work, folder, final)
            return
        with self._apart(folder) as part:
            shutil.copytree(work, part, symlinks=True)
            synchronise(part)
            self._take_folder(part, folder, final)
        shutil.rmtree(work)

    def _take_folder(self, part: Path, name: str, final: Path) -> None:
        final.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.rename(final)
        except OSError as error:
            if final.exists():
                raise AlreadyStored(name=name) from error
            raise
        synchronise_folder(final.parent)

    def delete(self, name: str) -> None:
        """Remove an object or a folder."""
        with self._apart(name) as gone, suppress(FileNotFoundError, NotADirectoryError):
            self._path(name).rename(gone)

    def local(self, name: str) -> Path:
        """The object or the folder itself."""
        path = self._path(name)
        if not path.exists():
            raise NotFound(name=name)
        return path

    def local_root(self, room: str) -> Path:
        """The folder of a room, made if need be."""
        path = self._path(room)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @contextmanager
    def alone(self, name: str, seconds: float | None = None) -> Iterator[None]:
        """Hold what is done under a name."""
        until = None if seconds is None else time.monotonic() + seconds
        lock = self._hidden(checked(name)) / (hashlib.blake2b(name.encode(), digest_size=16).hexdigest() + _LOCK)
        descriptor = _held(lock, until)
        try:
            yield
        finally:
            # Before it is let go: who waits for it sees that the file is gone and makes another.
            lock.unlink(missing_ok=True)
            os.close(descriptor)

    def free_bytes(self) -> int | None:
        """The free room of the disk."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def sweep(self) -> int:
        """Remove what nobody holds and nobody touched for a minute."""
        removed = 0
        for folder in {self.root / APART, *(self.root / room / APART for room in ROOMS)}:
            for path in folder.iterdir() if folder.is_dir() else ():
                with suppress(FileNotFoundError):  # another process sweeps too
                    if time.time() - path.stat().st_mtime > _YOUNG:
                        removed += _removed_if_free(path)
        return removed

    def _path(self, name: str) -> Path:
        return self.root / checked(name)

    def _disk_of(self, name: str) -> Path:
        """The highest folder on the disk where a name is: the root, or its room when that is a disk of its own."""
        self.root.mkdir(parents=True, exist_ok=True)
        room = self.root / name.split("/", 1)[0]
        return room if room.exists() and room.stat().st_dev != self.root.stat().st_dev else self.root

    def _is_beside(self, path: Path, name: str) -> bool:
        """Whether a work file or folder is on the disk where it goes: it then needs no copy."""
        return path.stat().st_dev == self._disk_of(name).stat().st_dev

    def _hidden(self, name: str) -> Path:
        apart = self._disk_of(name) / APART
        apart.mkdir(mode=0o700, exist_ok=True)
        return apart

    @contextmanager
    def _apart(self, name: str) -> Iterator[Path]:
        """A path of this call alone, out of sight: what it names is removed at the end unless it was renamed."""
        path = self._hidden(name) / secrets.token_hex(12)
        # A folder cannot be held before it is there: the lock beside it says that its maker lives.
        lock = path.with_name(path.name + _LOCK)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield path
        finally:
            _remove(path)
            lock.unlink(missing_ok=True)
            os.close(descriptor)


def _fill(target: BinaryIO, content: bytes | BinaryIO | Path) -> None:
    if isinstance(content, bytes):
        target.write(content)
    elif isinstance(content, Path):
        with content.open("rb") as source:
            shutil.copyfileobj(source, target, _PIECE)
    else:
        shutil.copyfileobj(content, target, _PIECE)


def _held(lock: Path, until: float | None) -> int:
    """The descriptor of a locked file that still has its name; TimeoutError past ``until``."""
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(descriptor, until)
            if _is_still(descriptor, lock):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _lock(descriptor: int, until: float | None) -> None:
    if until is None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return
    while True:
        try:
            # Not blocking: a thread that waits within the system cannot be told that its time is over.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise TimeoutError from error
            time.sleep(_WAIT)
        else:
            return


def _is_still(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one that has the name: its last holder removed it on leaving."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(facts, os.fstat(descriptor))


def _removed_if_free(path: Path) -> bool:
    """Remove what no living process holds, by its own lock or by the one beside it, holding it meanwhile; False when one does."""
    lock = path if path.name.endswith(_LOCK) else path.with_name(path.name + _LOCK)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(path)
        lock.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in (errno.EISDIR, errno.EPERM):
            raise
        shutil.rmtree(path, ignore_errors=True)


def synchronise(folder: Path) -> None:
    """Bring every file and folder under ``folder`` to the disk."""
    for root, _, files in folder.walk(top_down=False):
        for file in files:
            _synchronise_file(root / file)
        synchronise_folder(root)


def _synchronise_file(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def synchronise_folder(folder: Path) -> None:
    """Bring the names that are in ``folder`` to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
