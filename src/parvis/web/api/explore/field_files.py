"""The files that fields of type ``file`` name: as objects in rows, and where each is (specification, section 6).

Such a field holds a name or an address. The file itself is the attachment of that name, or stands at that address.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.http import HttpRequest

from parvis.core.columns import ColumnType
from parvis.core.engine import Engine, Source, Statement
from parvis.core.odsql.bound import Output
from parvis.core.staging import quote_identifier
from parvis.core.text import slugify
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.web.api.explore.door import absolute

_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "tif": "TIFF", "tiff": "TIFF"}


def with_files(
    request: HttpRequest, dataset_id: str, outputs: Sequence[Output], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows, their file fields as objects."""
    keys = [o.key for o in outputs if o.column is not None and o.column.type is ColumnType.FILE]
    for key in keys:
        for row in rows:
            if isinstance(row[key], str):
                row[key] = file_object(row[key], lambda path: absolute(request, path), dataset_id)
    return rows


def file_object(text: str, address: Any, dataset_id: str) -> dict[str, Any]:
    """What is known of the file a field names, without opening it."""
    name = file_name(text)
    mimetype = mimetypes.guess_type(name)[0]
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    identifier = file_id(text)
    return {
        "thumbnail": bool(mimetype and mimetype.startswith("image/")),
        "filename": name,
        "format": _FORMATS.get(ending, ending.upper()) or None,
        "width": None,
        "height": None,
        "mimetype": mimetype,
        "etag": None,
        "id": identifier,
        "last_synchronized": None,
        "color_summary": None,
        "exif_orientation": None,
        "url": address(f"/catalog/datasets/{quote(dataset_id)}/files/{identifier}"),
    }


def file_id(text: str) -> str:
    """What a file is called in addresses: 32 hexadecimal digits drawn from what the field holds."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def file_name(text: str) -> str:
    """The last part of a path or of an address."""
    path = unquote(urlsplit(text).path) if is_address(text) else text.replace("\\", "/")
    return path.rstrip("/").rpartition("/")[2] or text


def is_address(text: str) -> bool:
    """True for an address of the web."""
    return text.startswith(("http://", "https://"))


def text_of_file(engine: Engine, source: Source, identifier: str) -> str | None:
    """What the field holds whose file is so called; None when no row does."""
    for column in source.shape:
        if column.type is ColumnType.FILE:
            cell = quote_identifier(column.name)
            found = engine.table(
                source, Statement(f"SELECT {cell} AS v FROM rows WHERE md5({cell}) = ? LIMIT 1", (identifier,))
            )
            if found.num_rows:
                return str(found.column(0)[0].as_py())
    return None


def attachment_named(dataset: Dataset, text: str) -> Attachment | None:
    """The attachment that holds the file of that name."""
    name = PurePosixPath(file_name(text))
    slug = f"{slugify(name.stem)[:60] or 'document'}-{name.suffix.lower()[1:]}"
    found: Attachment | None = dataset.attachments.filter(slug=slug).first()
    return found
