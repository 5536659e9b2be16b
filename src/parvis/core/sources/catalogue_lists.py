"""What a CKAN or a udata says besides its datasets: showcases, reuses, views of resources; read where nothing is trusted.

Names of people are not among what is given: whoever made a thing there wrote to somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parvis.core.identifiers import column_names
from parvis.core.sources.answers import json_object
from parvis.core.sources.errors import SourceRefuses, UnreadableAnswer
from parvis.core.sources.portal_lists import FarList
from parvis.core.sources.values import LONGEST_URL, address, mapping, markdown, moment, rows, short
from parvis.core.translation import Sentence

MOST_TOGETHER: Final = 200
"""Datasets of one reuse."""
_MOST_SETTINGS: Final = 100
_LONGEST: Final = 4_000


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page of a list, and the address of the next one as it is written; empty after the last."""

    listed: FarList
    following: str = ""


def read_catalogue_list(answer: Path, kind: str) -> CataloguePage:
    """A page of a list of that kind (a key of ``KINDS``); what names nothing is left out."""
    body = json_object(answer)
    if body.get("success") is False:
        error = mapping(body.get("error"))
        raise SourceRefuses(file="", reason=short(error.get("message")) or short(body.get("error")) or "?")
    listed = body.get("result") if "result" in body else body.get("data")
    if not isinstance(listed, list):
        raise UnreadableAnswer(file="", reason=Sentence("une liste est attendue"))
    read = KINDS[kind]
    facts = (read(row) for row in rows(listed))
    total = body.get("total")
    texts = [json.dumps(row, ensure_ascii=True, allow_nan=False) for row in facts if row]
    page = FarList(texts, total if isinstance(total, int) and not isinstance(total, bool) else None, len(listed))
    return CataloguePage(page, short(body.get("next_page"), LONGEST_URL + 1))


def _showcase(row: Mapping[str, Any]) -> dict[str, Any]:
    """A thing of ckanext-showcase: a package of another type."""
    identifier, title = short(row.get("id"), 200), short(row.get("title"), 200) or short(row.get("name"), 200)
    if not (identifier and title) or row.get("private") is True or row.get("state") not in (None, "", "active"):
        return {}
    return {
        "identifier": identifier,
        "title": title,
        "text": markdown(row.get("notes"), _LONGEST),
        "url": address(row.get("url"))[:500],
        "created": moment(row.get("metadata_created")),
        "author": "",
        "datasets": [],
    }


def _package(row: Mapping[str, Any]) -> dict[str, Any]:
    identifier = short(row.get("id"), 200)
    return {"identifier": identifier, "name": short(row.get("name"), 200)} if identifier else {}


def _reuse(row: Mapping[str, Any]) -> dict[str, Any]:
    """A reuse of udata: its organisation is told, a person is not."""
    identifier, title = short(row.get("id"), 200), short(row.get("title"), 200)
    is_gone = any(row.get(name) for name in ("private", "deleted", "deleted_at", "archived", "archived_at"))
    if not (identifier and title) or is_gone:
        return {}
    names = (short(part.get("id"), 200) for part in rows(row.get("datasets"))[:MOST_TOGETHER])
    return {
        "identifier": identifier,
        "title": title,
        "text": markdown(row.get("description"), _LONGEST),
        "url": address(row.get("url"))[:500],
        "created": moment(row.get("created_at")),
        "author": short(mapping(row.get("organization")).get("name"), 60),
        "datasets": [name for name in names if name],
    }


_SETTINGS: Final = ("graph_type", "map_field_type", "page_url")
_COLUMNS: Final = ("group", "series", "latitude_field", "longitude_field", "geojson_field")


def _view(row: Mapping[str, Any]) -> dict[str, Any]:
    """A view of a resource, columns under the names that ours have."""
    identifier, kind = short(row.get("id"), 100), short(row.get("view_type"), 100)
    if not (identifier and kind):
        return {}
    settings = {name: text for name in _SETTINGS if (text := short(row.get(name), 500))}
    settings |= {name: column for name in _COLUMNS if (column := _column(row.get(name)))}
    filters = {
        column: [text for value in values[:_MOST_SETTINGS] if (text := short(value, 500))]
        for name, values in list(mapping(row.get("filters")).items())[:_MOST_SETTINGS]
        if isinstance(values, list) and (column := _column(name))
    }
    fields = row.get("show_fields")
    names = fields[:_MOST_SETTINGS] if isinstance(fields, list) else []
    return {
        "identifier": identifier,
        "title": short(row.get("title"), 200) or kind,
        "kind": kind,
        "settings": settings,
        "filters": filters,
        "columns": [column for name in names if (column := _column(name))],
    }


def _column(value: object) -> str:
    """The name that a column of that name has here; empty for none."""
    name = short(value, 200)
    return column_names([name])[0] if name else ""


KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "showcases": _showcase,
    "packages": _package,
    "reuses": _reuse,
    "views": _view,
}
"""What a list may be of, and how one of its rows is read."""
