"""The catalogue of an Explore API v2.1: Opendatasoft's portals, and Parvis's own."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from parvis.core.sources.answers import json_answer
from parvis.core.sources.contract import EXTRA, Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.explore_services import asks_for_services, read_services
from parvis.core.sources.json_stream import array_values
from parvis.core.sources.origins import is_local, is_page
from parvis.core.sources.paging import base_url
from parvis.core.translation import Sentence, gettext_noop

PAGE = 100
_DATASET = re.compile(r"/(?:explore/dataset|catalog/datasets)/([^/?#]+)")
"""The page of one dataset, or its address in the API."""
_OF_PARVIS = ("hvd", "inspire", "closure", "closure_note")
"""What another Parvis says in a template of its own and a card has a place for; its current version is told there too, which changes."""
FURTHEST = 10_000
"""Offset and limit may not go beyond: a larger catalogue is asked whole, as a file."""


class ExploreDialect:
    """``where`` is a condition in ODSQL that the source itself applies."""

    slug = "explore"
    label = gettext_noop("Un portail Opendatasoft ou Parvis (API Explore)")
    options: Sequence[str] = ("where",)
    incremental = True

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """Its first page."""
        _base(settings)
        return (_page(settings, 0),)

    def after(self, request: Request, settings: Settings, total: int | None) -> tuple[Request, ...]:
        """The page that follows."""
        reached = int(request.state.get("offset", "0")) + PAGE
        is_last = "whole" in request.state or EXTRA in request.state or reached >= min(total or 0, FURTHEST)
        return () if is_last else (_page(settings, reached),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """A page of datasets, or all of them."""
        if EXTRA in request.state:
            return read_services(answer, request, _base(settings))
        if request.state.get("whole"):
            every = list(array_values(answer))
            items, refusals = _items(every, settings)
            return Page(items, refusals, (), len(every))
        document = json_answer(answer)
        rows = document.get("results") if isinstance(document, dict) else None
        total = document.get("total_count") if isinstance(document, dict) else None
        if not isinstance(rows, list) or not isinstance(total, int):
            reason = Sentence("« results » et « total_count » sont attendus")
            raise UnreadableAnswer(file=answer.name, reason=reason)
        offset = int(request.state.get("offset", "0"))
        if total > FURTHEST and offset == 0:
            return Page((), (), (_whole(settings),), total)
        items, refusals = _items(rows, settings)
        reached = offset + len(rows)
        # A full page is followed by another one, whatever the total says.
        is_last = reached >= total and len(rows) < PAGE
        following = (_page(settings, reached),) if rows and reached < FURTHEST and not is_last else ()
        is_of_all = (
            offset == 0 and not settings.options.get("where") and not _DATASET.search(urlsplit(settings.url).path)
        )
        services = asks_for_services(rows, _base(settings)) if is_of_all else ()
        return Page(items, refusals, (*following, *services), total)


def _base(settings: Settings) -> str:
    return root_of(settings.url)


def root_of(url: str) -> str:
    """The root of a portal, whichever of its addresses was given."""
    parts = urlsplit(base_url(url))
    path = re.split(r"/(?:api|explore|pages)(?:/|$)", parts.path, maxsplit=1)[0].rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _question(settings: Settings) -> dict[str, str]:
    conditions = [f"({settings.options['where']})"] if settings.options.get("where") else []
    if own := _DATASET.search(urlsplit(settings.url).path):
        conditions.append(f'dataset_id = "{re.sub(r"[^\w@-]", "", unquote(own[1]))}"')
    if settings.since:
        day = f"date'{settings.since[:10]}'"
        conditions.append(f"(default.data_processed >= {day} or default.metadata_processed >= {day})")
    return {"where": " and ".join(conditions)} if conditions else {}


def _page(settings: Settings, offset: int) -> Request:
    # Without an order, rows come twice or never when the catalogue changes between two pages.
    query = {"limit": PAGE, "offset": offset, "order_by": "dataset_id", "include_app_metas": "true"}
    query |= _question(settings)
    url = f"{_base(settings)}/api/explore/v2.1/catalog/datasets?{urlencode(query)}"
    return Request(url, headers={"Accept": "application/json"}, state={"offset": str(offset)})


def _whole(settings: Settings) -> Request:
    query = urlencode(_question(settings))
    return Request(f"{_base(settings)}/api/explore/v2.1/catalog/exports/json?{query}", state={"whole": "1"})


def _items(rows: Sequence[Any], settings: Settings) -> tuple[tuple[Item, ...], tuple[Refusal, ...]]:
    items, refusals, base = [], [], _base(settings)
    for row in rows:
        try:
            items.append(_item(row, base))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            identifier = _text(row.get("dataset_id")) if isinstance(row, Mapping) else ""
            refusals.append(Refusal(identifier, f"sa fiche n’a pas la forme attendue ({str(error)[:100]})"))
    return tuple(items), tuple(refusals)


def _item(row: Mapping[str, Any], base: str) -> Item:
    name = _text(row["dataset_id"])
    if not name:
        raise ValueError("dataset_id")
    metas = row.get("metas") or {}
    default, dcat = metas.get("default") or {}, metas.get("dcat") or {}
    landing = f"{base}/explore/dataset/{quote(name, safe='')}/"
    # What Parvis and Opendatasoft both know of columns comes along: labels, types, units, annotations.
    object_ = {
        "dataset_id": name,
        "dataset_uid": row.get("dataset_uid"),
        "visibility": row.get("visibility"),
        "has_records": bool(row.get("has_records")),
        "data_visible": row.get("data_visible") is not False,
        "metas": _metas(metas),
        "fields": row.get("fields") or [],
        "attachments": _documents(row, "attachments", base, name),
        "alternative_exports": _documents(row, "alternative_exports", base, name),
    }
    return Item(
        identifier=_text(row.get("dataset_uid")) or name,
        title=_text(default.get("title")) or name,
        description=plain(_text(default.get("description"))),
        landing_page=landing,
        publisher=_text(default.get("publisher")),
        contact_name=_text(dcat.get("contact_name")),
        contact_email=_text(dcat.get("contact_email")),
        licence=_text(default.get("license")) or _text(default.get("license_url")),
        frequency=_text(dcat.get("accrualperiodicity")) or _text(default.get("update_frequency")),
        keywords=_texts(default.get("keyword")),
        themes=_texts(default.get("theme")),
        spatial=_texts(default.get("territory")) + _texts(dcat.get("spatial")),
        bbox=_box(default.get("bbox")),
        temporal_start=_text(dcat.get("temporal_coverage_start")),
        temporal_end=_text(dcat.get("temporal_coverage_end")),
        issued=_text(dcat.get("issued")),
        modified=_text(default.get("modified")),
        language=_text(default.get("language")),
        conforms_to=_texts(dcat.get("conforms_to")),
        resources=tuple(_resources(row, name, base, default)),
        extras={"explore": json.dumps(object_, ensure_ascii=False), **_origin(default, metas.get("parvis"), base)},
    )


def _metas(metas: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    templates = {str(key): values for key, values in metas.items() if isinstance(values, Mapping)}
    # How often it was read changes every day: it would make of each item another one.
    templates.pop("explore", None)
    if own := templates.pop("parvis", None):
        templates["parvis"] = {name: own[name] for name in _OF_PARVIS if own.get(name)}
    return templates


def _origin(default: Mapping[str, Any], own: Any, base: str) -> dict[str, str]:
    """The portal that a dataset was taken from, and what it is called there; else its page under the name of the Parvis that answers, which
    may have been asked by another (one that is of its machine alone says nothing elsewhere)."""
    server, name = _text(default.get("source_domain_address")), _text(default.get("source_dataset"))
    if server and name:
        return {"source_domain": server[:300], "source_dataset": name[:300]}
    page = _text(own.get("page"))[:1000] if isinstance(own, Mapping) else ""
    return {"origin": page} if is_page(page) and (is_local(base) or not is_local(page)) else {}


def _resources(row: Mapping[str, Any], name: str, base: str, default: Mapping[str, Any]) -> Iterator[Resource]:
    if row.get("has_records") and row.get("data_visible") is not False:
        address = f"{base}/api/explore/v2.1/catalog/datasets/{quote(name, safe='')}/exports/csv"
        modified = _text(default.get("data_processed")) or _text(default.get("modified"))
        yield Resource(f"{address}?delimiter=%3B&use_labels=false", f"{name}.csv", "csv", "text/csv", modified=modified)
    for export in row.get("alternative_exports") or []:
        if isinstance(export, Mapping) and _text(export.get("url")):
            yield Resource(_text(export["url"]), _text(export.get("title")), media_type=_text(export.get("mimetype")))


def _documents(row: Mapping[str, Any], kind: str, base: str, name: str) -> list[dict[str, str]]:
    """The documents that go with a dataset, each with an address that can be followed."""
    documents = []
    for part in row.get(kind) or []:
        identifier = _text(part.get("id")) if isinstance(part, Mapping) else ""
        url = _text(part.get("url")) if isinstance(part, Mapping) else ""
        if not url.startswith(("http://", "https://")) and identifier:
            url = f"{base}/api/explore/v2.1/catalog/datasets/{quote(name, safe='')}/{kind}/{quote(identifier, safe='')}"
        if url.startswith(("http://", "https://")):
            title, media_type = _text(part.get("title")), _text(part.get("mimetype"))
            documents.append({"id": identifier or url, "title": title, "mimetype": media_type, "url": url})
    return documents


def exact_rows(name: str, base: str, format_name: str = "jsonl") -> str:
    """Where every row of a dataset is, each value of the type that its field announces: CSV tells neither lists nor files."""
    return f"{base}/api/explore/v2.1/catalog/datasets/{quote(name, safe='')}/exports/{format_name}?timezone=UTC"


def plain(text: str) -> str:
    """A text without tags: paragraphs and lines become lines."""
    lines = re.sub(r"<br[^>]*>|</(?:p|li|div|h\d|tr)>", "\n", text[:200_000], flags=re.IGNORECASE)
    bare = html.unescape(re.sub(r"<[^>]{0,5000}>", "", lines))
    return "\n".join(" ".join(line.split()) for line in bare.splitlines() if line.strip())


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(word for word in map(_text, listed) if word))


def _box(feature: Any) -> tuple[float, float, float, float] | None:
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    rings: Any = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    try:
        points = [(float(x), float(y)) for x, y, *_height in rings[0]]
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        return (min(xs), min(ys), max(xs), max(ys))
    except (TypeError, ValueError, IndexError, KeyError):
        return None


DIALECT = ExploreDialect()
