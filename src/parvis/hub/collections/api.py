"""The list of a collection and each of its records as programs read them, by declaration."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.api.schemas import Body, Count, Listing, Moment, OpenBody, Uri
from parvis.hub.collections.declaration import Api, Collection
from parvis.hub.collections.query import Query
from parvis.hub.collections.views import seen_at
from parvis.hub.records.models import RecordFile
from parvis.hub.records.selectors import files_of


class RecordFileBody(Body):
    """A document that goes with a record."""

    title: str
    url: Uri
    media_type: str
    bytes: Count


class RecordBody(OpenBody):
    """What every record tells programs; its kind adds to it."""

    slug: str
    title: str
    organisation: str
    territory: str | None
    url: Uri
    modified: Moment
    published: Moment | None
    files: list[RecordFileBody]


def listing_of(collection: Collection, actor: Actor, fields: QueryDict | None = None, offset: int = 0) -> Any:
    """A page of the list as programs read it, whatever the way in."""
    api = api_of(collection)
    matches = Query.read(collection, fields or QueryDict()).matches(files=True)
    records = collection.prepared(matches[offset : offset + api.page_rows], actor)
    cards = [_body_of(api.card, record, collection.as_json(record)) for record in records]
    return api.listing(total_count=len(matches), results=cards)


def record_of(collection: Collection, actor: Actor, slug: str) -> Any:
    """One record as programs read it, whatever the way in; NotFound when it does not exist for the actor."""
    record = seen_at(collection, actor, slug)
    return _body_of(api_of(collection).whole, record, collection.as_whole_json(record))


def api_of(collection: Collection) -> Api:
    """The operations that it declares, else the usual ones."""
    return collection.api or _usual(collection)


@cache
def _usual(collection: Collection) -> Api:
    """The operations of a kind that asks for none of its own."""
    model = collection.kind.__name__
    body: Any = type(f"{model}Record", (RecordBody,), {"__doc__": "A record of this kind."})
    return Api(
        place=collection.place,
        names=(f"list{model}", f"get{model}"),
        summaries=(_("Les fiches publiées, filtrées comme la liste."), _("Une fiche.")),
        listing=type(f"{model}Page", (Listing[body],), {"__doc__": "A page of the list."}),
        card=body,
        whole=body,
    )


def _body_of(body: Any, record: Any, facts: Mapping[str, Any]) -> Any:
    if not issubclass(body, RecordBody):
        return body(slug=record.slug, title=record.title, url=canonical(record.get_absolute_url()), **facts)
    return body(
        slug=record.slug,
        title=record.title,
        organisation=record.organisation.name,
        territory=record.territory.code if record.territory else None,
        url=canonical(record.get_absolute_url()),
        modified=record.modified.isoformat(),
        published=record.last_published_at.isoformat() if record.last_published_at else None,
        files=[_file_body(file) for file in files_of(record)],
        **facts,
    )


def _file_body(file: RecordFile) -> RecordFileBody:
    return RecordFileBody(
        title=file.title, url=canonical(file.get_absolute_url()), media_type=file.media_type, bytes=file.bytes
    )
