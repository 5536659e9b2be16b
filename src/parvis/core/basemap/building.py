"""A base map made from an extract, step by step: what is done stays done, and readers have the former one until the end."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path
from typing import Any, Final

from parvis.core.basemap import features, joining, tiling
from parvis.core.basemap.archive import Archive
from parvis.core.basemap.errors import AlreadyBuilding, BrokenExtract, DiskIsFull, NoRoom, NotAnExtract, TilingFailed
from parvis.core.basemap.files import POINTER, BaseMap, current
from parvis.core.children import Permits, ReadingFailed, call
from parvis.core.osm.extracts import form_of
from parvis.core.progress import Progress, no_progress

RECIPE: Final = 3
"""Goes up when the same extract gives other tiles: work begun by an older Parvis is not gone on with."""
ROOM: Final = 16
"""Bytes of disk that a byte of the extract needs while it is made (measured: 8 to 12)."""
_LEAST_ROOM: Final = 200_000_000
_NO_ROOM_LEFT: Final = 20_000_000
_FULL_WORDS: Final = ("disk is full", "No space left")
_HOURS: Final = 6 * 3_600.0
_MEMORY: Final = 2_500_000_000
_LOCK, _WORK = "build.lock", "work"


def build(source: Path, folder: Path, progress: Progress = no_progress, ground: Path | None = None) -> BaseMap:
    """Make of ``source`` the base map of ``folder``, and put it in service by one switch; ``ground`` is the file that ships, whose
    land tells where a coast is not in the extract.

    Killed at any moment, it is gone on with at its last finished step when it is asked again for the same extract. Raises the
    errors of this package.
    """
    if not source.is_file() or form_of(source) != "pbf":
        raise NotAnExtract(file=source.name)
    tiling.program(tiling.TILER)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), _full_disk_told(folder):
        started = time.monotonic()
        _require_room(source, folder)
        work = _work_folder(source, folder, progress)
        summary = _read(source, work, progress, ground)
        parts = [part for group in tiling.GROUPS if (part := _tiled(group, work, progress)) is not None]
        joined, zooms = _joined(parts, source.name, work, progress)
        base_map = BaseMap(
            name=_digest(joined, "check", progress)[:16],
            source=source.name,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            bytes=joined.stat().st_size,
            zooms=zooms,
            seconds=round(time.monotonic() - started, 1),
            **summary,
        )
        _put_in_service(base_map, joined, folder)
        shutil.rmtree(folder / _WORK, ignore_errors=True)
    return base_map


def remove(folder: Path) -> bool:
    """Take the base map out of service, with whatever was begun; False when there was none."""
    if not folder.is_dir():
        return False
    with _alone(folder):
        existed = current(folder) is not None
        (folder / POINTER).unlink(missing_ok=True)
        for path in folder.glob("*.pmtiles"):
            path.unlink()
        shutil.rmtree(folder / _WORK, ignore_errors=True)
    return existed


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against another build; the system lets go of it when the process ends, however it ends."""
    with (folder / _LOCK).open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyBuilding from error
        yield


@contextmanager
def _full_disk_told(folder: Path) -> Iterator[None]:
    """Say that the disk is full, where what failed for want of room says something else of it."""
    try:
        yield
    except (ReadingFailed, TilingFailed, BrokenExtract, OSError) as error:
        # A child that writes by memory map is killed without a word.
        if _says_full(error) or shutil.disk_usage(folder).free < _NO_ROOM_LEFT:
            raise DiskIsFull from error
        raise


def _says_full(error: Exception) -> bool:
    return getattr(error, "errno", None) == ENOSPC or any(words in str(error) for words in _FULL_WORDS)


def _require_room(source: Path, folder: Path) -> None:
    begun = sum(path.stat().st_size for path in (folder / _WORK).rglob("*") if path.is_file())
    needed = _LEAST_ROOM + ROOM * source.stat().st_size
    free = shutil.disk_usage(folder).free
    if free + begun < needed:
        raise NoRoom(needed=_amount(needed), free=_amount(free), folder=folder)


def _amount(size: int) -> str:
    return f"{size / 1e9:.1f} Go".replace(".", ",") if size >= 1e9 else f"{size / 1e6:.0f} Mo"


def _work_folder(source: Path, folder: Path, progress: Progress) -> Path:
    """The folder of the work on this extract; that on another one is thrown away."""
    work = folder / _WORK / f"{_digest(source, 'check', progress)[:16]}-{RECIPE}"
    for other in (folder / _WORK).glob("*"):
        if other != work:
            shutil.rmtree(other, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    return work


def _read(source: Path, work: Path, progress: Progress, ground: Path | None) -> dict[str, Any]:
    """The features of the extract, read in a confined child unless that was done before."""
    done, target = work / "features.json", work / "features"
    if not done.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        read = (source.resolve(), ground) if ground is not None else (source.resolve(),)
        permits = Permits(source.name, read, (target,), _HOURS, _MEMORY, disk=500_000_000_000)
        summary = call(
            features.write_features,
            source.resolve(),
            target,
            source.name,
            ground=ground,
            permits=permits,
            progress=progress,
        )
        _write_whole(done, asdict(summary))
    words: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    words["box"] = tuple(words["box"])
    return words


def _tiled(group: tiling.Group, work: Path, progress: Progress) -> Path | None:
    """The tiles of a group, made unless they were before; None when there is nothing of it."""
    target = work / f"{group.name}.pmtiles"
    if not target.exists():
        scratch = work / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        made = scratch / "tiles.pmtiles"
        if not tiling.tile(group, work / "features", made, scratch, progress):
            return None
        made.replace(target)
    return target


def _joined(parts: list[Path], name: str, work: Path, progress: Progress) -> tuple[Path, tuple[int, int]]:
    """The one file of all groups, read once to be sure that it can be, and its zooms."""
    scratch = work / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    target = scratch / "joined.pmtiles"
    permits = Permits(name, tuple(parts), (scratch,), _HOURS, _MEMORY, disk=500_000_000_000)
    call(joining.join, parts, target, permits=permits, progress=progress)
    with Archive(target) as archive:
        archive.metadata()
        return target, archive.zooms


def _put_in_service(base_map: BaseMap, joined: Path, folder: Path) -> None:
    """Readers that have the former one open keep it; its file goes with the next build."""
    former = current(folder)
    joined.replace(base_map.path(folder))
    _write_whole(folder / POINTER, asdict(base_map))
    names = {base_map.name, former.name if former else ""}
    for path in folder.glob("*.pmtiles"):
        if path.stem not in names:
            path.unlink()


def _write_whole(path: Path, words: object) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as stream:
        json.dump(words, stream, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def _digest(path: Path, stage: str, progress: Progress) -> str:
    digest, size, done = hashlib.sha256(), path.stat().st_size, 0
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
            done += len(piece)
            progress(stage, done, size)
    return digest.hexdigest()
