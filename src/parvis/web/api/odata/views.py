"""The addresses of the services: what each has, its description, its entities, one of them, how many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.translation import get_language

from parvis.core.engine import Source
from parvis.core.engine.contract import AnySource
from parvis.core.odata import pages
from parvis.core.odata.aggregation import computed
from parvis.core.odata.csdl import csdl_json, csdl_xml
from parvis.core.odata.edm import EntitySet, entity_set
from parvis.core.odata.errors import UnknownEntity, UnsupportedOption
from parvis.core.odata.questions import Question, options_of, read_question
from parvis.core.versions.formats import FEDERATED
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.datastore.elsewhere import AskedElsewhere
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.answers import WHOLE, Mark, unchanged_or
from parvis.web.api.explore.sources import in_words, resolve_dataset
from parvis.web.api.odata.catalogue_set import catalogue_rows
from parvis.web.api.odata.endpoint import card_language, endpoint, service_root
from parvis.web.api.odata.negotiation import Form, json_form, metadata_form, page_rows

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_NOT_DONE = ("$batch", "$all", "$crossjoin", "$entity")
MOST_SERVICES = 2_000
"""Datasets that the service document of the catalogue lists; its entity set has them all."""


@dataclass(frozen=True, slots=True)
class Service:
    """One entity set that the caller may read, and its rows."""

    root: str
    entity: EntitySet
    source: AnySource
    state: str
    public: bool
    mark: Mark
    timezone: str
    version: str = ""
    """What later pages name so that they are of the same rows; empty where rows come while one reads."""

    def answered(self, request: HttpRequest, form: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """``answer()`` with a validator, or 304."""
        return unchanged_or(request, f"{self.state} odata {form}", answer, public=self.public, mark=self.mark)


# Services


@endpoint
def catalogue_document(request: HttpRequest) -> HttpResponseBase:
    """What the portal has: the table of its datasets, and the service of each."""
    form, root = json_form(request, request.GET.get("$format", "")), service_root(request)
    readable = catalogue.datasets_visible_to(actor_of_request(request)).exclude(current__format=FEDERATED)
    rows = readable.order_by("dataset_id").values_list("dataset_id", "title", "translations")[:MOST_SERVICES]
    language = card_language(request)
    services = [
        {
            "name": dataset_id,
            "kind": "ServiceDocument",
            "url": f"{root}{dataset_id}/",
            "title": (translations.get(language) or {}).get("title") or title,
        }
        for dataset_id, title, translations in rows
    ]
    return _document(form, root, [_set_entry(root, catalogue_rows(request).entity), *services])


@endpoint
def dataset_document(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """What the service of a dataset has: its rows."""
    form, service = json_form(request, request.GET.get("$format", "")), _of_dataset(request, dataset_id)
    return _document(form, service.root, [_set_entry(service.root, service.entity)])


def _document(form: Form, root: str, entries: list[dict[str, str]]) -> HttpResponse:
    context = {"@odata.context": f"{root}$metadata"} if form.has_context else {}
    return _json(form, json.dumps({**context, "value": entries}, ensure_ascii=False))


def _set_entry(root: str, entity: EntitySet) -> dict[str, str]:
    return {"name": entity.name, "kind": "EntitySet", "url": f"{root}{entity.name}", "title": entity.title}


@endpoint
def catalogue_metadata(request: HttpRequest) -> HttpResponseBase:
    """The description of the table of datasets."""
    return _metadata(request, _of_catalogue(request))


@endpoint
def dataset_metadata(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The description of the rows of a dataset."""
    return _metadata(request, _of_dataset(request, dataset_id))


def _metadata(request: HttpRequest, service: Service) -> HttpResponseBase:
    kind, language = metadata_form(request, request.GET.get("$format", "")), get_language() or "fr"

    def answer() -> HttpResponse:
        if kind == "xml":
            return HttpResponse(csdl_xml([service.entity], language), content_type="application/xml;charset=utf-8")
        text = json.dumps(csdl_json([service.entity], language), ensure_ascii=False)
        return HttpResponse(text, content_type="application/json;charset=utf-8")

    return service.answered(request, f"metadata {kind} {language} {card_language(request)}", answer)


