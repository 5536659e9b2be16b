"""Pictures given to a child, and what it made checked as a stranger's: any process may ask this, none decodes anything."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parvis.core.children import Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, call
from parvis.core.pictures.errors import PictureBroken
from parvis.core.pictures.headers import measure
from parvis.core.pictures.sanitizer import CleanPicture, Step, clean_picture, inspect_picture, render_picture

MOST_BYTES = 20_000_000
"""Of a picture that is received."""
SECONDS = 60.0
"""Fifty million pixels with their transparency, the most that is received, take five on a quiet machine and several times that on a busy one."""
MEMORY = 1_500_000_000
_LARGEST_WRITTEN = 250_000_000
"""Fifty million pixels that nothing compresses, as PNG."""


@dataclass(frozen=True, slots=True)
class Received:
    """A picture written by ourselves, that holds nothing but pixels."""

    body: bytes
    kind: str
    width: int
    height: int


def receive_picture(source: Path, scratch: Path, name: str, *, longest: int) -> Received:
    """The picture at ``source`` decoded and written again in a child; PictureRefused, or the error of a machine that starts no child.

    ``scratch`` is an empty folder that holds what the child writes; the caller removes it.
    """
    made = _child_answer(_permits(source, scratch, name), clean_picture, source, scratch, name, longest)
    return _checked(made, scratch, name)


def rendered(source: Path, scratch: Path, name: str, steps: list[Step], kind: str, quality: int) -> Received:
    """The picture after some steps, made in a child."""
    made = _child_answer(_permits(source, scratch, name), render_picture, source, scratch, name, steps, kind, quality)
    return _checked(made, scratch, name)


def upright_size(source: Path, scratch: Path, name: str) -> tuple[int, int]:
    """Width and height of a picture once upright, which only a child can say of one with what cameras write beside it."""
    header = _child_answer(_permits(source, scratch, name), inspect_picture, source, name)
    return header.width, header.height


def _permits(source: Path, scratch: Path, name: str) -> Permits:
    return Permits(name=name, read=(source,), write=(scratch,), seconds=SECONDS, memory=MEMORY, disk=_LARGEST_WRITTEN)


def _child_answer[T](permits: Permits, ask: Callable[..., T], *facts: object) -> T:
    """What a child answers; PictureBroken for a picture that ends it, or keeps it longer or larger than permitted."""
    try:
        return call(ask, *facts, permits=permits)
    except (ReadingFailed, ReadingTooLong, ReadingTooLarge) as error:
        raise PictureBroken(file=permits.name) from error


def _checked(made: CleanPicture, scratch: Path, name: str) -> Received:
    """What a child made, when it is what it says: a plain file of that kind and size with nothing beside the pixels."""
    body = _plain_file(scratch / Path(made.file).name, name)
    header = measure(body)
    if (
        header is None
        or not header.bare
        or (header.kind, header.width, header.height) != (made.kind, made.width, made.height)
    ):
        raise PictureBroken(file=name)
    return Received(body, header.kind, header.width, header.height)


def _plain_file(path: Path, name: str) -> bytes:
    def opener(place: str, _flags: int) -> int:
        return os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)

    try:
        with open(path, "rb", opener=opener) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_WRITTEN:
                raise PictureBroken(file=name)
            return stream.read()
    except OSError as error:
        raise PictureBroken(file=name) from error
