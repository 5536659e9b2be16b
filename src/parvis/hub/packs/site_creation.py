"""The sites of an intercommunal body and its communes, each with its team and pages ready to fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from parvis.core.elision import of
from parvis.core.errors import ParvisError
from parvis.core.text import slugify
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.services import save_organisation
from parvis.hub.catalogue.models import Dataset
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import folder_of, make_page
from parvis.hub.pushed.contents import place_at
from parvis.hub.pushed.placeholders import filled, values_of
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.reserved_prefixes import reserved_words
from parvis.hub.sites.services import main_site, make_site, set_face
from parvis.hub.teams.services import team_of
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import neighbours
from parvis.packs.bundled_files import territory_rows

Kind = Territory.Kind
KINDS = {
    Kind.COMMUNE: Organisation.Kind.COMMUNE,
    Kind.EPCI: Organisation.Kind.EPCI,
    Kind.EPT: Organisation.Kind.EPCI,
    Kind.DEPARTMENT: Organisation.Kind.DEPARTMENT,
    Kind.REGION: Organisation.Kind.REGION,
}
"""What kind of body keeps a territory."""

type Pages = Mapping[str, Mapping[str, Any]]
"""By address, what ``packs.bundled_files.starter_pages`` gives."""

Teller = Callable[[int, int, str], None]
"""Told before each site: how many are done, of how many, and the name of the next."""


@dataclass(frozen=True, slots=True)
class Started:
    """What was made: sites, draft pages; the pages that could not be, with their site, address and error."""

    sites: int
    pages: int
    refused: tuple[tuple[str, ParvisError], ...]


def start_sites(
    actor: Actor,
    communes: Sequence[Territory],
    host: str,
    pages: Pages,
    tell: Teller = lambda done, total, name: None,
) -> Started:
    """Make the site of each commune below ``host`` and behind a prefix, its team, and its draft pages; only what is missing.

    What is there is never touched.
    """
    require(actor, "administer", None, "créer les sites des communes")
    made, written = 0, 0
    refused: list[tuple[str, ParvisError]] = []
    start_organisations(actor, communes)
    parent = main_site()
    team_of(parent)
    territories_with_site = set(SiteFace.objects.filter(parent=parent).values_list("territory", flat=True))
    dataset_ids = set(Dataset.objects.filter(current__isnull=False).values_list("dataset_id", flat=True))
    around = neighbours(communes)
    for rank, commune in enumerate(communes):
        tell(rank, len(communes), commune.name)
        with transaction.atomic():
            word = slugify(commune.name)
            site = make_site(actor, commune, f"{word}.{host}", parent=parent, prefix=_prefix(word))
            team_of(site)
            if commune.pk not in territories_with_site:
                set_face(actor, site, name=_("Les données %s") % of(commune.name)[:60])
                made += 1
            beside = ", ".join(around[commune.code]) or "—"
            written += _start_pages(actor, site, beside, pages, dataset_ids, refused)
    return Started(made, written, tuple(refused))


def start_organisations(actor: Actor, territories: Sequence[Territory]) -> int:
    """Make the organisation of each territory that has none, with its number in the register; how many were made."""
    existing = set(Organisation.objects.values_list("territory", "kind"))
    missing = [territory for territory in territories if (territory.pk, KINDS[Kind(territory.kind)]) not in existing]
    keys = {(territory.kind, territory.code) for territory in missing}
    sirens = {row.key: row.siren for row in territory_rows() if row.key in keys} if missing else {}
    for territory in missing:
        name = territory.name
        if Organisation.objects.filter(name__iexact=name).exists():
            name = f"{territory.name} ({territory.get_kind_display()} {territory.code})"
        siren = sirens.get((territory.kind, territory.code), "")
        siren = siren if len(siren) == SIREN else ""
        values = {"name": name, "kind": KINDS[Kind(territory.kind)], "territory": territory, "siren": siren}
        save_organisation(actor, None, values)
    return len(missing)


SIREN = 9
"""Digits of a number in the register of legal persons."""


def _start_pages(
    actor: Actor, site: Site, beside: str, pages: Pages, dataset_ids: set[str], refused: list[tuple[str, ParvisError]]
) -> int:
    """Write the drafts that a site lacks; how many. A site that has pages already is being written: it is left alone."""
    folder = folder_of(site)
    if ThemePage.objects.child_of(folder).exists():
        return 0
    place = place_at(site)
    if place is None:
        return 0
    words = {**values_of(place), "voisines": beside}
    written = 0
    for slug, page in pages.items():
        facts = filled({**page, "body": list(_telling(page["body"], dataset_ids))}, words)
        try:
            make_page(actor, site, slug, facts.pop("title"), facts.pop("body"), publish=False, **facts)
        except ParvisError as error:
            refused.append((f"{place.name}, {slug}", error))
        else:
            written += 1
    return written


def _telling(body: Sequence[Mapping[str, Any]], dataset_ids: set[str]) -> Iterator[dict[str, Any]]:
    """The blocks whose datasets are all there."""
    for block in body:
        if set(block.get("needs", ())) <= dataset_ids:
            yield {name: value for name, value in block.items() if name != "needs"}


def _prefix(word: str) -> str:
    """The name of the commune, unless it is the address of something else or another site's."""
    taken = word in reserved_words() or SiteFace.objects.filter(prefix=word).exists()
    return "" if taken else word
