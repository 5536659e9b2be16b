"""The catalogue as a file, in many formats (specification, section 10.3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.html import strip_tags

from parvis.core.errors import NotFound
from parvis.core.explore import (
    EXPORT_FORMATS,
    ExploreRequest,
    ExportFormat,
    InvalidParameter,
    UnknownFormat,
    column_of_matching,
    export,
    export_format,
)
from parvis.hub.accounts.selectors import organisation
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.dataservices.cards import service_cards
from parvis.hub.datastore.selectors import engine
from parvis.hub.sites.selectors import face_of
from parvis.web.api.explore.answers import unchanged_or
from parvis.web.api.explore.catalog import is_whole, shown
from parvis.web.api.explore.catalogue_feeds import dublin_core, project_open_data, rss
from parvis.web.api.explore.catalogue_table import EXPORTED, FIXED_NAMES
from parvis.web.api.explore.dcat import CatalogueCard, GraphPage, Publisher
from parvis.web.api.explore.dcat_facts import facts_of, places_of
from parvis.web.api.explore.endpoint import endpoint, explore_request, json_response
from parvis.web.api.explore.links import links
from parvis.web.api.explore.rdf_writer import serialized
from parvis.web.api.explore.snapshot import CatalogueView, catalogue_view

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

GRAPH_PAGE = 50
"""Datasets and services on a page of the graph at its permanent address."""

_RDF = "application/rdf+xml; charset=utf-8"
_TURTLE = "text/turtle; charset=utf-8"
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class FileRequest:
    """One request for a file of the catalogue."""

    request: HttpRequest
    question: ExploreRequest
    seen: CatalogueView
    card: CatalogueCard

    def names(self) -> list[str]:
        """The datasets of the catalogue, or of the organisation whose catalogue it is, in its order."""
        if self.card.organisation is None:
            return list(self.seen.objects)
        mine = replace(ExploreRequest(), where=(f'parvis.organisation = "{self.card.organisation.slug}"',))
        names = column_of_matching(engine(), self.seen.source, "dataset_id", mine, names=self.seen.names)
        return [str(name) for name in names.to_pylist()]

    def objects(self) -> list[dict[str, Any]]:
        """Whole objects of the datasets that match, in the order asked; all of them by default."""
        ids_only = replace(self.question, select="dataset_id", group_by="", compressed=False)
        lines = b"".join(export(engine(), self.seen.source, "jsonl", ids_only, names=self.seen.names)).splitlines()
        return [self.seen.objects[json.loads(line)["dataset_id"]] for line in lines]


@dataclass(frozen=True, slots=True)
class CatalogueFormat:
    """One format: its name in addresses, file extension, media type, and what writes it.

    ``export`` is the format of datasets that it is of, when the catalogue is written as a dataset would be.
    """

    name: str
    extension: str
    media_type: str
    write: Callable[[FileRequest], Iterator[bytes]]
    listed: bool = True
    export: ExportFormat | None = None


def _as_dataset(name: str, write: Callable[[FileRequest], Iterator[bytes]]) -> CatalogueFormat:
    row = export_format(name)
    return CatalogueFormat(name, row.extension, row.media_type, write, export=row)


def _table(name: str) -> Callable[[FileRequest], Iterator[bytes]]:
    def write(file_request: FileRequest) -> Iterator[bytes]:
        question = file_request.question
        if is_whole(question):
            custom = [name for name in file_request.seen.source.shape.names if name not in FIXED_NAMES]
            columns = [*EXPORTED, *custom, "datasetid"]
            question = replace(question, select=", ".join(_quoted(column) for column in columns))
        return export(engine(), file_request.seen.source, name, question, names=file_request.seen.names)

    return write


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def _objects(file_request: FileRequest) -> Iterator[bytes]:
    if not is_whole(file_request.question):
        return export(engine(), file_request.seen.source, "json", file_request.question, names=file_request.seen.names)
    texts = [json.dumps(shown(row, file_request.question), ensure_ascii=False) for row in file_request.objects()]
    return iter([b"[", ",\n".join(texts).encode(), b"]"])


def _rss(file_request: FileRequest) -> Iterator[bytes]:
    order = file_request.question.order_by or file_request.request.GET.get("sort", "") or "-modified"
    latest = replace(file_request, question=replace(file_request.question, order_by=order))
    address = file_request.request.build_absolute_uri()
    return iter([rss(file_request.card, latest.objects(), file_request.question.lang, address).encode()])


def _data_json(file_request: FileRequest) -> Iterator[bytes]:
    return iter([json.dumps(project_open_data(file_request.card, file_request.objects()), ensure_ascii=False).encode()])


def _graph(syntax: str) -> Callable[[FileRequest], Iterator[bytes]]:
    return lambda asked: serialized(replace(asked.card, facts=places_of), asked.objects(), syntax)


def _whole_graph(syntax: str) -> Callable[[FileRequest], Iterator[bytes]]:
    return lambda asked: serialized(whole(asked.card), asked.objects(), syntax)


def _dublin_core(file_request: FileRequest) -> Iterator[bytes]:
    return dublin_core(file_request.card, file_request.objects())


_NATIONAL = ("ch", "de", "se", "sp", "it", "vl", "benap", "v1")
FORMATS = (
    _as_dataset("csv", _table("csv")),
    _as_dataset("json", _objects),
    _as_dataset("xlsx", _table("xlsx")),
    CatalogueFormat("rss", "rss", "application/rss+xml; charset=utf-8", _rss),
    CatalogueFormat("ttl", "ttl", _TURTLE, _graph("ttl")),
    CatalogueFormat("rdf", "rdf", _RDF, _graph("rdf")),
    CatalogueFormat("jsonld", "jsonld", "application/ld+json; charset=utf-8", _whole_graph("jsonld")),
    CatalogueFormat("data.json", "json", _JSON, _data_json),
    CatalogueFormat("dcat", "rdf", _RDF, _graph("rdf")),
    CatalogueFormat("dublin_core", "rdf", _RDF, _dublin_core),
    CatalogueFormat("dcat_ap", "rdf", _RDF, _whole_graph("rdf"), listed=False),
    # The national profiles add to DCAT-AP what only their own portals hold; their readers take the European profile.
    *(CatalogueFormat(f"dcat_ap_{country}", "rdf", _RDF, _whole_graph("rdf"), listed=False) for country in _NATIONAL),
)
FORMAT_BY_NAME = {row.name: row for row in FORMATS}


@endpoint
def catalog_formats(request: HttpRequest) -> HttpResponseBase:
    """The formats of the catalogue, with their addresses."""
    base = "/catalog/exports"
    pairs = [(row.name, f"{base}/{row.name}") for row in FORMATS if row.listed]
    return json_response({"links": links(request, ("self", base), *pairs)})


@endpoint
def catalog_export(request: HttpRequest, format_name: str) -> HttpResponseBase:
    """The catalogue as a file; the query is checked before its first byte."""
    chosen = FORMAT_BY_NAME.get(format_name.lower().replace("-", "_"))
    if chosen is None:
        raise UnknownFormat(name=format_name, formats=", ".join(row.name for row in FORMATS if row.listed))
    pieces = chosen.write(_file_request(request))
    headers = {"Content-Disposition": f'attachment; filename="datasets.{chosen.extension}"'}
    return StreamingHttpResponse(pieces, content_type=chosen.media_type, headers=headers)


@endpoint
def catalog_graph(request: HttpRequest, extension: str, slug: str = "") -> HttpResponseBase:
    """The graph at its permanent address, ``/catalog.ttl``, ``.jsonld`` or ``.rdf``, or that of an organisation: datasets, then services,
    fifty a page."""
    file_request = _file_request(request, organisation(slug) if slug else None)
    names, services = file_request.names(), service_cards(actor_of_request(request), slug)
    last = max(-(-(len(names) + len(services)) // GRAPH_PAGE), 1)
    number = _page_number(request.GET.get("page", "1"), last)
    pages = {rank: _at_page(request, rank) for rank in (1, number - 1, number, number + 1, last) if 1 <= rank <= last}
    page = GraphPage(
        pages[number], pages[1], pages[last], len(names), pages.get(number - 1, ""), pages.get(number + 1, "")
    )
    start, end = (number - 1) * GRAPH_PAGE, number * GRAPH_PAGE
    chosen = (file_request.seen.objects[name] for name in names[start:end])
    page_services = services[max(start - len(names), 0) : max(end - len(names), 0)]
    body = b"".join(serialized(whole(file_request.card), chosen, extension, page, page_services))

    def answer() -> HttpResponse:
        return HttpResponse(body, content_type=FORMAT_BY_NAME[extension].media_type)

    # Territories, documents and received files change without the catalogue: the bytes themselves tell whether a harvester has them.
    return unchanged_or(request, hashlib.sha256(body).hexdigest(), answer, public=False)


def _at_page(request: HttpRequest, number: int) -> str:
    """The address of a page of the graph, with what was chosen of it: a harvester follows it as it is."""
    chosen = {name: request.GET[name] for name in ("include_exports", "use_labels_in_exports") if name in request.GET}
    return request.build_absolute_uri(f"{request.path}?{urlencode({**chosen, 'page': number})}")


def whole(card: CatalogueCard) -> CatalogueCard:
    """The card of the graph that says all: services, documents, files as they were received, territories by their codes."""
    return replace(card, whole=True, facts=facts_of)


def _page_number(text: str, last: int) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise InvalidParameter(name="page", value=text, expected=f"1 <= page <= {last}")
    if not 1 <= int(text) <= last:
        raise NotFound(name=f"page {text}")
    return int(text)


def _file_request(request: HttpRequest, owner: Organisation | None = None) -> FileRequest:
    question = explore_request(request)
    face = face_of(request)
    name, sentence = face.name, face.tagline or f"Le catalogue des données ouvertes de {face.name}."
    if owner is not None:
        name = f"{owner.name} · {face.name}"
        sentence = strip_tags(owner.description).strip() or f"Le catalogue des données ouvertes de {owner.name}."
    card = CatalogueCard(
        origin=request.build_absolute_uri(absolute_path("/")).rstrip("/"),
        name=name,
        sentence=sentence,
        contact_email=(owner and owner.email) or face.contact_email,
        organisation=Publisher(owner.slug, owner.name, owner.kind) if owner else None,
        exports=_listed(request.GET.get("include_exports", "")),
        use_labels=request.GET.get("use_labels_in_exports", "true").strip().lower() not in ("false", "0"),
    )
    return FileRequest(request, question, catalogue_view(request, actor_of_request(request), question.lang), card)


def _listed(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    format_names = {export.name for export in EXPORT_FORMATS}
    for name in names:
        if name not in format_names:
            raise InvalidParameter(name="include_exports", value=name, expected=" | ".join(sorted(format_names)))
    return names