# Entities


@endpoint
def catalogue_set(request: HttpRequest, entity_set: str) -> HttpResponseBase:
    """The datasets of the portal."""
    return _set(request, _named(_of_catalogue(request), entity_set))


@endpoint
def dataset_set(request: HttpRequest, dataset_id: str, entity_set: str) -> HttpResponseBase:
    """A page of the rows of a dataset."""
    return _set(request, _named(_of_dataset(request, dataset_id), entity_set))


@endpoint
def catalogue_count(request: HttpRequest, entity_set: str) -> HttpResponseBase:
    """How many datasets there are."""
    return _count(request, _named(_of_catalogue(request), entity_set))


@endpoint
def dataset_count(request: HttpRequest, dataset_id: str, entity_set: str) -> HttpResponseBase:
    """How many rows match."""
    return _count(request, _named(_of_dataset(request, dataset_id), entity_set))


@endpoint
def catalogue_entity(request: HttpRequest, entity_set: str, entity_key: str) -> HttpResponseBase:
    """One dataset."""
    return _entity(request, _named(_of_catalogue(request), entity_set), entity_key)


@endpoint
def dataset_entity(request: HttpRequest, dataset_id: str, entity_set: str, entity_key: str) -> HttpResponseBase:
    """One row."""
    return _entity(request, _named(_of_dataset(request, dataset_id), entity_set), entity_key)


