"""A page begun from a dataset: a draft whose blocks are filled with what the dataset is worth showing, left to its writer."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry

from parvis.core.charts.questions import Table
from parvis.core.charts.suggestions import Columns, columns_by_part, suggest
from parvis.core.columns import Column
from parvis.core.metadata import THEMES
from parvis.core.text import slugify
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.drawings.questions import opened, table_of
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import folder_of, make_page

LONGEST_SLUG = 60
COMMUNES = ("insee_commune", "commune")
"""Kinds of columns that readers choose their commune in."""


def sites_written_by(user: Any) -> QuerySet[Site]:
    """The sites to which a person may add pages, the main one first."""
    writable = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "add")
    return Site.objects.filter(root_page__in=writable.values("pk")).order_by("-is_default_site", "pk")


def start_page(actor: Actor, site: Site, dataset_id: str) -> ThemePage:
    """A draft about a dataset: filters, two figures, a chart, a map when it has places.

    NotFound when the dataset is not for the actor, Forbidden when they may not write on that site.
    """
    dataset, version, source = opened(actor, dataset_id)
    table = table_of(source)
    body = [
        *_filters(dataset, columns_by_part(table)),
        *_figures(dataset, table),
        *_chart(dataset, table),
        *([_block("map", {"dataset": dataset.dataset_id})] if version.has_geometry else []),
        _block("datasets", {"datasets": [dataset.dataset_id]}),
    ]
    slugs = {term.slug for term in THEMES}
    theme = next((slug for slug in dataset.themes if slug in slugs), "")
    return make_page(actor, site, _free_slug(site, dataset.title), dataset.title, body, publish=False, theme=theme)


def _block(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "value": value}


def _filters(dataset: Dataset, columns: Columns) -> list[dict[str, Any]]:
    """The commune when rows tell it, else the first category worth choosing in."""
    named = [column for column in columns.categories if column.kind in COMMUNES]
    chosen = next(iter([*named, *columns.categories]), None)
    if chosen is None:
        return []
    label = _("Commune") if chosen.kind in COMMUNES else chosen.label[:60]
    fields = {"label": label, "dataset": dataset.dataset_id, "column": chosen.name}
    return [_block("filters", {"filters": [fields]})]


def _figures(dataset: Dataset, table: Table) -> list[dict[str, Any]]:
    """The rows, and the first thing measured: its sum when it adds up, else its average."""
    figures: list[dict[str, Any]] = [
        {"dataset": dataset.dataset_id, "calculation": "count", "label": _("lignes dans ce jeu")}
    ]
    measure = _measured(dataset, table)
    if measure is not None:
        calculation, column = measure
        label = column.label if calculation == "sum" else _("%s, en moyenne") % column.label
        figures.append(
            {
                "dataset": dataset.dataset_id,
                "calculation": calculation,
                "measure": column.name,
                "label": label[:160],
            }
        )
    return [_block("figures", {"figures": figures})]


def _measured(dataset: Dataset, table: Table) -> tuple[str, Column] | None:
    for description in suggest(dataset.dataset_id, table):
        source = description.sources[0]
        column = table.shape.get(source.measure) if source.measure else None
        if column is not None:
            return ("sum" if source.calculation == "sum" else "avg"), column
    return None


def _chart(dataset: Dataset, table: Table) -> list[dict[str, Any]]:
    """The most telling one, its fields filled: who writes sees what it is made of, and changes it."""
    for description in suggest(dataset.dataset_id, table):
        source = description.sources[0]
        roles = {
            "calculation": source.calculation,
            "measure": source.measure,
            "grouping": source.grouping,
            "series": source.series,
        }
        finer = {"against": source.against, "territory": source.territory, "per": source.per}
        filled = {name: value for name, value in {**roles, **finer}.items() if value}
        return [_block("chart", {"dataset": dataset.dataset_id, "mark": description.mark, **filled})]
    return []


def _free_slug(site: Site, title: str) -> str:
    base = slugify(title)[:LONGEST_SLUG].strip("-") or "page"
    taken = set(folder_of(site).get_children().values_list("slug", flat=True))
    names = (base if rank == 1 else f"{base}-{rank}" for rank in count(1))
    return next(name for name in names if name not in taken)
