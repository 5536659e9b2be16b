"""The folder of an export: each file whole or not at all, written again only when it changed, told by digest at the end.

What was written is noted line by line beside the files (``.parvis/fichiers.jsonl``): a command that was killed goes on from there, and
nothing that somebody else put in the folder is ever removed.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self

from parvis.hub import file_modes
from parvis.hub.departure.rules import (
    Choices,
    FolderBusy,
    FolderTaken,
    LeadsOutside,
    NoRoomLeft,
    OtherChoices,
    Report,
    apart,
)

APART = ".parvis"
"""What the folder knows of itself, which is no part of the export."""
CHOICES, NOTES, LOCK, WORK = "choix.json", "fichiers.jsonl", "verrou", "en-cours-"
SUMS, SUMMARY = "SHA256SUMS", "export.json"

_PIECE = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Note:
    """A file as it was written: what it was made of (empty when only making it again tells), size, digest, instant of its inode."""

    mark: str
    bytes: int
    sha256: str
    changed: int
    needs: tuple[str, ...] = ()
    """What else of the export it shows, in the words of who wrote it."""


class Digested(io.RawIOBase):
    """A file on its way, counted and digested."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._digest, self.bytes = stream, hashlib.sha256(), 0

    def writable(self) -> bool:
        """It is written, nothing else."""
        return True

    def write(self, piece: Any) -> int:
        """Add bytes."""
        self._digest.update(piece)
        size = self._stream.write(piece)
        self.bytes += size
        return size

    @property
    def sha256(self) -> str:
        """Of what was written so far."""
        return self._digest.hexdigest()


