"""Child portals of a former portal as sites of this one: what is proposed, what each would show, the site that a person makes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from parvis.core.text import slugify
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import ANONYMOUS, Actor, require
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.catalogue.services import update_card
from parvis.hub.moving.models import Part
from parvis.hub.moving.rules import State
from parvis.hub.sites.lens import looking_through
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.reserved_prefixes import reserved_words
from parvis.hub.sites.selectors import lens_on
from parvis.hub.sites.services import keeper_of, main_site, make_site, set_face
from parvis.hub.territories.models import Territory

MOST_PLACED: Final = 100
"""Datasets that are offered, and placed, at once."""
LONGEST_NAME: Final = 80
LONGEST_PREFIX: Final = 40
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The site that a child portal would be, as far as what came says it."""

    name: str
    hostname: str
    prefix: str
    territory: Territory | None
    organisation: Organisation | None


@dataclass(frozen=True, slots=True)
class Absent:
    """A dataset that the site would not show, why, and whether saying that it is about the territory would change it."""

    dataset: Dataset
    reason: str
    is_placeable: bool


@dataclass(frozen=True, slots=True)
class Lot:
    """The datasets of a child portal as its site would show them to everybody."""

    shown: Sequence[Dataset]
    absent: Sequence[Absent]
    gone: int
    """Those that did not come, or are no longer here."""


def site_of_part(part: Part) -> Site | None:
    """The site that a child portal became; None while it has none, or no longer has it."""
    key = part.target
    return Site.objects.select_related("siteface__territory").filter(pk=key).first() if key.isdecimal() else None


def proposal_for(actor: Actor, part: Part) -> Proposal:
    """What the form says first: its own words, and a territory or an organisation when all its datasets agree."""
    datasets = _datasets_of(actor, part)
    host = part.identifier.lower()
    word = slugify(host.partition(".")[0])[:LONGEST_PREFIX].strip("-")
    territory = _territory_of(datasets, word)
    organisation = keeper_of(territory) if territory is not None else None
    is_taken = word in reserved_words() or SiteFace.objects.filter(prefix=word).exists()
    return Proposal(
        name=part.title[:LONGEST_NAME],
        hostname=host if host_fault(host) == "" else "",
        prefix="" if is_taken else word,
        territory=territory,
        organisation=organisation or _only(dataset.organisation for dataset in datasets),
    )


def _territory_of(datasets: Sequence[Dataset], word: str) -> Territory | None:
    """That of all its datasets, else of their publishers, else of an organisation whose commune has the name of the domain; that of
    the main site is what the child is a part of."""
    face = SiteFace.objects.filter(site=main_site()).first()
    whole = face.territory if face is not None else None
    declared = _only(place for dataset in datasets for place in dataset.places)
    territory = declared or _only(dataset.organisation.territory for dataset in datasets)
    if territory is not None and territory != whole:
        return territory
    keys = Organisation.objects.filter(kind=Organisation.Kind.COMMUNE).values("territory")
    communes = Territory.objects.filter(kind=Territory.Kind.COMMUNE, pk__in=keys)
    return _only(commune for commune in communes if slugify(commune.name) == word)


def _only[Thing](things: Iterable[Thing | None]) -> Thing | None:
    """The one that they all are; None when they are several, or none is known."""
    present = {thing for thing in things if thing is not None}
    return present.pop() if len(present) == 1 else None


def host_fault(host: str) -> str:
    """Why a site cannot have that host name; empty when it can."""
    if not _HOST.fullmatch(host):
        return _("Un nom de domaine s’écrit ainsi : donnees.lieusaint.fr.")
    if host == urlsplit(settings.PARVIS["PARVIS_BASE_URL"]).hostname:
        return _("C’est le nom de ce portail : il ne peut pas devenir celui d’un de ses sites.")
    if Site.objects.filter(hostname=host).exists():
        return _("« %(host)s » est déjà le nom d’un autre site.") % {"host": host}
    return ""


def _datasets_of(actor: Actor, part: Part) -> list[Dataset]:
    names = part.facts.get("datasets") or []
    rows = datasets_managed_by(actor).filter(dataset_id__in=names).prefetch_related("territories")
    return list(rows.order_by("title", "pk"))


def lot_of(actor: Actor, part: Part, territory: Territory) -> Lot:
    """What the site of that territory would show of a child portal: through the lens of a commune, and everything otherwise."""
    datasets = _datasets_of(actor, part)
    lens = lens_on(territory) if territory.kind == Territory.Kind.COMMUNE else None
    with looking_through(lens):
        keys = set(
            datasets_visible_to(ANONYMOUS).filter(pk__in=[row.pk for row in datasets]).values_list("pk", flat=True)
        )
    absent = [_absent(dataset, territory) for dataset in datasets if dataset.pk not in keys]
    shown = [dataset for dataset in datasets if dataset.pk in keys]
    return Lot(shown, absent, len(part.facts.get("datasets") or []) - len(datasets))


def _absent(dataset: Dataset, territory: Territory) -> Absent:
    if not datasets_visible_to(ANONYMOUS).filter(pk=dataset.pk).exists():
        return Absent(dataset, _("il n’est pas en ligne pour tout le monde"), False)
    owner = dataset.organisation.territory
    if owner is not None and owner.kind == Territory.Kind.COMMUNE and owner != territory:
        return Absent(dataset, _("il est publié par une autre commune, %s") % owner.name, False)
    if territory in dataset.places:
        return Absent(dataset, _("il est dit de cette commune, et aucune de ses lignes ne la concerne"), False)
    return Absent(dataset, _("il ne dit pas concerner cette commune"), True)


def make_portal_site(
    actor: Actor,
    part: Part,
    territory: Territory,
    *,
    name: str,
    hostname: str,
    prefix: str = "",
    organisation: Organisation | None = None,
) -> Part:
    """Make the site of a child portal, once; the one that its territory has already is its own. Forbidden, ValidationError."""
    require(actor, "administer", None, "créer un site")
    try:
        with transaction.atomic():
            row = Part.objects.select_for_update().get(pk=part.pk, kind="portals")
            if site_of_part(row) is not None:
                return row
            parent = main_site()
            face = SiteFace.objects.filter(territory=territory, parent=parent).first()
            if face is not None:
                row.target, row.state = str(face.site_id), State.HERE
            else:
                if fault := host_fault(hostname):
                    raise ValidationError({"hostname": fault})
                site = make_site(actor, territory, hostname, parent=parent, prefix=prefix)
                owner = organisation or keeper_of(territory)
                set_face(actor, site, name=name, organisation=owner)
                row.target, row.state = str(site.pk), State.MADE
            row.save()
            return row
    except IntegrityError as error:  # somebody took the name since it was looked at
        taken = _("« %(host)s » est déjà le nom d’un autre site.") % {"host": hostname}
        raise ValidationError({"hostname": taken}) from error


def place_datasets(actor: Actor, part: Part, territory: Territory, names: Collection[str]) -> int:
    """Say of these datasets of a child portal that they are about the territory, each by itself; how many. Forbidden."""
    require(actor, "administer", None, "placer les jeux d’un portail")
    chosen = [row.dataset for row in lot_of(actor, part, territory).absent if row.is_placeable]
    count = 0
    for dataset in chosen:
        if dataset.dataset_id in names and count < MOST_PLACED:
            places: list[Any] = [*dataset.places, territory]
            update_card(actor, dataset, {"territories": [f"{place.kind}:{place.code}" for place in places]})
            count += 1
    return count
