"""The XML parts of an office file, parsed with nothing fetched. In a confined child alone.

Expat, which parses them, fetches nothing, and stops entities that would grow beyond measure.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from parvis.core.acts.reading.errors import ActBroken
from parvis.core.documents.recognition import recognise_document

LARGEST_PART: Final = 60_000_000
"""Bytes of one part, once unpacked."""
LONGEST_FACT: Final = 500
"""Letters of a title."""

type Element = ElementTree.Element


class Parts:
    """Parts by their name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = frozenset(archive.namelist())

    def root(self, name: str) -> Element | None:
        """The element that the part is; None when there is no such part. ValueError when it is too large."""
        if name not in self._names:
            return None
        if self._archive.getinfo(name).file_size > LARGEST_PART:
            raise ValueError(name)
        with self._archive.open(name) as stream:
            return ElementTree.parse(stream).getroot()  # noqa: S314 - see above; and the child has its bounds


@contextmanager
def parts_of(path: Path, suffix: str, name: str) -> Iterator[Parts]:
    """The parts of the file; ActBroken for what goes wrong with them, DocumentMismatch for another sort of archive."""
    recognise_document(path, suffix, name)
    try:
        with zipfile.ZipFile(path) as archive:
            yield Parts(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ElementTree.ParseError,
        OSError,
        LookupError,
        ValueError,
        EOFError,
        RuntimeError,  # a password, a packing that zipfile does not know
    ) as error:
        raise ActBroken(file=name, suffix=suffix) from error


def fact(properties: Element | None, path: str) -> str:
    """What a part says of the document, on one line; empty when it does not."""
    words = properties.findtext(path) if properties is not None else None
    return " ".join((words or "").split())[:LONGEST_FACT]


def language_tag(words: str) -> str:
    """``words`` when they could be the tag of a language, else nothing."""
    return words if words.isascii() and words.replace("-", "").isalnum() and len(words) < 20 else ""