class ExportFolder:
    """The folder, held by one command at a time: see ``opened``."""

    def __init__(self, root: Path, report: Report, *, private: bool) -> None:
        self.root, self.report = root, report
        self._apart, self._private = root / APART, private
        self._before: dict[str, Note] = {}
        self._notes: dict[str, Note] = {}
        self._taken: dict[str, str] = {}
        self._journal: io.TextIOWrapper
        self._is_whole = False

    @classmethod
    @contextmanager
    def opened(cls, root: Path, choices: Choices, report: Report) -> Iterator[Self]:
        """The folder, made if it is not there; FolderTaken, OtherChoices, FolderBusy."""
        with _told(root):
            is_an_export = (root / APART / CHOICES).is_file()
            if (
                root.exists()
                and not is_an_export
                and (not root.is_dir() or {place.name for place in root.iterdir()} - {APART})
            ):
                raise FolderTaken(folder=root)
            folder = cls(root, report, private=not choices.public_only)
            folder._make(folder._apart)
            folder._require_own()
            with (folder._apart / LOCK).open("a") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise FolderBusy(folder=root) from None
                folder._check(choices)
                folder._read()
                with (folder._apart / NOTES).open("a", encoding="utf-8") as folder._journal:
                    yield folder

    def _require_own(self) -> None:
        """What the folder knows of itself is in files of it, wherever it was received from; LeadsOutside."""
        for name in (CHOICES, NOTES, LOCK):
            place = self._apart / name
            if place.is_symlink() or (place.exists() and not place.is_file()):
                raise LeadsOutside(path=place)
        for work in self._apart.glob(f"{WORK}*"):
            work.unlink()

    def _check(self, choices: Choices) -> None:
        path = self._apart / CHOICES
        lasting = json.dumps(choices.lasting, ensure_ascii=False, sort_keys=True)
        try:
            former = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            work = self._apart / f"{WORK}choix"
            with work.open("x", encoding="utf-8") as stream:
                stream.write(lasting)
            work.replace(path)
            return
        if former != lasting:
            raise OtherChoices(folder=self.root, choices=former[:300])

    def _read(self) -> None:
        with suppress(FileNotFoundError):
            for line in (self._apart / NOTES).read_text(encoding="utf-8", errors="replace").splitlines():
                # The last line of a command that was killed may be half of one.
                with suppress(ValueError, TypeError, KeyError):
                    row = json.loads(line)
                    path, row["needs"] = row.pop("path"), tuple(row.get("needs", ()))
                    if not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts:
                        self._before[path] = Note(**row)
            # So that the next line does not follow that half.
            self._keep(self._before)

    def _keep(self, notes: dict[str, Note]) -> None:
        work = self._apart / f"{WORK}notes"
        with work.open("x", encoding="utf-8") as stream:
            stream.writelines(_line(path, note) for path, note in notes.items())
        work.replace(self._apart / NOTES)

    def claim(self, path: str, key: str = "") -> str:
        """A path of the export for what ``key`` names: another than this one when something else has it, whatever the case."""
        while self._taken.setdefault(path.casefold(), key or path) != (key or path):
            path = apart(path, key or path)
        return path

    def has(self, paths: Sequence[str], mark: str) -> bool:
        """Whether all are there, made of what ``mark`` names; they then are of this export too."""
        if not mark or not all(self._is_intact(path, mark) for path in paths):
            return False
        for path in paths:
            self._note(path, self._before[path], is_new=False)
        return True

    def _is_intact(self, path: str, mark: str | None = None, sha256: str = "") -> bool:
        note = self._before.get(path)
        if note is None or (mark is not None and note.mark != mark) or (sha256 and note.sha256 != sha256):
            return False
        target = self.root / path
        try:
            state = target.lstat()
        except OSError:
            return False
        if target.is_symlink() or state.st_size != note.bytes:
            return False
        if state.st_mtime_ns == note.changed:
            return True
        with target.open("rb") as stream:  # copied elsewhere, or touched
            return hashlib.file_digest(stream, "sha256").hexdigest() == note.sha256

    def needs(self, path: str, mark: str) -> tuple[str, ...] | None:
        """What a file needed when it was written, if it is there, made of what ``mark`` names; None when it must be made again."""
        return self._before[path].needs if mark and self._is_intact(path, mark) else None

    def put(self, path: str, write: Callable[[BinaryIO], object], mark: str = "") -> None:
        """One file; ``write`` is not called when ``mark`` says that it would write the same."""
        self.put_together([path], lambda streams: write(streams[0]), mark)

    def put_bytes(self, path: str, content: bytes, mark: str = "", needs: Iterable[str] = ()) -> None:
        """A small file that is made already, and what else it shows."""
        self._write([path], lambda streams: streams[0].write(content), mark, tuple(needs))

    def put_json(self, path: str, value: Any) -> None:
        """A small JSON file, in the order of its keys."""
        self.put_bytes(path, (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode())

    def put_together(self, paths: Sequence[str], write: Callable[[Sequence[BinaryIO]], object], mark: str = "") -> None:
        """Files that are written side by side, of the same reading of the same rows."""
        if not self.has(paths, mark):
            self._write(paths, write, mark)

    def _write(
        self,
        paths: Sequence[str],
        write: Callable[[Sequence[BinaryIO]], object],
        mark: str,
        needs: tuple[str, ...] = (),
    ) -> None:
        works = [self._apart / f"{WORK}{rank}" for rank in range(len(paths))]
        try:
            with _told(self.root), ExitStack() as stack:
                digested = [Digested(stack.enter_context(work.open("xb"))) for work in works]
                write(digested)  # type: ignore[arg-type]  # as much of a stream as writers ask for
            for path, work, stream in zip(paths, works, digested, strict=True):
                self._settle(path, work, Note(mark, stream.bytes, stream.sha256, 0, needs))
        finally:
            for work in works:
                work.unlink(missing_ok=True)

    def _settle(self, path: str, work: Path, note: Note) -> None:
        target = self.root / path
        if self._is_intact(path, None, note.sha256):
            self._note(path, replace(note, changed=target.stat().st_mtime_ns), is_new=False)
            return
        with _told(self.root):
            self._open_up()
            self._make(target.parent)
            if target.is_dir() and not target.is_symlink():
                raise LeadsOutside(path=target)
            work.chmod(0o600 if self._private else 0o666 & ~file_modes.user_umask())
            work.replace(target)
            self._note(path, replace(note, changed=target.stat().st_mtime_ns), is_new=True)

    def _note(self, path: str, note: Note, *, is_new: bool) -> None:
        if is_new or note != self._before.get(path):
            with _told(self.root):
                self._journal.write(_line(path, note))
                self._journal.flush()
        if path not in self._notes and path not in (SUMS, SUMMARY):
            self.report.written += is_new
            self.report.unchanged += not is_new
        self._notes[path] = self._before[path] = note

    def _open_up(self) -> None:
        """Something changes: the sums of the former run are true no more, and a folder without sums is not whole."""
        if not self._is_whole:
            for name in (SUMS, SUMMARY):
                (self.root / name).unlink(missing_ok=True)
            self._is_whole = True

    def _make(self, folder: Path) -> None:
        """A folder and those above it, none of which may lead elsewhere."""
        for place in [self.root, *self._below(folder)]:
            if place != self.root and (place.is_symlink() or (place.exists() and not place.is_dir())):
                raise LeadsOutside(path=place)
            if not place.exists():
                place.mkdir(parents=place == self.root)
                place.chmod(0o700 if self._private else 0o777 & ~file_modes.user_umask())

    def _below(self, folder: Path) -> Iterable[Path]:
        parts = folder.relative_to(self.root).parts
        return [self.root.joinpath(*parts[: rank + 1]) for rank in range(len(parts))]

    def note(self, path: str) -> Note:
        """A file of this export; KeyError when it was not written yet."""
        return self._notes[path]

    def below(self, prefix: str) -> dict[str, int]:
        """The files of this export whose paths begin so, and their sizes."""
        return {path: note.bytes for path, note in sorted(self._notes.items()) if path.startswith(prefix)}

    def spare(self, prefix: str) -> None:
        """What an earlier run wrote below stays: this one could not write it again."""
        for path, note in self._before.items():
            if path.startswith(prefix) and path not in self._notes:
                self._notes[path] = note

    def finish(self, summary: Callable[[], dict[str, Any]]) -> None:
        """Remove what is gone, then write the summary and the sums: the export is whole."""
        with _told(self.root):
            for path in [path for path in self._before if path not in self._notes and path not in (SUMS, SUMMARY)]:
                self._open_up()
                self._remove(path)
            self.report.files = len({*self._notes, SUMMARY})
            self.report.bytes = sum(note.bytes for note in self._notes.values())
            self._open_up()
            self.put_json(SUMMARY, summary())
            if self.report.written:
                os.sync()  # all at once: file by file, the disk would be waited for thousands of times
            sums = "".join(f"{note.sha256}  {path}\n" for path, note in sorted(self._notes.items()))
            self.put_bytes(SUMS, sums.encode())
            self._keep(self._notes)

    def _remove(self, path: str) -> None:
        target = self.root / path
        if any(place.is_symlink() for place in self._below(target.parent)):
            return
        with suppress(FileNotFoundError, IsADirectoryError):
            target.unlink()
            self.report.removed += 1
        for place in reversed(list(self._below(target.parent))):
            with suppress(OSError):  # something else is there
                place.rmdir()


@contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoomLeft(folder=root) from error
        raise


def _line(path: str, note: Note) -> str:
    return json.dumps({"path": path, **asdict(note)}, ensure_ascii=False) + "\n"
