"""What is asked for now, made from the profile of each dataset: values that are missing, places to look at, photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from parvis.core.columns import Column
from parvis.core.errors import ParvisError
from parvis.core.text import fold
from parvis.domains.contributions.models import Opening
from parvis.domains.contributions.near import takes_places
from parvis.domains.contributions.rules import Kind
from parvis.domains.contributions.tables import ContributedTable, table_of
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.selectors import catalogue_revision
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.derived import derived
from parvis.hub.ui.formatting import number

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from parvis.hub.catalogue.models import Dataset

LARGEST_SHARE = 0.6
"""A column emptier than that is one that its producer does not fill: asking for it would be asking for everything."""
MOST_OF_DATASET = 4
MOST_ON_HOME = 12
LOOKED_AT = 60
HOUR = 3_600
_PHOTO = ("photo", "image", "illustration")


@dataclass(frozen=True, slots=True)
class Mission:
    """One thing that anybody can do: in words, where the rows that need it are listed."""

    dataset: Dataset
    words: str
    address: str
    rows: int


def missions_of(table: ContributedTable) -> list[Mission]:
    """The missions of one dataset, those that ask the least first."""
    missions = _missing_values(table)
    if takes_places(table):
        address = f"{reverse('contribute-near')}?jeu={table.dataset.dataset_id}"
        missions.append(Mission(table.dataset, _("Vérifier les lieux près de vous"), address, table.manifest.rows))
    return missions[:MOST_OF_DATASET]


def _missing_values(table: ContributedTable) -> list[Mission]:
    if Kind.CORRECT not in table.kinds:
        return []
    missions = [mission for column in table.editable if (mission := _missing(table, column)) is not None]
    return sorted(missions, key=lambda mission: mission.rows)


def first_missions(datasets: QuerySet[Dataset]) -> list[Mission]:
    """One mission a dataset, for the page of the portal: reading sixty manifests takes longer than the rest of the page."""
    lens, latest = current_lens(), Opening.objects.aggregate(latest=Max("modified"))["latest"]
    place = f"{lens.key if lens else ''}:{absolute_path('/')}:{get_language()}"
    key = f"missions:{catalogue_revision()}:{latest.isoformat() if latest else ''}:{place}"
    rows = derived.get(key)
    if rows is None:
        missions = _first_missions(datasets)
        rows = [(mission.dataset.pk, mission.words, mission.address, mission.rows) for mission in missions]
        derived.set(key, rows, HOUR)
    by_key = datasets.in_bulk([row[0] for row in rows])
    return [Mission(by_key[pk], *facts) for pk, *facts in rows if pk in by_key]


def _first_missions(datasets: QuerySet[Dataset]) -> list[Mission]:
    missions: list[Mission] = []
    looked_at = (
        datasets.filter(access=Access.PUBLIC).select_related("current", "organisation").order_by("-data_modified")
    )
    for dataset in looked_at[:LOOKED_AT]:
        try:
            missions += _missing_values(table_of(dataset))[:1]  # places have one link for all datasets
        except ParvisError:  # a version that cannot be read is told elsewhere
            continue
        if len(missions) >= MOST_ON_HOME:
            break
    return missions


def _missing(table: ContributedTable, column: Column) -> Mission | None:
    profile = table.manifest.profile.get(column.name)
    if profile is None or not profile.nulls or profile.nulls > table.manifest.rows * LARGEST_SHARE:
        return None
    facts = {"count": number(profile.nulls), "column": column.label}
    if any(word in fold(column.name) for word in _PHOTO):
        words = ngettext(
            "Photographier %(count)s lieu\u00a0: «\u00a0%(column)s\u00a0»",
            "Photographier %(count)s lieux\u00a0: «\u00a0%(column)s\u00a0»",
            profile.nulls,
        )
    else:
        words = ngettext(
            "Compléter «\u00a0%(column)s\u00a0»\u00a0: %(count)s ligne",
            "Compléter «\u00a0%(column)s\u00a0»\u00a0: %(count)s lignes",
            profile.nulls,
        )
    query: Sequence[tuple[str, str]] = (("colonne", column.name), ("op", "vide"), ("valeur", ""))
    return Mission(
        table.dataset, words % facts, f"{table.dataset.get_absolute_url()}table/?{urlencode(query)}", profile.nulls
    )
