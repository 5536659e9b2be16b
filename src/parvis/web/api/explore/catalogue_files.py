"""The catalogue as a file, in many formats (specification, section 10.3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from parvis.core.errors import NotFound
from parvis.core.explore import EXPORT_FORMATS, ExploreRequest, InvalidParameter, UnknownFormat, export, export_format
from parvis.hub.addresses import here
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.datastore.selectors import engine
from parvis.hub.sites.selectors import face_of
from parvis.web.api.explore.catalog import is_whole, shown
from parvis.web.api.explore.catalogue_feeds import dublin_core, project_open_data, rss
from parvis.web.api.explore.catalogue_table import EXPORTED
from parvis.web.api.explore.dcat import CatalogueCard, GraphPage
from parvis.web.api.explore.door import door, explore_request, json_response
from parvis.web.api.explore.links import links
from parvis.web.api.explore.rdf_writer import serialized
from parvis.web.api.explore.snapshot import CatalogueView, catalogue_view

GRAPH_PAGE = 50
"""Datasets on a page of the graph at its permanent address."""

_RDF = "application/rdf+xml; charset=utf-8"
_TURTLE = "text/turtle; charset=utf-8"
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a file of the catalogue."""

    request: HttpRequest
    question: ExploreRequest
    seen: CatalogueView
    card: CatalogueCard

    def objects(self) -> list[dict[str, Any]]:
        """Whole objects of the datasets that match, in the order asked; all of them by default."""
        kept = replace(self.question, select="dataset_id", group_by="", compressed=False)
        lines = b"".join(export(engine(), self.seen.source, "jsonl", kept, names=self.seen.names)).splitlines()
        return [self.seen.objects[json.loads(line)["dataset_id"]] for line in lines]


@dataclass(frozen=True, slots=True)
class CatalogueFormat:
    """One format: its name in addresses, file extension, media type, and what writes it."""

    name: str
    extension: str
    media_type: str
    write: Callable[[Asked], Iterator[bytes]]
    listed: bool = True


def _table(name: str) -> Callable[[Asked], Iterator[bytes]]:
    def write(asked: Asked) -> Iterator[bytes]:
        question = asked.question
        if is_whole(question):
            custom = [column.name for column in asked.seen.source.shape if column.name.startswith("custom.")]
            columns = [*EXPORTED, *custom, "datasetid"]
            question = replace(question, select=", ".join(_quoted(column) for column in columns))
        return export(engine(), asked.seen.source, name, question, names=asked.seen.names)

    return write


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def _objects(asked: Asked) -> Iterator[bytes]:
    if not is_whole(asked.question):
        return export(engine(), asked.seen.source, "json", asked.question, names=asked.seen.names)
    texts = [json.dumps(shown(row, asked.question), ensure_ascii=False) for row in asked.objects()]
    return iter([b"[", ",\n".join(texts).encode(), b"]"])


def _rss(asked: Asked) -> Iterator[bytes]:
    order = asked.question.order_by or asked.request.GET.get("sort", "") or "-modified"
    latest = replace(asked, question=replace(asked.question, order_by=order))
    address = asked.request.build_absolute_uri()
    return iter([rss(asked.card, latest.objects(), asked.question.lang, address).encode()])


def _data_json(asked: Asked) -> Iterator[bytes]:
    return iter([json.dumps(project_open_data(asked.card, asked.objects()), ensure_ascii=False).encode()])


def _graph(syntax: str) -> Callable[[Asked], Iterator[bytes]]:
    return lambda asked: serialized(asked.card, asked.objects(), syntax)


def _dublin_core(asked: Asked) -> Iterator[bytes]:
    return dublin_core(asked.card, asked.objects())


