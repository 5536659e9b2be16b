"""« Inventaire »: what local authorities usually hold and must publish, and where each organisation of the portal stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.core.errors import NotFound
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.accounts.selectors import organisation as organisation_of
from parvis.hub.catalogue.provenance import counted, shared_of_catalogue
from parvis.hub.inventory.presentation import (
    as_csv,
    difficulty_name,
    duty_name,
    holder_names,
    schema_address,
    standing_name,
)
from parvis.hub.inventory.rules import Item, Standing
from parvis.hub.inventory.selectors import inventory_of, local_authorities, progress
from parvis.hub.ui.formatting import number
from parvis.hub.ui.trail import Trail
from parvis.packs.inventory.rows import HOLDERS, UsualDataset, usual_datasets

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation


@dataclass(frozen=True, slots=True)
class ShownUsual:
    """A usual dataset in words."""

    usual: UsualDataset
    holders: str
    duty: str
    difficulty: str
    schema_address: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A row of a target list in words; ``links`` are identifier and title of the datasets found."""

    item: Item
    shown: ShownUsual
    standing: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """An organisation and how far it is, out of what concerns it."""

    organisation: Organisation
    counts: dict[str, Trail]
    share: float


def inventory(request: HttpRequest) -> HttpResponse:
    """Every usual dataset by competence, and the local authorities of the portal."""
    actor = actor_of(request.user)
    groups: dict[str, list[ShownUsual]] = {}
    for usual in usual_datasets():
        groups.setdefault(usual.competence, []).append(_usual(usual))
    authorities = []
    for organisation in local_authorities(actor):
        counts = progress(inventory_of(actor, organisation))
        share = counts["all_done"] / counts["all"] * 100 if counts["all"] else 0.0
        authorities.append(Authority(organisation, _counted(organisation, counts), share))
    facts = {
        "section": "explore",
        "groups": [(f"competence-{rank}", name, rows) for rank, (name, rows) in enumerate(groups.items())],
        "authorities": authorities,
        "total": len(usual_datasets()),
        "shared_trail": shared_of_catalogue(),
    }
    return render(request, "portal/inventory.html", facts)


def target_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What is left to publish by one organisation, the socle first; NotFound for those that are no local authority."""
    organisation, items = _items(request, slug)
    facts = {
        "section": "explore",
        "organisation": organisation,
        "counts": _counted(organisation, progress(items)),
        "shared_trail": shared_of_catalogue(),
        "to_do": [_item(item) for item in items if item.is_to_do],
        "done": [_item(item) for item in items if item.standing is Standing.PUBLISHED],
        "not_ours": [_item(item) for item in items if item.standing is Standing.NOT_OURS],
    }
    return render(request, "portal/inventory_target.html", facts)


def target_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The same, for a spreadsheet."""
    organisation, items = _items(request, slug)
    answer = StreamingHttpResponse(
        as_csv(items, settings.PARVIS["PARVIS_BASE_URL"]), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="inventaire-{organisation.slug}.csv"'
    return answer


def _items(request: HttpRequest, slug: str) -> tuple[Organisation, Sequence[Item]]:
    organisation = organisation_of(slug)
    if organisation.kind not in HOLDERS:
        raise NotFound(name=f"{slug}/inventaire")
    return organisation, inventory_of(actor_of(request.user), organisation)


def _counted(organisation: Organisation, counts: dict[str, int]) -> dict[str, Trail]:
    """The figures of an organisation, which lead to the rows of its list."""
    base = reverse("organisation-inventory", args=[organisation.slug])
    return {
        name: counted(text, f"{base}#{part}", _("%(what)s, %(name)s") % {"what": meaning, "name": organisation.name})
        for name, text, part, meaning in (
            ("all", _out_of(counts, "all"), "publies", _("jeux usuels publiés, sur ceux qui concernent cette collectivité")),
            ("socle", _out_of(counts, "socle"), "publies", _("jeux du socle publiés, sur ceux du socle qui la concernent")),
            ("must", _out_of(counts, "must"), "publies", _("jeux publiés, sur ceux qu’un texte oblige à publier ici")),
            ("likely", number(counts["likely"]), "reste", _("jeux reconnus à leurs mots seulement, à confirmer")),
        )
    }  # fmt: skip


def _out_of(counts: dict[str, int], name: str) -> str:
    return f"{number(counts[f'{name}_done'])} / {number(counts[name])}"


def _usual(usual: UsualDataset) -> ShownUsual:
    return ShownUsual(
        usual,
        holder_names(usual.holders),
        duty_name(usual.duty),
        difficulty_name(usual.difficulty),
        schema_address(usual),
    )


def _item(item: Item) -> ShownItem:
    links = tuple((held.dataset_id, held.title) for held, _how in item.found[:5])
    return ShownItem(item, _usual(item.usual), standing_name(item.standing), links)
