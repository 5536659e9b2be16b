"""Reading indicators, always through somebody's eyes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.indicators.assessment import State
from parvis.core.indicators.series import Series, of_one_place
from parvis.core.versions.retention import thinned
from parvis.domains.indicators.models import Board, Computation, Indicator, Value
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.provenance import data_date
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import published, record_at
from parvis.hub.sites.lens import current_lens
from parvis.hub.territories.selectors import territories

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.territories.models import Territory

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
MOST_PLACES = 600
"""Places offered in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Series[Value]):
    """An indicator as the actor sees it on this site, told of one place: the commune of the site when it has it, else the whole.

    ``is_readable`` is False when one of its datasets is not published or not open to them: no value is shown then.
    """

    indicator: Indicator
    is_readable: bool
    is_outdated: bool = False
    """Whether the definition changed since, and its figures are still being computed: ``definition`` is that of the value then."""
    theme: str = ""
    """That of its first dataset."""
    data_date: date | None = None
    """The oldest of the dates of its sources."""

    @property
    def age(self) -> int | None:
        """Days since the date of the data."""
        return max((timezone.localdate() - self.data_date).days, 0) if self.data_date else None

    @property
    def expected_on(self) -> date | None:
        """The day by which the source should have been renewed."""
        return (
            self.data_date + timedelta(days=self.definition.late_after)
            if self.data_date and self.definition.late_after
            else None
        )

    @property
    def is_late(self) -> bool:
        """Whether the source should have been renewed by now."""
        return bool(self.definition.late_after and self.age is not None and self.age > self.definition.late_after)


def indicators_published() -> QuerySet[Indicator]:
    """The indicators that have a public page."""
    return published(Indicator).select_related("latest")


def indicator(actor: Actor, slug: str) -> Indicator:
    """The indicator of that address; NotFound when it does not exist for the actor."""
    return record_at(Indicator, actor, slug)


def figures_stamp() -> Hashable:
    """A mark that is another after each change of an indicator or of the figures it shows; values themselves never change."""
    rows = Indicator.objects.order_by("pk").values_list("pk", "revision", "status", "latest_id", "modified", "trouble")
    return hash(repr(list(rows)))


def seen(actor: Actor, indicators: Iterable[Indicator], territory: str = "") -> list[Seen]:
    """The indicators with what the actor may know of them, in order; four queries whatever their number.

    ``territory`` is a code to be told first where an indicator has it; without, that of the commune of the site.
    """
    rows = list(indicators)
    readable = _readable(actor, {name for row in rows for name in _required_datasets(row)})
    for row in rows:
        if row.latest is not None:
            row.latest.indicator = row  # neither is read again for each of its values
    shown = {row.latest.pk: row.latest for row in rows if row.latest and readable.keys() >= _required_datasets(row)}
    heads = _heads(shown, territory)
    return [_seen(row, readable, heads.get(row.latest_id or 0, [])) for row in rows]


def value_of(actor: Actor, slug: str, key: int) -> Value:
    """The figure of that permanent address; NotFound when its indicator or its datasets are not open to the actor."""
    row = indicator(actor, slug)
    value = (
        Value.objects.select_related("computation__indicator__organisation")
        .filter(pk=key, computation__indicator=row)
        .first()
    )
    dataset_ids = value.computation.described.datasets if value else ()
    if value is None or _readable(actor, set(dataset_ids)).keys() < set(dataset_ids):
        raise NotFound(name=str(key))
    return value


def figure_history(actor: Actor, row: Seen) -> list[Value]:
    """The figure that each computing told of its place, oldest first, where the actor may read the datasets it came from."""
    if not row.is_readable:
        return []
    rows = (
        Value.objects.select_related("computation__indicator")
        .filter(computation__indicator=row.indicator, territory=row.place, value__isnull=False)
        .order_by("computation__computed", "computation_id", "period", "id")
    )
    last = {row.computation_id: row for row in rows}
    dataset_ids = {key: set(row.computation.described.datasets) for key, row in last.items()}
    readable = _readable(actor, set().union(*dataset_ids.values())).keys()
    return [row for key, row in last.items() if readable >= dataset_ids[key]]


def chosen(actor: Actor, slugs: Sequence[str], territory: str = "") -> list[Seen]:
    """Published indicators in the order of their ``slugs``, each once; unknown ones are left out."""
    rows = indicators_published().in_bulk(slugs, field_name="slug")
    return seen(actor, [rows[slug] for slug in dict.fromkeys(slugs) if slug in rows], territory)


def concerning(actor: Actor, territory: Territory | None, most: int) -> list[Seen]:
    """The published indicators with a figure of that territory, told from there; without one, of all there are.

    Those of the latest year come first, then those that are judged, then those that moved; no dataset is told twice before each was
    told once.
    """
    rows = [row for row in seen(actor, indicators_published(), code_of(territory)) if row.value is not None]
    if territory is not None:
        rows = [row for row in rows if concerns(row, territory)]
    rows.sort(key=lambda row: (-_year_of(row), row.state == State.NONE, row.change is None, row.indicator.title))
    turns: defaultdict[str, Iterator[int]] = defaultdict(count)
    ranked = [(next(turns[row.definition.datasets[0]]), row) for row in rows]
    return [row for _turn, row in sorted(ranked, key=itemgetter(0))][:most]


def _year_of(row: Seen) -> int:
    """The last year that a figure tells of, or that of its data; 0 when nothing tells."""
    period = (row.value.period if row.value else "") or row.definition.period
    years = [int(year) for year in _YEAR.findall(period)]
    return max(years, default=row.data_date.year if row.data_date else 0)


def code_of(territory: Territory | None) -> str:
    """The code that tells a commune first; the site of one that looks through a lens has it already."""
    return territory.code if territory is not None and territory.kind == "commune" and current_lens() is None else ""


