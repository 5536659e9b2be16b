"""Of a dataset of another kind of portal, which of its files becomes the rows, which are documents and which stay links; and its object,
as an Explore portal would tell it: pure decisions.

The rule: a table that the portal itself serves row by row (DataStore, lines), else the file of the format that loses least
(``resources``), else the first told. Every other file is a document of the dataset; pages and services stay links.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from parvis.core.sources.contract import Item, Resource
from parvis.core.sources.moved import MOVED
from parvis.core.sources.values import extension, resource
from parvis.core.text import slugify
from parvis.hub.harvesting.cards import plain_object
from parvis.hub.harvesting.files import FILE_MARK
from parvis.hub.harvesting.resources import best_resource, is_table

EXPLORE: Final = "explore"
"""In ``Item.extras``, the object of the dataset as the Explore API writes it."""

type Told = Mapping[str, Any]


def told_by(item: Item) -> dict[str, Any]:
    """What the portal tells of the whole dataset (``core.sources.moved``); empty for an item of Explore."""
    try:
        told_facts = json.loads(item.extras.get(MOVED, "{}"))
    except (ValueError, RecursionError):
        return {}
    return told_facts if isinstance(told_facts, dict) else {}


def rows_told(item: Item) -> dict[str, Any]:
    """Where the rows of the item would be read, as ``Resource`` has it, and ``id``; empty without any."""
    table = _table(item, _parts(told_by(item)))
    return {} if table is None else _rows_of(table)


def _parts(facts: Told, without: str = "") -> list[dict[str, Any]]:
    parts = [part for part in facts.get("parts") or [] if isinstance(part, dict)]
    return [{**part, "rows": ""} if without and part.get("id") == without else part for part in parts]


def arranged(item: Item, fields: Sequence[Told] | None = None, *, without: str = "") -> Item:
    """The item with its object: ``fields`` are those that the portal told apart; ``without`` is a table that it serves no rows of."""
    facts = told_by(item)
    if not facts:
        return item
    parts = _parts(facts, without)
    table = _table(item, parts)
    documents = [part for part in parts if part is not table and not part.get("is_link")]
    if FILE_MARK in item.identifier:  # the other tables are datasets of their own
        urls = {row.url for row in item.resources}
        documents = [part for part in documents if part.get("url") in urls or not _may_be_rows(part)]
    document = {
        **_card(item, facts),
        "dataset_id": name_of(item, facts),
        "dataset_uid": None,
        "visibility": "restricted" if facts.get("is_restricted") else "domain",
        "has_records": table is not None,
        "data_visible": True,
        "fields": list(fields if fields is not None else facts.get("fields") or []) if table is not None else [],
        "attachments": [_document(part) for part in documents],
        "alternative_exports": [],
        "links": [_document(part) for part in parts if part.get("is_link")],
        "tables": sum(_may_be_rows(part) for part in documents) if table is not None else 0,
        "rows": None if table is None else _rows_of(table),
        "table": None if table is None else _document(table),
        "left": facts.get("left") or 0,
        "paths": _paths(facts, table, documents),
    }
    named = {"name": document["dataset_id"], EXPLORE: json.dumps(document, ensure_ascii=False)}
    return replace(item, extras={**item.extras, **named})


def name_of(item: Item, facts: Told) -> str:
    """What the dataset is called here when that is free: as there, and the name of the file of one that is made of a file."""
    name = str(facts.get("name") or item.identifier)
    _whole, mark, key = item.identifier.partition(FILE_MARK)
    return f"{name}-{slugify(key)}"[:100].strip("-") if mark else name


def _table(item: Item, parts: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The part that becomes the rows."""
    own = parts
    if FILE_MARK in item.identifier and item.resources:
        own = [part for part in parts if part.get("url") == item.resources[0].url]
    if served := next((part for part in own if part.get("rows")), None):
        return served
    tables = [part for part in own if not part.get("is_link") and _may_be_rows(part)]
    best = best_resource([_resource(part) for part in tables]) if tables else None
    return next((part for part in tables if best is not None and part.get("url") == best.url), None)


def _may_be_rows(part: Told) -> bool:
    """A text is more often a notice than a table."""
    words = {str(part.get("format") or "").lower().strip("."), extension(str(part.get("url") or ""))}
    return "txt" not in words and is_table(_resource(part))


def _resource(part: Told) -> Resource:
    size = part.get("bytes")
    return resource(
        str(part.get("url") or ""),
        title=str(part.get("title") or ""),
        formats=[str(part.get("format") or "")],
        media_type=str(part.get("media_type") or ""),
        bytes=size if isinstance(size, int) else None,
        modified=str(part.get("modified") or ""),
        digest=str(part.get("digest") or ""),
    )


def _rows_of(part: Told) -> dict[str, Any]:
    """Where the rows are, as ``Resource`` has it, and what it is called there."""
    row = _resource(part)
    if part.get("rows"):
        row = replace(
            row, url=str(part.get("rows_url") or row.url), dialect=str(part["rows"]), format="json", media_type=""
        )
    return {name: getattr(row, name) for name in Resource.__slots__} | {"id": str(part.get("id") or "")}


def _document(part: Told) -> dict[str, str]:
    url, title = str(part.get("url") or ""), str(part.get("title") or "")
    return {
        "id": str(part.get("id") or url),
        "title": title or url.rpartition("/")[2],
        "mimetype": str(part.get("media_type") or ""),
        "format": str(part.get("format") or ""),
        "url": url,
    }


def _paths(facts: Told, table: Told | None, documents: Sequence[Told]) -> list[list[str]]:
    """Addresses there and what is at each: the page, the rows, or the document of that identifier."""
    pairs = [[str(path), "page", ""] for path in facts.get("paths") or []]
    if table is not None:
        pairs += [[str(path), "rows", _export_of(str(path), table)] for path in table.get("paths") or []]
    for part in documents:
        pairs += [[str(path), "document", str(part.get("id") or part.get("url"))] for path in part.get("paths") or []]
    return pairs


_EXPORTS: Final = ("csv", "xlsx", "geojson", "json", "parquet", "shp", "gpkg", "kml", "gpx")


def _export_of(path: str, table: Told) -> str:
    """What somebody gets who fetched the file at that address; empty for the page of a file."""
    if path.endswith(f"/resource/{table.get('id')}"):
        return ""
    form = "csv" if table.get("rows") else _resource(table).format
    return form if form in _EXPORTS else "csv"


def _card(item: Item, facts: Told) -> dict[str, Any]:
    """The metadata as an Explore portal writes them: the portal is to close, and is no reference of the data."""
    metas = plain_object(item)["metas"]
    told_metas = facts.get("metas") if isinstance(facts.get("metas"), dict) else {}
    for template in ("default", "dcat"):
        own = (told_metas or {}).get(template)
        metas[template] |= {"references": []} if template == "default" else {}
        metas[template] |= own if isinstance(own, dict) else {}
    if isinstance(facts.get("rows"), int):
        metas["default"]["records_count"] = facts["rows"]
    custom = facts.get("custom")
    return {"metas": {**metas, "custom": custom if isinstance(custom, dict) else {}}}
