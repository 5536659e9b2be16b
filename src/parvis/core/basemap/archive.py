"""A PMTiles file read: its tiles, as they are stored, by their address."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import BadGzipFile, decompress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from cachetools import LRUCache
from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from parvis.core.basemap.errors import BrokenBaseMap

_HEADER_BYTES: Final = 127
_DEEPEST: Final = 4
_DIRECTORIES: Final = 64
"""Directories that stay decoded, of some thousand tiles each: the library's own reader decodes them for each tile."""


class Archive:
    """An open file of vector tiles; safe to use from many threads. Raises BrokenBaseMap when it is not one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _explained(path):
            # Unbuffered, and closed with the last that refers to it: a tile may be read while the cache lets the file go.
            self._file = path.open("rb", buffering=0)
            self.header = deserialize_header(self._bytes(0, _HEADER_BYTES))
            head, size = self.header, os.fstat(self._file.fileno()).st_size
            if head["tile_type"] is not TileType.MVT or head["tile_compression"] is not Compression.GZIP:
                raise BrokenBaseMap(file=path.name)
            if head["tile_data_offset"] + head["tile_data_length"] > size:
                raise BrokenBaseMap(file=path.name)
        self._directories: LRUCache[int, list[Entry]] = LRUCache(_DIRECTORIES)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    @property
    def zooms(self) -> tuple[int, int]:
        """The first and the last zoom that has tiles."""
        return self.header["min_zoom"], self.header["max_zoom"]

    def metadata(self) -> dict[str, Any]:
        """What the file says of its layers."""
        with _explained(self.path):
            body = self._bytes(self.header["metadata_offset"], self.header["metadata_length"])
            words = json.loads(decompress(body) if self.header["internal_compression"] is Compression.GZIP else body)
        return words if isinstance(words, dict) else {}

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A tile as it is stored, compressed by gzip; None where the file has none."""
        first, last = self.zooms
        if not first <= z <= last:
            return None
        with _explained(self.path):
            number = zxy_to_tileid(z, x, y)
            offset, length = self.header["root_offset"], self.header["root_length"]
            for _level in range(_DEEPEST):
                entry = find_tile(self._directory(offset, length), number)
                if entry is None:
                    return None
                if entry.run_length:
                    return self.body(entry)
                offset, length = self.header["leaf_directory_offset"] + entry.offset, entry.length
        return None

    def entries(self) -> Iterator[Entry]:
        """Every tile, in the order of their numbers."""
        with _explained(self.path):
            yield from self._entries(self.header["root_offset"], self.header["root_length"])

    def _entries(self, offset: int, length: int) -> Iterator[Entry]:
        for entry in deserialize_directory(self._bytes(offset, length)):
            if entry.run_length:
                yield entry
            else:
                yield from self._entries(self.header["leaf_directory_offset"] + entry.offset, entry.length)

    def body(self, entry: Entry) -> bytes:
        """The bytes of a tile, as they are stored."""
        with _explained(self.path):
            return self._bytes(self.header["tile_data_offset"] + entry.offset, entry.length)

    def _directory(self, offset: int, length: int) -> list[Entry]:
        with self._lock:
            directory = self._directories.get(offset)
        if directory is None:
            directory = deserialize_directory(self._bytes(offset, length))
            with self._lock:
                self._directories[offset] = directory
        return directory

    def _bytes(self, offset: int, length: int) -> bytes:
        body = os.pread(self._file.fileno(), length, offset)
        if len(body) != length:
            raise EOFError
        return body


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        MagicNumberNotFound,
        SpecVersionUnsupported,
        BadGzipFile,
        EOFError,
        ValueError,
        KeyError,
        OverflowError,
    ) as error:
        raise BrokenBaseMap(file=path.name) from error