def concerns(row: Seen, territory: Territory) -> bool:
    """Whether the figure told is of that territory."""
    if row.value is not None and row.value.territory:
        return territory.kind == "commune"
    return row.definition.territory == f"{territory.kind}:{territory.code}"


def values_of(row: Seen) -> list[Value]:
    """All the values of the last computation that may be shown, by period then place."""
    shown = row.indicator.latest
    return list(shown.values.all()) if row.is_readable and shown is not None else []


type Sources = Mapping[str, tuple[date | None, str]]
"""Of datasets whose rows the actor may read, the day of the data and the first theme."""


def _readable(actor: Actor, dataset_ids: set[str]) -> Sources:
    columns = ("dataset_id", "themes", "as_told", "data_modified", "current__created")
    readable = [datasets_visible_to(actor), *([datasets_managed_by(actor)] if actor.roles else [])]
    rows = [
        row for query in readable for row in query.filter(dataset_id__in=dataset_ids).values_list(*columns, named=True)
    ]
    return {row.dataset_id: (_day_of(row), next(iter(row.themes), "")) for row in rows}


def _day_of(row: Any) -> date | None:
    return data_date(row) or (timezone.localdate(row.current__created) if row.current__created else None)


def _required_datasets(row: Indicator) -> set[str]:
    """The datasets of the definition, and those of the values still shown when it changed since."""
    return {*row.datasets, *(row.latest.versions if row.latest else ())}


def _heads(computations: Mapping[int, Computation], territory: str = "") -> dict[int, list[Value]]:
    """The values of the whole and of the place to be told first, by computation."""
    codes, name, epci = _place(territory)
    here = Q(territory__in=["", *codes])
    if name and epci:
        # Where territories are plain words, a commune is found by its name, among the communes of its own EPCI alone.
        here |= Q(territory__iexact=name, computation__definition__territory=f"epci:{epci}")
    values_by_computation: dict[int, list[Value]] = {}
    for row in Value.objects.filter(here, computation__in=computations):
        row.computation = computations[row.computation_id]
        if name and row.territory.casefold() == name.casefold():
            row.name = name  # « LIEUSAINT », as its source writes it
        values_by_computation.setdefault(row.computation_id, []).append(row)
    return values_by_computation


def _place(territory: str) -> tuple[tuple[str, ...], str, str]:
    """The codes, the name and the EPCI of the place told first: a chosen one, else the commune of the site."""
    lens = current_lens()
    if not territory:
        return (lens.codes, lens.name, lens.epci) if lens else ((), "", "")
    match = territories().filter(code=territory).order_by("kind").first()
    return ((territory,), match.name, match.epci) if match else ((territory,), "", "")


def places_of(rows: Sequence[Seen]) -> list[tuple[str, str]]:
    """Code and name of every place that these indicators tell apart, by name; one that is only a word stands for itself."""
    keys = [one.indicator.latest_id for one in rows if one.is_readable and one.indicator.latest_id]
    names_by_code = dict(
        Value.objects.filter(computation__in=keys)
        .exclude(territory="")
        .order_by()
        .values_list("territory", "name")
        .distinct()
    )
    coded = {name.casefold() for code, name in names_by_code.items() if code != name}
    pairs = [(code, name) for code, name in names_by_code.items() if code != name or name.casefold() not in coded]
    return sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0]))[:MOST_PLACES]


def _seen(row: Indicator, readable: Sources, values: list[Value]) -> Seen:
    definition = row.described
    if not readable.keys() >= _required_datasets(row):
        return Seen(indicator=row, definition=definition, is_readable=False)
    past = row.latest.described if row.latest else definition
    is_outdated = not past.computes_as(definition)
    days = [day for day, _theme in (readable[name] for name in row.datasets) if day is not None]
    return Seen(
        indicator=row,
        definition=past if is_outdated else definition,
        values=of_one_place(values),
        is_readable=True,
        is_outdated=is_outdated,
        theme=readable[row.datasets[0]][1],
        data_date=min(days, default=None),
    )


def indicators_asking(dataset: Dataset) -> list[Indicator]:
    """The indicators that a new version of the dataset moves; retired ones move no more."""
    rows = Indicator.objects.exclude(status=Status.RETIRED)
    return [row for row in rows if dataset.identifiers & set(row.datasets)]


def versions_relied_on(dataset: Dataset) -> set[str]:
    """The versions of a dataset that figures came from, as long as those figures must be computable again.

    Those behind the figures shown today, whatever their age, and of the past ones fewer and fewer (``thinned``): who
    cites a figure finds it at its address for ever, and what it was counted from for a while.
    """
    shown = _versions_read(dataset, pk__in=Indicator.objects.exclude(latest=None).values("latest"))
    past = dataset.versions.filter(name__in=_versions_read(dataset)).values_list("name", "created")
    days = {name: timezone.localdate(created) for name, created in past}
    return shown | thinned(days, timezone.localdate())


def _versions_read(dataset: Dataset, **which: Any) -> set[str]:
    names = list(dataset.identifiers)
    version_maps = Computation.objects.filter(versions__has_any_keys=names, **which).values_list("versions", flat=True)
    return {versions[name] for versions in version_maps for name in names if name in versions}


def boards_of(actor: Actor) -> list[Board]:
    """The scoreboards that a member keeps, by name."""
    return list(Board.objects.filter(person=actor.person_id)) if actor.person_id else []


def board_of(actor: Actor, key: str) -> Board:
    """One of them; NotFound for somebody else's."""
    board = Board.objects.filter(person=actor.person_id, key=key).first() if actor.person_id else None
    if board is None:
        raise NotFound(name="tableau")
    return board