_NATIONAL = ("ch", "de", "se", "sp", "it", "vl", "benap", "v1")
FORMATS = (
    CatalogueFormat("csv", "csv", "text/csv; charset=utf-8", _table("csv")),
    CatalogueFormat("json", "json", _JSON, _objects),
    CatalogueFormat("xlsx", "xlsx", export_format("xlsx").media_type, _table("xlsx")),
    CatalogueFormat("rss", "rss", "application/rss+xml; charset=utf-8", _rss),
    CatalogueFormat("ttl", "ttl", _TURTLE, _graph("ttl")),
    CatalogueFormat("rdf", "rdf", _RDF, _graph("rdf")),
    CatalogueFormat("jsonld", "jsonld", "application/ld+json; charset=utf-8", _graph("jsonld")),
    CatalogueFormat("data.json", "json", _JSON, _data_json),
    CatalogueFormat("dcat", "rdf", _RDF, _graph("rdf")),
    CatalogueFormat("dublin_core", "rdf", _RDF, _dublin_core),
    CatalogueFormat("dcat_ap", "rdf", _RDF, _graph("rdf"), listed=False),
    # The national profiles add to DCAT-AP what only their own portals hold; their readers take the European profile.
    *(CatalogueFormat(f"dcat_ap_{country}", "rdf", _RDF, _graph("rdf"), listed=False) for country in _NATIONAL),
)
FORMAT_BY_NAME = {row.name: row for row in FORMATS}


@door
def catalog_formats(request: HttpRequest) -> HttpResponseBase:
    """The formats of the catalogue, with their addresses."""
    base = "/catalog/exports"
    pairs = [(row.name, f"{base}/{row.name}") for row in FORMATS if row.listed]
    return json_response({"links": links(request, ("self", base), *pairs)})


@door
def catalog_export(request: HttpRequest, format_name: str) -> HttpResponseBase:
    """The catalogue as a file; the query is checked before its first byte."""
    chosen = FORMAT_BY_NAME.get(format_name.lower().replace("-", "_"))
    if chosen is None:
        raise UnknownFormat(name=format_name, formats=", ".join(row.name for row in FORMATS if row.listed))
    pieces = chosen.write(_asked(request))
    headers = {"Content-Disposition": f'attachment; filename="datasets.{chosen.extension}"'}
    return StreamingHttpResponse(pieces, content_type=chosen.media_type, headers=headers)


@door
def catalog_graph(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The graph at its permanent address, ``/catalog.ttl``, ``.jsonld`` or ``.rdf``: fifty datasets a page."""
    asked = _asked(request)
    objects = list(asked.seen.objects.values())
    last = max(-(-len(objects) // GRAPH_PAGE), 1)
    number = _page_number(request.GET.get("page", "1"), last)
    address = request.build_absolute_uri(here(f"/catalog.{extension}"))
    pages = {rank: f"{address}?page={rank}" for rank in (1, number - 1, number, number + 1, last) if 1 <= rank <= last}
    page = GraphPage(
        pages[number], pages[1], pages[last], len(objects), pages.get(number - 1, ""), pages.get(number + 1, "")
    )
    chosen = objects[(number - 1) * GRAPH_PAGE : number * GRAPH_PAGE]
    pieces = b"".join(serialized(asked.card, chosen, extension, page))
    return HttpResponse(pieces, content_type=FORMAT_BY_NAME[extension].media_type)


def _page_number(text: str, last: int) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise InvalidParameter(name="page", value=text, expected=f"1 <= page <= {last}")
    if not 1 <= int(text) <= last:
        raise NotFound(name=f"page {text}")
    return int(text)


def _asked(request: HttpRequest) -> Asked:
    question = explore_request(request)
    face = face_of(request)
    card = CatalogueCard(
        origin=request.build_absolute_uri(here("/")).rstrip("/"),
        name=face.name,
        sentence=face.tagline or f"Le catalogue des données ouvertes de {face.name}.",
        contact_email=face.contact_email,
        exports=_listed(request.GET.get("include_exports", "")),
        use_labels=request.GET.get("use_labels_in_exports", "true").strip().lower() not in ("false", "0"),
    )
    return Asked(request, question, catalogue_view(request, actor_of_request(request), question.lang), card)


def _listed(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    known = {export.name for export in EXPORT_FORMATS}
    for name in names:
        if name not in known:
            raise InvalidParameter(name="include_exports", value=name, expected=" | ".join(sorted(known)))
    return names
