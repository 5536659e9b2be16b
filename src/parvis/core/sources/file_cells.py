"""Rows of an Explore export: whether they are whole; the files that they name, listed, then replaced by what each is called here. Run in
a confined child.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.json_stream import array_values
from parvis.core.translation import Sentence

MOST_LISTED: Final = 100_000
_LONGEST_LINE: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class FarFile:
    """A file that a cell names: where it is, what it is called, and what changes when it does."""

    url: str
    name: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class FarFiles:
    """Those of a table, without repetition."""

    files: tuple[FarFile, ...] = ()


@dataclass(frozen=True, slots=True)
class RowCount:
    """How many rows there are."""

    count: int = 0


def count_rows(rows: Path, names: Sequence[str]) -> RowCount:
    """How many objects there are, each with one of these names at least; UnreadableAnswer for anything else between them, and where they
    are cut."""
    count = 0
    for count, _row in enumerate(objects_in(rows, names), 1):  # noqa: B007
        pass
    return RowCount(count)


def objects_in(rows: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """These objects, one after the other; UnreadableAnswer likewise."""
    for row in _values(rows):
        if not isinstance(row, dict) or (row and names and row.keys().isdisjoint(names)):
            raise UnreadableAnswer(file=rows.name, reason=Sentence("ce n’est pas une ligne du jeu"))
        yield row


def files_in(rows: Path, columns: Sequence[str]) -> FarFiles:
    """The files that these columns name, in the order in which they come."""
    files: dict[str, FarFile] = {}
    for row in _rows(rows):
        for column in columns:
            file = _file(row.get(column))
            if file is not None and len(files) < MOST_LISTED:
                files.setdefault(file.url, file)
    return FarFiles(tuple(files.values()))


def with_names(rows: Path, columns: Sequence[str], names: Mapping[str, str], destination: Path) -> None:
    """The same rows, one a line, each file replaced by its name here, or by its address when it has none."""
    with destination.open("w", encoding="utf-8", errors="replace") as stream:
        for row in _rows(rows):
            for column in columns:
                file = _file(row.get(column))
                row[column] = None if file is None else names.get(file.url, file.url)
            stream.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _file(cell: Any) -> FarFile | None:
    if isinstance(cell, Mapping):
        url, name = str(cell.get("url") or ""), str(cell.get("filename") or "")
        return FarFile(url or name, name, str(cell.get("etag") or "")) if url or name else None
    return FarFile(cell) if isinstance(cell, str) and cell else None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (row for row in _values(path) if isinstance(row, dict))


def _values(path: Path) -> Iterator[Any]:
    """Values one a line, or those of one list."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            first = stream.read(64).lstrip()
        if first.startswith("["):
            yield from array_values(path)
            return
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            while line := stream.readline(_LONGEST_LINE):
                if line.strip():
                    yield json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswer(file=path.name, reason=Sentence("ce n’est pas du JSON complet")) from error
