"""A package of CKAN that is moved in: every resource, the fields of its DataStore, what extensions added, the addresses it had.

The DataStore is read by ``datastore_search``, whose values have types; it is compared by ``/datastore/dump``, which another part of CKAN
writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from parvis.core.columns import LABELS
from parvis.core.identifiers import column_names
from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import Request, Resource, Settings
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.moved import Moved, Part, custom_of, is_link, named_fields, paths_of
from parvis.core.sources.paging import base_url, below, check_whole, more_rows, with_query, write_rows
from parvis.core.sources.values import address, digest, mapping, moment, plain, rows, short, size
from parvis.core.sources.vocabulary import service_of

ROWS_SLUG: Final = "ckan_moves"
PAGE: Final = 10_000
_HIDDEN: Final = frozenset({"_id", "_full_text"})
"""Columns that the DataStore makes for itself."""
_TYPES: Final = {
    "text": "text",
    "int": "int",
    "int2": "int",
    "int4": "int",
    "int8": "int",
    "integer": "int",
    "bigint": "int",
    "float": "double",
    "float4": "double",
    "float8": "double",
    "numeric": "double",
    "double precision": "double",
    "bool": "boolean",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "timestamptz": "datetime",
    "timestamp without time zone": "datetime",
    "timestamp with time zone": "datetime",
    "json": "json_blob",
    "jsonb": "json_blob",
}
_ON_THE_CARD: Final = frozenset(
    {
        "author", "author_email", "contact_email", "contact_name", "creator_user_id", "extras", "frequency", "groups", "guid",
        "harvest_object_id", "harvest_source_id", "id", "isopen", "issued", "language", "license_id", "license_title",
        "license_url", "maintainer", "maintainer_email", "metadata_created", "metadata_modified", "modified", "name", "notes",
        "num_resources", "num_tags", "organization", "owner_org", "private", "publisher_name", "relationships_as_object",
        "relationships_as_subject", "resources", "revision_id", "spatial", "state", "tags", "temporal_end", "temporal_start",
        "theme", "title", "tracking_summary", "type", "url", "conforms_to",
    }
)  # fmt: skip
"""What has a place of its own here, or tells of the machine there."""


def moved_package(package: Mapping[str, Any], extras: Mapping[str, Any], root: str) -> Moved:
    """All of a package; ``extras`` are its members and the pairs that extensions added."""
    name, identifier = short(package.get("name"), 200), short(package.get("id"), 200)
    pages = [f"{root}/dataset/{word}" for word in (name, identifier) if word]
    metas: dict[str, dict[str, Any]] = {"default": {}, "dcat": {}}
    if (link := address(package.get("url"))) or (link := address(extras.get("landing_page"))):
        metas["default"]["references"] = [link]
    if text := short(package.get("author")):
        metas["dcat"]["creator"] = text
    return Moved(
        name=name or identifier,
        is_restricted=package.get("private") is True,
        parts=tuple(part for row in rows(package.get("resources")) if (part := _part(row, pages, root))),
        metas=metas,
        custom=custom_of(sorted(extras.items(), key=lambda pair: str(pair[0])), _ON_THE_CARD),
        paths=paths_of(*pages),
    )


def _part(row: Mapping[str, Any], pages: list[str], root: str) -> Part | None:
    identifier, url = short(row.get("id"), 200), address(row.get("url"))
    if row.get("state") not in (None, "", "active") or not (identifier or url):
        return None
    form, media_type = short(row.get("format"), 100), short(row.get("mimetype"), 100)
    is_active = row.get("datastore_active") is True
    is_hosted = row.get("url_type") in ("upload", "datastore")
    if not url and not is_active:
        return None
    dump = f"{root}/datastore/dump/{quote(identifier, safe='')}"
    search = f"{below(root, 'api/3/action/datastore_search')}?resource_id={quote(identifier, safe='')}"
    there = [f"{page}/resource/{identifier}" for page in pages]
    return Part(
        id=identifier or url,
        title=short(row.get("name_translated") or row.get("name")) or short(row.get("description"), 200) or identifier,
        url=url or dump,
        format=form,
        media_type=media_type,
        bytes=size(row.get("size")),
        modified=moment(row.get("last_modified")) or moment(row.get("metadata_modified")) or moment(row.get("created")),
        digest=digest(row.get("hash_algorithm"), row.get("hash")),
        is_hosted=is_hosted,
        is_link=not is_active
        and is_link(url, form, media_type, is_hosted=is_hosted, is_service=bool(service_of(form))),
        rows=ROWS_SLUG if is_active else "",
        rows_url=search if is_active else "",
        paths=paths_of(*there, *([url] if is_hosted else []), dump),
    )


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The fields of a table of the DataStore as JSON, under our names, and how many rows it has."""

    fields: str = "[]"
    total: int | None = None


def dictionary(answer: Path) -> Dictionary:
    """What ``datastore_search`` tells of a table: types, and labels and notes of its data dictionary. Run in a confined child."""
    result = _result(answer)
    described = [
        (short(row.get("id"), 200), _field(row))
        for row in rows(result.get("fields"))
        if short(row.get("id"), 200) not in _HIDDEN
    ]
    total = result.get("total")
    text = json.dumps(named_fields(described), ensure_ascii=True, allow_nan=False)
    return Dictionary(text, total if isinstance(total, int) and not isinstance(total, bool) else None)


def _field(row: Mapping[str, Any]) -> dict[str, Any]:
    info = mapping(row.get("info"))
    kind = short(info.get("type_override"), 50) or short(row.get("type"), 50)
    facts = {
        "label": short(info.get("label")) or short(row.get("id"), 200),
        "description": plain(info.get("notes"), 2_000),
        # An array or a type of PostGIS comes as JSON or as text, and is kept so.
        "type": _TYPES.get(kind.lower(), "json_blob" if kind.startswith("_") else "text"),
    }
    unit = short(info.get("unit"), 50)
    labels = mapping(info.get("choices"))
    annotations = {
        **({"unit": unit} if unit else {}),
        **({LABELS: {str(k)[:200]: short(v, 200) for k, v in labels.items()}} if labels else {}),
    }
    return {**facts, **({"annotations": annotations} if annotations else {})}


class DatastoreRows:
    """The rows of a table of the DataStore, page after page in the order of its lines."""

    slug = ROWS_SLUG

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The first page."""
        url = with_query(base_url(resource.url), {"limit": PAGE, "offset": 0, "sort": "_id", "include_total": "true"})
        return (Request(url),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Rows by line, under our names; EndlessSource when there are fewer than were announced."""
        result = _result(answer)
        records = rows(result.get("records"))
        names = [short(row.get("id"), 200) for row in rows(result.get("fields"))]
        shown = [name for name in names if name not in _HIDDEN]
        ours_by_name = dict(zip(shown, column_names(shown), strict=True))
        content = write_rows(
            destination, ({new: row.get(name) for name, new in ours_by_name.items()} for row in records)
        )
        offset = int(parse_qs(urlsplit(request.url).query).get("offset", ["0"])[0]) + len(records)
        total = result.get("total")
        # A server may give fewer rows than were asked, and counts may be those of the day before.
        if not records or (isinstance(total, int) and offset >= total and len(records) < PAGE):
            check_whole(offset, total)
            return ()
        return more_rows(request, with_query(request.url, {"offset": offset}), content)


def _result(answer: Path) -> dict[str, Any]:
    body = json_object(answer)
    if not body.get("success"):
        error = mapping(body.get("error"))
        raise SourceRefuses(file="", reason=short(error.get("message")) or short(body.get("error")) or "?")
    return mapping(body.get("result"))


ROWS = DatastoreRows()
