"""Which datasets are about the commune whose site is looked at, and how near to it they are.

What its rows say comes first: a dataset that tells communes apart is about those that have a row. Where nothing tells them apart, it
is about the territories that its card declares, or that of its publisher; about every commune when neither is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.territories.models import Territory

if TYPE_CHECKING:
    from parvis.hub.sites.lens import Lens


def places_of(dataset: Dataset) -> tuple[str, ...]:
    """The territories that a dataset is about, each as ``kind:code``, where its rows do not tell; none when nothing does."""
    declared = list(dataset.places)
    if not declared and dataset.organisation.territory is not None:
        declared = [dataset.organisation.territory]
    return tuple(f"{territory.kind}:{territory.code}" for territory in declared)


def shown_through(lens: Lens) -> Q:
    """The datasets that the site of a commune shows when they are asked for: not those that other communes publish."""
    return ~Q(organisation__territory__kind="commune") | _own(lens)


def listed_through(lens: Lens) -> Q:
    """Those that it lists: of the above, its own and what is about it."""
    everywhere = ~Q(pk__in=_declared()) & Q(organisation__territory__isnull=True)
    placed = placed_in(*lens.holders) | everywhere
    return shown_through(lens) & (_own(lens) | _counted(lens) | placed & ~Q(current__in=_versions(lens, "", 0)))


def about_commune(lens: Lens) -> Q:
    """Its own, those that have a row about it, and those that declare it alone among others: what its own page lists."""
    return shown_through(lens) & (_own(lens) | _counted(lens) | placed_in(lens.key))


def placed_in(*holders: str) -> Q:
    """What declares one of these territories, or declares none and is published by one of them."""
    condition = Q(pk__in=[])
    for holder in holders:
        kind, _colon, code = holder.partition(":")
        condition |= Q(kind=kind, code=code)
    keys = Territory.objects.filter(condition).values("pk")
    return Q(pk__in=_declared(keys)) | ~Q(pk__in=_declared()) & Q(organisation__territory__in=keys)


def nearness(lens: Lens) -> tuple[Case, Case]:
    """How far from the commune a dataset is, to be ordered by: its own, then what has rows about it, then the rest; among each, what is
    about the commune, then about each of what it belongs to, the nearest first."""
    own, counted = When(_own(lens), then=Value(0)), When(_counted(lens), then=Value(1))
    return Case(own, counted, default=Value(2), output_field=IntegerField()), nearest_holder(lens.holders)


def nearest_holder(holders: Sequence[str]) -> Case:
    """The rank of the first of these territories, each as ``kind:code``, that a dataset is about."""
    ranks = [When(placed_in(holder), then=Value(rank)) for rank, holder in enumerate(holders)]
    return Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())


def _own(lens: Lens) -> Q:
    return Q(organisation__territory=lens.territory)


def _counted(lens: Lens) -> Q:
    return Q(current__in=_versions(lens, "__gt", 0))


def _versions(lens: Lens, lookup: str, rows: int) -> QuerySet:
    return Version.objects.filter(**{f"rows_by_commune__{lens.key}{lookup}": rows}).values("pk")


def _declared(keys: QuerySet | None = None) -> QuerySet:
    """The datasets that declare a territory, or one of these."""
    rows = Dataset.territories.through.objects.all()
    return (rows if keys is None else rows.filter(territory__in=keys)).values("dataset")
