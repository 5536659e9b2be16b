"""What the demonstration tells with its datasets: saved charts and maps, and pages made of blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.models import Site

from parvis.core.atlas.description import MapDescription
from parvis.core.charts.description import ChartDescription
from parvis.core.errors import ParvisError
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.atlas.models import Map
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.models import Drawing
from parvis.hub.drawings.services import create
from parvis.hub.packs.pictures import with_picture
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import folder_of, make_page
from parvis.hub.records.services import publish

type Rows = Mapping[str, Mapping[str, Any]]
"""By address, what ``packs.bundled_files`` gives."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was made, by address; those that were there are left as people made them since; those that could not be made."""

    charts: tuple[str, ...]
    maps: tuple[str, ...]
    pages: tuple[str, ...]
    refused: tuple[tuple[str, ParvisError], ...]


def load_contents(actor: Actor, site: Site, *, charts: Rows, maps: Rows, pages: Rows) -> Report:
    """Make the charts and the maps, then the pages of a site, that are not there yet, and publish them.

    What is there is never touched, no matter who wrote it. A chart or a map whose dataset is missing is passed over, and what is
    refused is told: the rest is made.
    """
    require(actor, "administer", None, "charger la démonstration")
    refused: list[tuple[str, ParvisError]] = []
    made_charts = [
        slug
        for slug, row in charts.items()
        if _report(slug, refused, _load_drawing, actor, Chart, ChartDescription, slug, row)
    ]
    made_maps = [
        slug
        for slug, row in maps.items()
        if _report(slug, refused, _load_drawing, actor, Map, MapDescription, slug, row)
    ]
    made_pages = [slug for slug, row in pages.items() if _report(slug, refused, _load_page, actor, site, slug, row)]
    counts = {"charts": len(made_charts), "maps": len(made_maps), "pages": len(made_pages)}
    record(actor.name, actor.person_id, "pack.contents", "pack", "demo", **counts)
    return Report(tuple(made_charts), tuple(made_maps), tuple(made_pages), tuple(refused))


def _report(slug: str, refused: list[tuple[str, ParvisError]], load: Any, *args: Any) -> bool:
    try:
        done: bool = load(*args)
    except ParvisError as error:
        refused.append((slug, error))
        return False
    return done


def _load_drawing(
    actor: Actor,
    kind: type[Drawing],
    described: type[ChartDescription | MapDescription],
    slug: str,
    row: Mapping[str, Any],
) -> bool:
    if kind.objects.filter(slug=slug).exists():
        return False
    description = described.from_dict(row)
    owner = _owner_of(description.main_dataset)
    if owner is None:
        return False
    publish(actor, create(actor, kind, owner, description))
    return True


def _owner_of(dataset_id: str) -> Organisation | None:
    dataset = (
        Dataset.objects.select_related("organisation").filter(dataset_id=dataset_id, current__isnull=False).first()
    )
    return dataset.organisation if dataset else None


def _load_page(actor: Actor, site: Site, slug: str, row: Mapping[str, Any]) -> bool:
    if ThemePage.objects.child_of(folder_of(site)).filter(slug=slug).exists():
        return False
    facts = with_picture(row)
    make_page(actor, site, slug, facts.pop("title"), facts.pop("body"), **facts)
    return True
