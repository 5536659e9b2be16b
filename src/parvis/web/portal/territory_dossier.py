"""What the portal has of a territory besides its datasets: its sites, figures, pages, charts and maps, and the records of subjects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from parvis.hub.addresses import without_prefix
from parvis.hub.atlas.selectors import maps_of_readable_data
from parvis.hub.catalogue.selectors import datasets_about
from parvis.hub.charts.selectors import charts_of_readable_data
from parvis.hub.collections.query import Query
from parvis.hub.pages.figures import figures_put_forward
from parvis.hub.pages.selectors import address_of, pages_of
from parvis.hub.registry import Way, collections
from parvis.hub.sites.lens import Lens, looking_through
from parvis.hub.sites.selectors import address_of as address_of_site
from parvis.hub.sites.selectors import site_of, sites_of
from parvis.hub.territories.selectors import Kind, communes_of

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.collections.declaration import Collection
    from parvis.hub.territories.models import Territory

MOST_FIGURES, MOST_PAGES, MOST_DRAWINGS, MOST_RECORDS, MOST_SITES = 8, 6, 3, 3, 60


def dossier(actor: Actor, place: Territory, lens: Lens | None) -> dict[str, Any]:
    """The facts of the page of a territory; ``lens`` is that of a commune, None for what is larger."""
    with looking_through(lens):
        return {
            "sites": sites_of(communes_of(place))[:MOST_SITES],
            "put_forward": figures_put_forward(actor, place, most=MOST_FIGURES),
            "read": _read(place),
            "drawn": _drawn(actor, place, lens),
            "subjects": _subjects(actor, place, lens),
        }


def _read(place: Territory) -> list[Way]:
    """The pages that its own site publishes, where they are read."""
    site = site_of(place)
    if site is None:
        return []
    base = address_of_site(site).rstrip("/")
    return [Way(page.title, f"{base}{without_prefix(address_of(page))}") for page in pages_of(site)[:MOST_PAGES]]


def _drawn(actor: Actor, place: Territory, lens: Lens | None) -> list[tuple[str, list[Any]]]:
    """The latest maps and charts drawn from its datasets."""
    names = set(datasets_about(actor, place, lens).values_list("dataset_id", flat=True))
    kinds = (("map", maps_of_readable_data(actor)), ("chart", charts_of_readable_data(actor)))
    shown = [(kind, [row for row in rows if names & set(row.datasets)][:MOST_DRAWINGS]) for kind, rows in kinds]
    return [(kind, rows) for kind, rows in shown if rows]


def _subjects(actor: Actor, place: Territory, lens: Lens | None) -> list[tuple[Collection, Sequence[Any]]]:
    """The first records of the subjects that are on homes."""
    through, nothing = lens or _wide(place), QueryDict()
    rows = []
    for collection in collections():
        if collection.home_size:
            records = Query.read(collection, nothing).records()
            first = list(collection.through(through, records)[:MOST_RECORDS])
            rows.append((collection, collection.prepared(first, actor)))
    return [(collection, records) for collection, records in rows if records]


def _wide(place: Territory) -> Lens:
    """What is larger than a commune, as a lens on records: by its communes, and by its own code where no other kind may bear it."""
    own = (place.code,) if place.kind in (Kind.EPCI, Kind.EPT) else ()
    return Lens(place.pk, place.name, (*own, *communes_of(place).values_list("code", flat=True)))
