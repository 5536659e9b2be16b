"""The files that fields of type ``file`` name: as objects in rows, and where each is (specification, section 6).

Such a field holds a name or an address. The file itself is the attachment of that name, or is at that address.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpRequest

from parvis.core.columns import ColumnType
from parvis.core.engine import Engine, Source
from parvis.core.engine.plans import Rows
from parvis.core.explore.file_values import file_name, file_object
from parvis.core.odsql.bound import Cell, Compare, Output, Query, Result, Value
from parvis.core.odsql.functions import Function, Takes
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.text import slugify
from parvis.web.api.explore.endpoint import absolute

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Attachment, Dataset


_DIGEST = Function("text digest", (Takes.TEXT,), ValueType.TEXT, "")
"""What files are called by (``core.explore.file_values.file_id``)."""


def with_files(
    request: HttpRequest, dataset_id: str, keys: Sequence[str], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows, what is under ``keys`` as file objects."""
    if not keys:
        return rows
    base = absolute(request, f"/catalog/datasets/{quote(dataset_id)}/files")
    for key in keys:
        for row in rows:
            if isinstance(row.get(key), str):
                row[key] = file_object(row[key], base)
    return rows


def text_of_file(engine: Engine, source: Source, identifier: str) -> str | None:
    """What the field holds whose file is so called; None when no row does."""
    for column in source.shape:
        if column.type is ColumnType.FILE:
            cell = Cell(column, ValueType.TEXT)
            same = Compare(Result(_DIGEST, (cell,), ValueType.TEXT), "=", Value(identifier, ValueType.TEXT))
            table = engine.table(source, Rows(Query((Output(column.name, cell, column),), same, limit=1)))
            if table.num_rows:
                return str(table.column(0)[0].as_py())
    return None


def attachment_named(dataset: Dataset, text: str) -> Attachment | None:
    """The attachment that holds the file of that name."""
    name = PurePosixPath(file_name(text))
    slug = f"{slugify(name.stem)[:60] or 'document'}-{name.suffix.lower()[1:]}"
    attachment: Attachment | None = dataset.attachments.filter(slug=slug).first()
    return attachment