@endpoint
def former_set(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The rows of a dataset where a portal that has moved here had them: the same question at their present address."""
    service = _of_dataset(request, dataset_id)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{service.root}{service.entity.name}{'?' if query else ''}{query}")


@endpoint
def unknown_address(request: HttpRequest, dataset_id: str = "", rest: str = "") -> HttpResponseBase:
    """Anything else: ``$batch``, properties of an entity, functions."""
    if dataset_id:
        _of_dataset(request, dataset_id)
    if rest.startswith(_NOT_DONE):
        raise UnsupportedOption(what=rest[:100])
    raise UnknownEntity(name=rest[:100], root=service_root(request, dataset_id))


def _set(request: HttpRequest, service: Service) -> HttpResponseBase:
    options = options_of(_pairs(request))
    form, (rows, is_chosen) = json_form(request, options.get("format", "")), page_rows(request)
    question = _question(service, options)

    def answer() -> HttpResponse:
        seconds = float(settings.PARVIS["PARVIS_ENGINE_SECONDS"])
        source = computed(engine(), service.source, question.stages, seconds=seconds)
        page = pages.page(
            engine(),
            source,
            question,
            rows,
            wide_numbers_as_text=form.wide_numbers_as_text,
            seconds=seconds,
        )
        head = {"@odata.context": _context(service, question)} if form.has_context else {}
        if question.counts:
            head["@odata.count"] = pages.total(engine(), source, question, seconds=seconds)
        tail = {"@odata.nextLink": _next(request, service, question, page)} if page.token else {}
        return _json(form, _written(head, page.body, tail))

    response = service.answered(request, f"{form} {rows}", answer)
    if is_chosen:
        response["Preference-Applied"] = f"odata.maxpagesize={rows}"
    return response


def _question(service: Service, options: Mapping[str, str]) -> Question:
    """What options ask of a service; a place among groups is bound to the rows that they are made of."""
    question = read_question(service.entity, options, service.timezone)
    return replace(question, walk=(*question.walk, str(service.source.key))) if question.stages else question


def _count(request: HttpRequest, service: Service) -> HttpResponseBase:
    question = _question(service, options_of(_pairs(request)))

    def answer() -> HttpResponse:
        seconds = float(settings.PARVIS["PARVIS_ENGINE_SECONDS"])
        source = computed(engine(), service.source, question.stages, seconds=seconds)
        number = pages.total(engine(), source, question, seconds=seconds)
        return HttpResponse(str(number), content_type="text/plain;charset=utf-8")

    return service.answered(request, "count", answer)


def _entity(request: HttpRequest, service: Service, key: str) -> HttpResponseBase:
    options = options_of(_pairs(request))
    form = json_form(request, options.get("format", ""))
    if "apply" in options:
        raise UnsupportedOption(what="$apply")  # one entity makes no groups
    question = read_question(service.entity, {k: v for k, v in options.items() if k == "select"}, service.timezone)
    digits = key.removeprefix("_row=")

    def answer() -> HttpResponse:
        body = None
        if digits.isascii() and digits.isdigit() and len(digits) < 19:
            body = pages.entity(
                engine(), service.source, question, int(digits), wide_numbers_as_text=form.wide_numbers_as_text
            )
        if body is None:
            raise UnknownEntity(name=f"{service.entity.name}({key[:40]})", root=service.root)
        if not form.has_context:
            return _json(form, body)
        context = json.dumps({"@odata.context": f"{_context(service, question)}/$entity"}, ensure_ascii=False)
        return _json(form, context.encode()[:-1] + b"," + body[1:])

    return service.answered(request, str(form), answer)


def _written(head: dict[str, object], body: bytes, tail: dict[str, object]) -> bytes:
    opening = json.dumps(head, ensure_ascii=False).encode()[:-1] + (b"," if head else b"")
    closing = b"," + json.dumps(tail, ensure_ascii=False).encode()[1:] if tail else b"}"
    return b"".join((opening, b'"value":[', body, b"]", closing))


def _context(service: Service, question: Question) -> str:
    chosen = f"({','.join(row.name for row in question.properties)})" if question.is_chosen else ""
    return f"{service.root}$metadata#{service.entity.name}{chosen}"


def _next(request: HttpRequest, service: Service, question: Question, page: pages.Page) -> str:
    """The address of the next page: the same question from where this one ends, of the same version."""
    again = ("top", "skip", "skiptoken", "count", "version")
    pairs = [pair for pair in _pairs(request) if pair[0].removeprefix("$").lower() not in again]
    if question.top is not None:
        pairs.append(("$top", str(question.top - page.rows)))
    if service.version:
        pairs.append(("version", service.version))
    pairs.append(("$skiptoken", page.token))
    return f"{service.root}{service.entity.name}?{urlencode(pairs, quote_via=quote, safe='$,()')}"


def _json(form: Form, body: bytes | str) -> HttpResponse:
    return HttpResponse(body, content_type=form.media_type)


# What is asked


def _of_dataset(request: HttpRequest, dataset_id: str) -> Service:
    """The service of a dataset; NotFound for what the caller may not see, AskedElsewhere for rows that are at another portal."""
    target = in_words(resolve_dataset(request, dataset_id), card_language(request))
    if target.is_federated:
        raise AskedElsewhere
    is_laid_over = isinstance(target.source, Source) and target.source.base is not None
    return Service(
        root=service_root(request, dataset_id),
        entity=entity_set(dataset_id, target.dataset.title, target.source.shape),
        source=target.source,
        state=target.state,
        public=target.is_public,
        mark=target.mark,
        timezone=_timezone(target.dataset),
        version="" if is_laid_over else target.version.name,
    )


def _of_catalogue(request: HttpRequest) -> Service:
    rows = catalogue_rows(request)
    return Service(
        root=service_root(request),
        entity=rows.entity,
        source=rows.source,
        state=rows.state,
        public=actor_of_request(request).person_id is None,
        mark=WHOLE,
        timezone=settings.TIME_ZONE,
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(dataset: Dataset) -> str:
    """The zone in which instants are shown: that of the card, else that of the portal."""
    zone = dataset.as_told.get("default", {}).get("timezone")
    return zone if isinstance(zone, str) and zone in _zones() else settings.TIME_ZONE


def _named(service: Service, name: str) -> Service:
    if name != service.entity.name:
        raise UnknownEntity(name=name[:100], root=service.root)
    return service


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.GET.lists() for value in values]
