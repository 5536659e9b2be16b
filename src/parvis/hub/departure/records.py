"""What anybody may see of records, as the public API tells them; and their calendars."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from django.db.models import Max

from parvis.core.errors import NotFound, ParvisError
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.collections.api import record_of
from parvis.hub.departure.rules import Choices, Report
from parvis.hub.departure.tables import write_rows
from parvis.hub.records.rules import Moved
from parvis.hub.records.selectors import files_of, published
from parvis.hub.registry import collections

if TYPE_CHECKING:
    from parvis.hub.collections.declaration import Collection
    from parvis.hub.departure.folder import ExportFolder
    from parvis.hub.departure.media import Shelf

_STAMP: Final = re.compile(rb"^DTSTAMP:\w+(?=\r?$)", re.MULTILINE)
COLUMNS: Final = ("slug", "title", "organisation", "territory", "url", "modified", "published")
"""Columns of the CSV of a kind of records; the JSON has all that the API tells."""


def write_records(folder: ExportFolder, choices: Choices, report: Report, media: Shelf) -> None:
    """The published records of every collection; those of a full export are tables, so only their calendars."""
    for collection in collections():
        if collection.has_calendar:
            folder.put_bytes(f"{collection.place}/calendrier.ics", _calendar(collection))
        if choices.public_only:
            _write_public(folder, report, collection, media)


def _calendar(collection: Collection) -> bytes:
    """Its calendar as of the last change of a record, not of this minute: an export of the same records is the same file."""
    records = collection.records(published(collection.kind)).order_by("pk")
    changed = records.aggregate(at=Max("modified"))["at"]
    body = collection.calendar(records, str(collection.title))
    if changed is None:
        return body
    return _STAMP.sub(f"DTSTAMP:{changed.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode(), body)


def _write_public(folder: ExportFolder, report: Report, collection: Collection, media: Shelf) -> None:
    count = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal count
        for record in published(collection.kind).order_by("pk").iterator(chunk_size=200):
            try:
                body = record_of(collection, ANONYMOUS, record.slug).model_dump(mode="json")
            except (NotFound, Moved):  # withdrawn meanwhile
                continue
            except ParvisError as error:
                report.failures.append({"what": f"{collection.place}/{record.slug}", "why": error.message("fr")})
                continue
            for file in files_of(record):
                media(file.file.name)
            count += 1
            yield body

    def write(streams: Sequence[BinaryIO]) -> None:
        streams[1].write(b"[")
        values = (_told(body, streams[1], rank) for rank, body in enumerate(rows()))
        write_rows(streams[0], io.BytesIO(), COLUMNS, values)
        streams[1].write(b"\n]\n")

    path = f"{collection.place}/{collection.kind.noun}"
    folder.put_together([f"{path}.csv", f"{path}.json"], write)
    report.tables[path] = count


def _told(body: dict[str, Any], stream: BinaryIO, rank: int) -> list[Any]:
    stream.write(((",\n" if rank else "\n") + json.dumps(body, ensure_ascii=False)).encode("utf-8", "replace"))
    return [body.get(name) for name in COLUMNS]
