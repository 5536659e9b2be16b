"""Files that services leave in a folder of this machine: below one that the operator names, and never through a link."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.core.fetching.errors import FolderRefused, RemoteFileMissing
from parvis.core.fetching.locations import Child, Location, encoded, readable

CHUNK = 1 << 20


class FolderSession:
    """What is below the folders of the operator."""

    host_key = ""

    def __init__(self, location: Location, folders: tuple[Path, ...]) -> None:
        self._location, self._folders = location, folders

    def children(self, folder: str) -> Iterator[Child]:
        """Plain files and folders, links left out."""
        descriptor = self._opened(folder.rstrip("/") or "/", os.O_DIRECTORY)
        try:
            with os.scandir(descriptor) as rows:
                for row in rows:
                    with contextlib.suppress(OSError):  # things come and go while we look
                        state = row.stat(follow_symlinks=False)
                        if stat.S_ISREG(state.st_mode) or stat.S_ISDIR(state.st_mode):
                            yield _child(row.name, state)
        finally:
            os.close(descriptor)

    def status(self, path: str) -> Child:
        """Size and moment."""
        descriptor = self._opened(path)
        try:
            return _child(path.rpartition("/")[2], os.fstat(descriptor))
        finally:
            os.close(descriptor)

    def read(self, path: str, offset: int, write: Callable[[bytes], None]) -> None:
        """The bytes of the file."""
        with os.fdopen(self._opened(path), "rb") as stream:
            stream.seek(offset)
            while chunk := stream.read(CHUNK):
                write(chunk)

    def _opened(self, path: str, kind: int = 0) -> int:
        """A descriptor of what is at ``path``: opened step by step from the operator's folder, so that no link is followed."""
        root = next((folder for folder in self._folders if Path(path).is_relative_to(folder)), None)
        if root is None:
            raise FolderRefused(path=readable(path))
        steps = Path(path).relative_to(root).parts
        descriptor = -1
        try:
            descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            for number, step in enumerate(steps, start=1):
                flags = kind if number == len(steps) else os.O_DIRECTORY
                following = os.open(
                    encoded(step), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | flags, dir_fd=descriptor
                )
                os.close(descriptor)
                descriptor = following
            mode = os.fstat(descriptor).st_mode
            if not (stat.S_ISDIR(mode) if kind else stat.S_ISREG(mode)):
                raise FileNotFoundError
        except OSError as error:
            if descriptor >= 0:
                os.close(descriptor)
            raise RemoteFileMissing(host=self._location.host or "localhost", name=readable(path)) from error
        return descriptor


@contextmanager
def open_folder(location: Location, folders: tuple[Path, ...]) -> Iterator[FolderSession]:
    """The folders of this machine."""
    yield FolderSession(location, folders)


def _child(name: str, state: os.stat_result) -> Child:
    etag = f'"{state.st_size}-{state.st_mtime_ns}"'
    return Child(name, stat.S_ISDIR(state.st_mode), state.st_size, state.st_mtime, etag)
