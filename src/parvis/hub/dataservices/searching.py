"""The portal's own services, as a search finds them: they are no rows, so the collection does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from parvis.hub.accounts.rules import Actor
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.portal import portal_services_of, portal_texts
from parvis.hub.registry import Link
from parvis.hub.search.rules import Hit, SearchDocument, SearchKind

KIND = "portalservice"


def _documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
    for rank, title, text in portal_texts():
        if keys is None or rank in keys:
            yield SearchDocument(kind=KIND, key=rank, title=title, text=text)


def _hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
    services = portal_services_of(list(keys))[:most]
    return [Hit(row.slug, row.title, row.text, row.organisation.name, row.get_absolute_url()) for row in services]


PORTAL_SERVICES = SearchKind(
    name=KIND,
    label=_("Services de ce portail"),
    model=DataService,
    documents=_documents,
    hits=_hits,
    page=Link(_("Services"), "dataservice-list", "q"),
    place=DataService.place,
    rank=21,
)
