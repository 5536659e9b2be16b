"""Whole files of a dataset made ahead at publication: which ones, where they stand, how a request is known to want one.

They are beside the versions, never inside (``hub.store``), called ``<key>-<digest>.<format>``, and may be lost without
harm: what is not there is streamed. The key holds everything the bytes depend on, so a file made for another card, another
question or another release of Parvis is never taken for the one wanted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from parvis import __version__
from parvis.core.columns import ColumnType, TableShape
from parvis.core.explore import EXPORT_FORMATS, ExploreRequest, ExportFormat, Family, export_format
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.lenses import narrows
from parvis.hub.registry import laid_rows_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.store import prepared_name, store

PORTAL = ExploreRequest(lang="fr", timezone="Europe/Paris", use_labels=True)
"""What the portal's links to CSV and spreadsheets ask: titles in plain words, hours of France."""

PLAIN = ExploreRequest()

PACKED = ".gz"
"""Ending of the gzipped twin of a file of text."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One file made ahead: its format, and the request it answers."""

    export: ExportFormat
    request: ExploreRequest
    most_rows: int
    """Beyond which it is not worth its place."""


def usual_request(export: ExportFormat) -> ExploreRequest:
    """What the portal's links to files of a format ask."""
    return PORTAL if export.family is Family.TABLE else PLAIN


def _prepared() -> Iterator[Prepared]:
    """A table twice where programs ask for it too: as the portal links to it, and as it is."""
    for export in EXPORT_FORMATS:
        if export.ahead is not None:
            requests = [usual_request(export), *([PLAIN] if export.ahead.for_programs else [])]
            yield from (Prepared(export, request, export.ahead.most_rows) for request in dict.fromkeys(requests))


PREPARED = tuple(_prepared())

_COMMON = frozenset({"include_links", "lang", "version"})
"""Parameters that change no file of whole rows; the version is already that of the folder."""

_OWN = {row.export.name: frozenset(row.export.parameters) for row in PREPARED}
_OF_FORMATS = frozenset(name for row in EXPORT_FORMATS for name in row.parameters)


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that can be sent: its name in the store, that of its gzipped twin if any, the digest that names its bytes."""

    name: str
    packed: str | None
    digest: str


def wanted(dataset: Dataset, version: Version, shape: TableShape) -> Iterator[tuple[Prepared, str]]:
    """The files worth making for a version, each with its key; ``shape`` is as the card describes it."""
    for row in PREPARED:
        if version.rows <= row.most_rows and _may_be_made(row.export, shape):
            yield row, key_of(row.export.name, row.request, shape)


def key_of(format_name: str, request: ExploreRequest, shape: TableShape) -> str:
    """What the bytes of a file depend on, besides the rows of its version."""
    parts = [__version__, format_name, _requested(format_name, request, shape), [column.to_dict() for column in shape]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]


def ready(
    dataset: Dataset, version: Version, shape: TableShape, format_name: str, request: ExploreRequest
) -> Ready | None:
    """The file made ahead that holds exactly what is asked; None when there is none."""
    if format_name not in _OWN or not _may_be_made(export_format(format_name), shape) or _is_narrowed(dataset):
        return None
    if version is dataset.current and laid_rows_of(dataset) is not None:
        return None
    key = key_of(format_name, request, shape)
    folder = prepared_name(dataset.uid, version.name)
    files = store().children(folder)
    start, end = f"{key}-", f".{format_name}"
    for file in files:
        if file.startswith(start) and file.endswith(end):
            packed = f"{folder}/{file}{PACKED}" if f"{file}{PACKED}" in files else None
            return Ready(f"{folder}/{file}", packed, file.removeprefix(start).removesuffix(end))
    return None


def _is_narrowed(dataset: Dataset) -> bool:
    """Whether the site of the request shows a part of the rows only: files made ahead hold them all."""
    lens = current_lens()
    return lens is not None and narrows(dataset, lens)


def _may_be_made(export: ExportFormat, shape: TableShape) -> bool:
    """Whether the bytes depend on the rows alone: what is drawn needs a geometry, JSON gives files their address of the day."""
    has_files = any(column.type is ColumnType.FILE for column in shape)
    return not (export.needs_geometry and shape.geometry is None) and not (export.document and has_files)


def _requested(format_name: str, request: ExploreRequest, shape: TableShape) -> dict[str, Any]:
    """The parameters that matter, those that say what is implied left out."""
    usual = asdict(PLAIN)
    idle = _COMMON | (_OF_FORMATS - _OWN[format_name]) | {"compressed"}
    if not any(column.type is ColumnType.DATETIME for column in shape):
        idle |= {"timezone"}
    parameters = {name: value for name, value in asdict(request).items() if name not in idle and value != usual[name]}
    if parameters.get("limit") == -1:
        del parameters["limit"]
    return parameters
