"""A store of objects, as S3 is one: no folder, no rename, objects under names of their own; what is read by path is a copy of them.

It holds in tests that no caller counts on a folder being the store.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from parvis.core.errors import NotFound
from parvis.core.store import AlreadyStored, Stat, checked


@dataclass(frozen=True)
class ObjectStore:
    """Objects in ``root``, found by an index that changes in one step; copies for readers by path in ``cache``."""

    root: Path
    cache: Path

    def open(self, name: str) -> BinaryIO:
        return self._object(name).open("rb")

    def exists(self, name: str) -> bool:
        return checked(name) in self._index()

    def stat(self, name: str) -> Stat:
        facts = self._object(name).stat()
        return Stat(facts.st_size, facts.st_mtime)

    def children(self, folder: str) -> list[str]:
        start = f"{checked(folder)}/"
        return sorted({name.removeprefix(start).split("/")[0] for name in self._index() if name.startswith(start)})

    def walk(self, folder: str) -> Iterator[str]:
        start = f"{checked(folder)}/"
        yield from [name for name in self._index() if name.startswith(start)]

    def put(self, name: str, content: bytes | BinaryIO | Path, *, new: bool = False) -> None:
        key = self._written(content)
        with self._changing() as index:
            if new and checked(name) in index:
                raise AlreadyStored(name=name)
            self._refuse_inside(index, name)
            index[checked(name)] = key
        if isinstance(content, Path):
            content.unlink()

    @contextmanager
    def grow(self, name: str, offset: int) -> Iterator[BinaryIO]:
        part = self.root / f"{secrets.token_hex(8)}.part"
        self.root.mkdir(parents=True, exist_ok=True)
        if self.exists(name):
            shutil.copy(self._object(name), part)
        with part.open("ab") as target:
            target.truncate(offset)
            try:
                yield target
            finally:
                target.flush()
                self.put(name, part)

    def commit(self, work: Path, folder: str) -> None:
        files = {path.relative_to(work).as_posix(): path for path in work.rglob("*") if path.is_file()}
        keys = {f"{checked(folder)}/{name}": self._written(path) for name, path in files.items()}
        with self._changing() as index:
            if any(name == folder or name.startswith(f"{folder}/") for name in index):
                raise AlreadyStored(name=folder)
            index.update(keys)
        shutil.rmtree(work)

    def delete(self, name: str) -> None:
        checked(name)
        with self._changing() as index:
            for other in [other for other in index if other == name or other.startswith(f"{name}/")]:
                del index[other]
        shutil.rmtree(self.cache / name, ignore_errors=True)

    def local(self, name: str) -> Path:
        copies = {other: key for other, key in self._index().items() if other == name or other.startswith(f"{name}/")}
        if not copies:
            raise NotFound(name=checked(name))
        for other, key in copies.items():
            path = self.cache / other
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{secrets.token_hex(4)}")
            shutil.copyfile(self.root / key, part)
            part.chmod(0o400)  # whoever writes into a copy writes nothing that lasts: let it fail
            part.replace(path)
        return self.cache / name

    def local_root(self, room: str) -> Path:
        path = self.cache / checked(room)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @contextmanager
    def alone(self, name: str, seconds: float | None = None) -> Iterator[None]:
        path = self.root / f"{hashlib.sha256(checked(name).encode()).hexdigest()}.held"
        self.root.mkdir(parents=True, exist_ok=True)
        end = None if seconds is None else time.monotonic() + seconds
        with path.open("wb") as stream:
            while True:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if end is not None and time.monotonic() >= end:
                        raise TimeoutError from error
                    time.sleep(0.01)
            yield

    def free_bytes(self) -> int | None:
        return None

    def sweep(self) -> int:
        return 0

    def _object(self, name: str) -> Path:
        key = self._index().get(checked(name))
        if key is None:
            raise NotFound(name=name)
        return self.root / key

    def _written(self, content: bytes | BinaryIO | Path) -> str:
        self.root.mkdir(parents=True, exist_ok=True)
        key = secrets.token_hex(16)
        with (self.root / key).open("xb") as target:
            if isinstance(content, bytes):
                target.write(content)
            elif isinstance(content, Path):
                with content.open("rb") as source:
                    shutil.copyfileobj(source, target)
            else:
                shutil.copyfileobj(content, target)
        return key

    def _refuse_inside(self, index: dict[str, str], name: str) -> None:
        """As a disk does: a name is an object or a folder, never both."""
        parts = name.split("/")
        if any("/".join(parts[:depth]) in index for depth in range(1, len(parts))):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name)

    def _index(self) -> dict[str, str]:
        try:
            index: dict[str, str] = json.loads((self.root / "index.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return index

    @contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "index.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            index = self._index()
            yield index
            part = self.root / "index.part"
            part.write_text(json.dumps(index), encoding="utf-8")
            part.replace(self.root / "index.json")
