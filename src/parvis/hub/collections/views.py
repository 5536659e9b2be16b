"""The list of a collection, the page of each of its records, and their forms for other sites."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.shared import shared
from parvis.hub.collections.declaration import Collection
from parvis.hub.collections.drawing import drawn_places
from parvis.hub.collections.query import Query
from parvis.hub.records.models import CivicRecord, RecordFile
from parvis.hub.records.selectors import file_at, files_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.selectors import face_of
from parvis.hub.territories.models import Territory
from parvis.hub.ui.atom import FEED_LENGTH, FEEDS, Entry
from parvis.hub.ui.embedding import embeddable
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.uploads.answers import file_answer

CALENDAR_LENGTH = 1_000
"""Records of a calendar that programs subscribe to."""
MOST_ON_MAP = 500
"""Points of a drawing: more would hide each other."""


@require_safe
def listing(request: HttpRequest, collection: Collection) -> HttpResponse:
    """The records that the address asks for, by pages; as points on a drawing with ``vue=carte``, as a programme to print with
    ``vue=programme``."""
    query = Query.read(collection, request.GET)
    matches = query.matches()
    pages = pages_of(len(matches), collection.page_size, whole_number(request, "page", 1))
    pages = replace(
        pages, number=min(pages.number, pages.count)
    )  # a list that was longer when somebody kept its address
    start = (pages.number - 1) * collection.page_size
    view = request.GET.get("vue")
    is_map = collection.has_places and view == "carte"
    is_programme = collection.has_programme and view == "programme" and query.period is not None
    shown = matches[:MOST_ON_MAP] if is_map else matches[start : start + collection.page_size]
    territory = face_of(request).territory
    records = _of_the_list(collection, shown, actor_of(request.user), territory)
    facts = {
        "collection": collection,
        "query": query,
        "filters": query.filters(),
        "labels": collection.labels(),
        "total": len(matches),
        "pages": pages,
        "records": records,
        "is_map": is_map,
        "is_programme": is_programme,
        "programme": collection.programme(query.records(), *query.period.bounds()) if is_programme else (),
        "drawing": drawn_places(collection, records, territory) if is_map else None,
        **collection.list_facts(records, request),
    }
    response = render(request, collection.list_template, facts)
    if query.is_filtered:
        response["X-Robots-Tag"] = "noindex"
    return response


def _of_the_list(
    collection: Collection, records: Sequence[Any], actor: Actor, territory: Territory | None
) -> Sequence[Any]:
    """Records as ``prepared`` gives them, or as it gave them to somebody else while nothing has changed."""
    stamp = collection.stamp() if collection.card_bytes else None
    if stamp is None:
        return collection.prepared(records, actor, territory)
    place = (territory.pk, territory.population) if territory else None
    part = (collection.name, stamp, tuple(record.pk for record in records), place)
    size = collection.card_bytes * len(records)
    return shared(actor, part, lambda: collection.prepared(records, actor, territory), size)


@require_safe
def record_page(request: HttpRequest, collection: Collection, slug: str) -> HttpResponse:
    """One record."""
    actor = actor_of(request.user)
    record = seen_at(collection, actor, slug, face_of(request).territory)
    files = files_of(record)
    json_ld = _with_files(collection.json_ld(record), files)
    facts = {
        "collection": collection,
        "record": record,
        "files": files,
        "position": collection.position(record),
        "change_address": _change_address(record) if may(actor, "edit", record.organisation_id) else "",
        "json_ld": _in_script(json_ld) if json_ld else "",
        **collection.facts(record, request),
    }
    return render(request, collection.page_template, facts)


@require_safe
def file(request: HttpRequest, collection: Collection, slug: str, file: str) -> FileResponse:
    """A document that goes with a record, to keep; for anyone who sees the record."""
    record_file = file_at(seen_at(collection, actor_of(request.user), slug), file)
    return file_answer(record_file.file, record_file.media_type)


@embeddable
@require_safe
def embed(request: HttpRequest, collection: Collection, slug: str) -> HttpResponse:
    """One record alone, to be shown inside pages of other sites; links open outside it."""
    record = seen_at(collection, actor_of(request.user), slug)
    facts = {"collection": collection, "record": record, "lines": collection.lines(record)}
    return render(request, collection.embed_template, facts)


@require_safe
def feed(request: HttpRequest, collection: Collection, form: str = "atom") -> HttpResponse:
    """What the address asks for as Atom or RSS, the latest first."""
    latest = Query.read(collection, request.GET).records().order_by(*collection.feed_order)[:FEED_LENGTH]
    records = collection.prepared(list(latest), actor_of(request.user))
    entries = (entry for record in records if (entry := collection.entry(record)) is not None)
    return _feed(request, form, str(collection.title), reverse(collection.name), entries)


@require_safe
def own_feed(request: HttpRequest, collection: Collection, slug: str) -> HttpResponse:
    """What happened to one record as Atom, the latest first."""
    actor = actor_of(request.user)
    record = seen_at(collection, actor, slug)
    title, entries = collection.own_entries(record, actor, request.GET)
    return _feed(request, "atom", title, record.get_absolute_url(), entries)


def _feed(request: HttpRequest, form: str, title: str, page: str, entries: Iterable[Entry]) -> HttpResponse:
    address = canonical(request.get_full_path())
    return opened(FEEDS[form](f"{title} · {face_of(request).name}", canonical(page), address, entries))


@require_safe
def calendar(request: HttpRequest, collection: Collection, slug: str = "") -> HttpResponse:
    """What the address asks for, or one record, as iCalendar: calendar programs subscribe to it."""
    if slug:
        records: Any = [seen_at(collection, actor_of(request.user), slug)]
        name = slug
    else:
        records, name = Query.read(collection, request.GET).records()[:CALENDAR_LENGTH], collection.place
    body = collection.calendar(records, f"{collection.title} · {face_of(request).name}")
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return opened(response)


def seen_at(collection: Collection, actor: Actor, slug: str, territory: Territory | None = None) -> Any:
    """The record of that address as ``prepared`` gives it, if it exists for the reader and on this site; Moved, NotFound."""
    record = collection.record_at(actor, slug)
    lens = current_lens()
    # One that is no row is of every site.
    if lens is not None and record.pk and not collection.through(lens, _alone(collection, record)).exists():
        raise NotFound(name=slug)
    return collection.prepared([record], actor, territory)[0]


def _with_files(facts: dict[str, Any] | None, files: Sequence[RecordFile]) -> dict[str, Any] | None:
    """What schema.org is told of a record, with the documents that go with it."""
    if facts is None or not files:
        return facts
    documents = [
        {
            "@type": "MediaObject",
            "name": file.title,
            "contentUrl": canonical(file.get_absolute_url()),
            "encodingFormat": file.media_type,
            "contentSize": f"{file.bytes} B",
        }
        for file in files
    ]
    return {**facts, "subjectOf": documents}


def _change_address(record: CivicRecord) -> str:
    viewset = getattr(record, "snippet_viewset", None)
    return reverse(viewset.get_url_name("edit"), args=[record.pk]) if viewset and record.pk else ""


def _alone(collection: Collection, record: CivicRecord) -> QuerySet[Any]:
    return collection.kind.objects.filter(pk=record.pk)


def _in_script(facts: dict[str, Any]) -> str:
    """JSON that no value can close the script of, which the policy lets stand as it is data and not code."""
    text = json.dumps(facts, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def opened(response: HttpResponse) -> HttpResponse:
    """An answer that pages of other sites may read."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
