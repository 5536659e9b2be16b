"""The manifest of a version: everything that can be said of it without reading its rows.

A version is a folder ``versions/<version id>/`` that never changes once it has that name::

    original/<file>      the source, byte for byte
    part-0.parquet …     the rows (zstd; GeoParquet when there is a geometry)
    rejects.parquet      lines that could not become a row (line, reason, content); absent when there are none
    failures.parquet     what steps of preparation could not do (line, step, column, value, reason); absent when there is none
    nulled.parquet       cells emptied by choice, or of a word for no value (line, column, value); absent when there are none
    manifest.json        this module

Columns in the Parquet files have the technical names of ``TableShape``; ``__row`` (BIGINT, from 1) is the rank of the row in
the source and ``__line`` (BIGINT) the line it started on. Points and shapes are GEOMETRY in WGS 84, longitude first; dates
DATE, instants TIMESTAMPTZ in UTC, whole numbers BIGINT, decimals DOUBLE, multivalued texts VARCHAR[], the rest VARCHAR.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from parvis.core.columns import Column, TableShape
from parvis.core.errors import NotFound

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of the version; ``bytes`` is its size, ``sha256`` its digest in hexadecimal."""

    file: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Original:
    """The source as it came: where it is in the folder, and how it was read."""

    file: str
    bytes: int
    sha256: str
    format: str
    reading: dict[str, Any] = field(default_factory=dict)
    """Choices of the reader: encoding, delimiter, header line, sheet, member of an archive, coordinate system…"""
    source: str = ""
    """Where it came from: ``upload``, a URL, or the name of the command's file."""


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What one column holds. ``minimum`` and ``maximum`` are ISO text for dates, numbers for numbers, None for the rest.

    ``distinct`` is exact up to 10,000 values, then an estimate; ``top`` is at most 20 pairs of value and count, most
    frequent first. ``values`` is every value of a text column of few and short ones (``statistics.LISTED``), empty for the rest.
    ``missing`` is how many of the ``nulls`` were each word for no value (« s », « NA »…); the other ones were empty cells.
    """

    nulls: int
    distinct: int
    minimum: Any = None
    maximum: Any = None
    mean: float | None = None
    top: list[tuple[str, int]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of one dataset. ``bbox`` is west, south, east, north in degrees, None without geometry."""

    version: str
    created: str
    """Instant of writing, ISO 8601 in UTC."""
    rows: int
    shape: TableShape
    parsing: dict[str, dict[str, Any]]
    """For each column name: ``sources`` (headers it was read from) and ``parser`` (see ``core.profiling``)."""
    parts: tuple[Part, ...]
    original: Original
    rejects: int = 0
    aside: int = 0
    """How many of the ``rejects`` were lines around the table (titles, notes, totals, headers that come again), not faults."""
    nulled: int = 0
    missing: int = 0
    """How many of the ``nulled`` cells held a word for no value (« s », « NA »…), not a misfit."""
    profile: dict[str, ColumnProfile] = field(default_factory=dict)
    bbox: tuple[float, float, float, float] | None = None
    geometry_types: tuple[str, ...] = ()
    notes: list[dict[str, Any]] = field(default_factory=list)
    """What the reader and the profiler noticed: ``{"code": …, "details": {…}}``."""
    lineage: list[dict[str, Any]] = field(default_factory=list)
    """What was changed between the original and the rows, in order (see ``core.transforms.Outcome``)."""
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each inspector found, by its name (see ``core.ingest.Inspector``)."""

    def to_json(self) -> str:
        """The text of ``manifest.json``."""
        body = asdict(self)
        body["format"] = FORMAT
        body["shape"] = [column.to_dict() for column in self.shape]
        return json.dumps(body, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """The manifest that ``to_json`` wrote; ValueError or KeyError when the text is no manifest."""
        body: dict[str, Any] = json.loads(text)
        if body.pop("format") != FORMAT:
            raise ValueError("unknown manifest format")
        body["shape"] = TableShape(tuple(Column.from_dict(row) for row in body["shape"]))
        body["parts"] = tuple(Part(**row) for row in body["parts"])
        body["original"] = Original(**body["original"])
        body["profile"] = {name: _profile(row) for name, row in body["profile"].items()}
        body["bbox"] = tuple(body["bbox"]) if body["bbox"] else None
        body["geometry_types"] = tuple(body["geometry_types"])
        return cls(**body)


def _profile(row: Mapping[str, Any]) -> ColumnProfile:
    top = [(str(value), int(count)) for value, count in row["top"]]
    return ColumnProfile(**{**row, "top": top})


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version's folder; NotFound when the folder is not a whole version."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(name=folder.name) from error
    return Manifest.from_json(text)


def write_manifest(folder: Path, manifest: Manifest, *, synchronised: bool = True) -> None:
    """Write ``manifest.json`` to the disk, synchronised, as the last file of a version."""
    with (folder / MANIFEST).open("w", encoding="utf-8") as stream:
        stream.write(manifest.to_json())
        stream.flush()
        if synchronised:
            os.fsync(stream.fileno())
