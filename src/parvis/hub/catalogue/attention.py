"""Which datasets need somebody's attention: late for their frequency, said too little of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from parvis.core.hvd import proposed
from parvis.core.metadata import THEME_BY_SLUG
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status

DAYS_BETWEEN = {
    "continuous": 2,
    "daily": 3,
    "weekly": 10,
    "monthly": 40,
    "quarterly": 105,
    "biannual": 200,
    "annual": 400,
}
"""For each frequency that promises a next time, the days after which the data is late: the period and some grace."""

UNSAID = {
    "description": Q(description=""),
    "theme": Q(themes=[]),
    "keywords": Q(keywords=[]),
    "frequency": Q(frequency__in=["", "unknown"]),
    "contact": Q(contact_email=""),
    "territory": Q(territories__isnull=True),
    "personal_data": Q(personal_data=""),
}
"""For each thing a card should say (names of ``rules.REQUIREMENTS``), how to find the datasets that do not say it."""


def late(now: datetime) -> Q:
    """Published datasets whose data should have come again by ``now``."""
    condition = Q()
    for frequency, days in DAYS_BETWEEN.items():
        condition |= Q(frequency=frequency, data_modified__lt=now - timedelta(days=days))
    return Q(status=Status.PUBLISHED) & condition


def incomplete() -> Q:
    """Datasets, not deleted, whose card leaves something unsaid."""
    condition = Q()
    for unsaid in UNSAID.values():
        condition |= unsaid
    return ~Q(status=Status.DELETED) & condition


def unexplained() -> Q:
    """Datasets, not deleted, that are not open to all and do not say why."""
    return ~Q(status=Status.DELETED) & ~Q(access=Access.PUBLIC) & Q(closure=[])


def undecided_high_value(datasets: QuerySet[Dataset]) -> Q:
    """Those of the datasets whose words speak of a category of high value, of which nobody said yet whether it is so."""
    undecided = datasets.filter(hvd=[], hvd_refused=False)
    return Q(pk__in=list(proposed_high_value(undecided)))


def proposed_high_value(datasets: QuerySet[Dataset]) -> dict[int, tuple[str, ...]]:
    """By key, the categories that title, keywords and own themes of each speak of; those that speak of none are absent."""
    rows = datasets.order_by().values_list("pk", "title", "keywords", "themes").distinct()
    proposals: dict[int, tuple[str, ...]] = {}
    for key, title, keywords, themes in rows.iterator(chunk_size=2_000):
        own_themes = [word for word in themes if word not in THEME_BY_SLUG]
        if categories := proposed([title, *map(str, keywords), *map(str, own_themes)]):
            proposals[key] = categories
    return proposals


def is_late(frequency: str, data_modified: datetime | None, now: datetime) -> bool:
    """The same for one dataset, in memory."""
    days = DAYS_BETWEEN.get(frequency)
    return bool(days and data_modified and data_modified < now - timedelta(days=days))


def needing(datasets: QuerySet[Dataset], which: Q) -> QuerySet[Dataset]:
    """Those of the datasets that need attention so, each once whatever its territories."""
    return datasets.filter(pk__in=Dataset.objects.filter(which).values("pk"))
