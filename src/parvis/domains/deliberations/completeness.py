"""What is online of what was decided, and what is missing: by organisation and year, for everybody.

Drafts are counted and never shown. One pass over each table tells all, whatever the number of rows.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from statistics import median
from typing import Any, Final, NamedTuple

from django.db.models import Avg, Count, Min, Q, QuerySet
from django.utils import timezone

from parvis.core.acts.numbering import missing_numbers
from parvis.domains.deliberations.models import Act, ActFile, Assembly, Session
from parvis.domains.deliberations.reading_views import share
from parvis.domains.deliberations.rules import STATED, list_is_late
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import stamp_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.derived import derived
from parvis.hub.ui.formatting import NOTHING

LEGAL_MEETINGS: Final = 4
"""A deliberative assembly meets at least once in three months (CGCT L2121-7, L3121-9, L4132-8, L5211-11)."""
REMEMBERED: Final = 600
"""Seconds: readings of files change without any act on their act."""
MOST_NUMBERS: Final = 60
MOST_LINKS: Final = 20
"""Pages that are named in a cell: the count says the rest."""
Key = tuple[int, int]
"""An organisation and a year."""


class Named(NamedTuple):
    """A record online that is named: what is remembered of it is no more than that."""

    slug: str
    title: str


@dataclass
class Row:
    """An organisation in a year. Acts are those of any state; of those withdrawn only how many they are is told."""

    organisation: int
    year: int
    name: str = ""
    slug: str = ""
    expected: int | None = None
    """Sittings a year, as its assemblies say or the law wants; None when none of them is deliberative or says so."""
    held: int = 0
    late_lists: int = 0
    """Sittings whose list of deliberations was not online within a week."""
    late_sessions: list[Named] = field(default_factory=list)
    """Those of them that readers see."""
    deposited: int = 0
    confirmed: int = 0
    transmitted: int = 0
    published: int = 0
    withdrawn: int = 0
    searchable: int = 0
    """Acts online whose every page was read."""
    mean_confidence: float | None = None
    least_confidence: float | None = None
    unreadable_pages: int = 0
    unread: int = 0
    """Acts online of which something was not read."""
    unreadable_acts: list[Named] = field(default_factory=list)
    """The first of them."""
    numbers: dict[str, list[str]] = field(default_factory=dict)
    """Those of its acts, by kind."""
    delays: list[int] = field(default_factory=list)
    """Days from the sitting, or the signature, to the going online, of each act online."""

    @cached_property
    def missing_of_kinds(self) -> dict[str, list[str]]:
        """The numbers that lack in each sequence, by kind of act; of no kind (empty) when all of them share one sequence."""
        sequences = self.numbers
        every = [number for numbers in sequences.values() for number in set(numbers)]
        if len(set(every)) == len(every):  # no number is of two kinds: they are numbered together
            sequences = {"": every}
        gaps = {
            kind: [number for series in missing_numbers(numbers).series for number in series.missing]
            for kind, numbers in sequences.items()
        }
        return {kind: numbers for kind, numbers in gaps.items() if numbers}

    @property
    def missing(self) -> list[str]:
        """All of them."""
        return [number for numbers in self.missing_of_kinds.values() for number in numbers]

    @property
    def missing_words(self) -> list[tuple[str, str]]:
        """By kind in words, the first of them, and that there are others."""
        gaps = self.missing_of_kinds
        return [(str(Act.Kind(kind).label) if kind else "", _shortened(numbers)) for kind, numbers in gaps.items()]

    @property
    def confidence(self) -> str:
        """« 91 %, 54 % »: the mean and the least; a dash when nothing was recognised."""
        if self.mean_confidence is None or self.least_confidence is None:
            return NOTHING
        return f"{share(self.mean_confidence)}, {share(self.least_confidence)}"

    @property
    def has_gaps(self) -> bool:
        """Whether something is missing that can be named."""
        return bool(self.missing or self.late_lists or self.unread)

    @property
    def unnamed_late(self) -> int:
        """Late lists of sittings that readers do not see, or that are too many to be named."""
        return self.late_lists - len(self.late_sessions)

    @property
    def unnamed_unreadable(self) -> int:
        """Acts not read in full that are not named."""
        return self.unread - len(self.unreadable_acts)

    def settle(self) -> None:
        """Draw from numbers what is missing, then forget them: a row weighs no more than what it says."""
        self.missing_of_kinds  # noqa: B018 kept once computed
        self.numbers = {}

    @property
    def usual_delay(self) -> int | None:
        """The median, in days."""
        return round(median(self.delays)) if self.delays else None

    @property
    def worst_delay(self) -> int | None:
        """The longest, in days."""
        return max(self.delays, default=None)


def _shortened(numbers: Sequence[str]) -> str:
    return ", ".join([*numbers[:MOST_NUMBERS], *(["…"] if len(numbers) > MOST_NUMBERS else [])])


def board(organisation: str = "", year: int | None = None) -> list[Row]:
    """The rows of an organisation (its slug; all without) in a year (all without), the latest years first, on the site that answers.

    What was counted is given again for ten minutes, as long as nothing is done to any act or sitting.
    """
    rows: list[Row] = _remembered(f"board:{organisation}:{year}", lambda: _board(organisation, year))
    return rows


def _remembered(question: str, count: Callable[[], Any]) -> Any:
    lens, today = current_lens(), timezone.localdate()
    stamps = f"{stamp_of(Act)}:{stamp_of(Session)}:{lens.key if lens else ''}:{today}"
    # The question holds what somebody typed: no part of it goes into a key as it is.
    key = hashlib.sha256(f"{stamps}:{question}".encode()).hexdigest()
    return derived.get_or_set(f"acts-completeness-{key}", count, REMEMBERED)


def _board(organisation: str, year: int | None) -> list[Row]:
    rows: dict[Key, Row] = {}
    _count_acts(rows, _acts(organisation, year))
    _count_sessions(rows, _seen(Session.objects.exclude(state=Session.State.CANCELLED), organisation, "held_on", year))
    _count_files(rows, organisation, year)
    _expect(rows)
    for row in rows.values():
        row.settle()
    return sorted(rows.values(), key=lambda row: (-row.year, row.name, row.organisation))


def years(organisation: str = "") -> list[int]:
    """The years that have a sitting or an act, the latest first."""
    rows: list[int] = _remembered(f"years:{organisation}", lambda: _years(organisation))
    return rows


def _years(organisation: str) -> list[int]:
    dates = [
        *_acts(organisation, None).order_by().dates("date", "year"),
        *_seen(Session.objects.all(), organisation, "held_on", None).order_by().dates("held_on", "year"),
    ]
    return sorted({day.year for day in dates}, reverse=True)


def organisations() -> list[tuple[str, str]]:
    """Slug and name of those that have a sitting or an act."""
    rows: list[tuple[str, str]] = _remembered("organisations", _organisations)
    return rows


def _organisations() -> list[tuple[str, str]]:
    columns = ("organisation__slug", "organisation__name")
    pairs = {
        *_acts("", None).order_by().values_list(*columns).distinct(),
        *_seen(Session.objects.all(), "", "held_on", None).order_by().values_list(*columns).distinct(),
    }
    return sorted(pairs, key=lambda pair: pair[1])


def _seen(query: QuerySet[Any], organisation: str, column: str, year: int | None) -> QuerySet[Any]:
    if (lens := current_lens()) is not None:
        query = query.filter(territory__code__in=lens.codes)
    if organisation:
        query = query.filter(organisation__slug=organisation)
    return query.filter(**{f"{column}__year": year}) if year else query


def _acts(organisation: str, year: int | None) -> QuerySet[Act]:
    """Acts with a date: one without is a draft of which nothing is known yet."""
    return _seen(Act.objects.filter(date__isnull=False, kind__in=STATED), organisation, "date", year)


def _row(rows: dict[Key, Row], organisation: int, year: int, name: str, slug: str) -> Row:
    return rows.setdefault((organisation, year), Row(organisation, year, name, slug))


def _count_acts(rows: dict[Key, Row], acts: QuerySet[Act]) -> None:
    columns = (
        "organisation_id",
        "organisation__name",
        "organisation__slug",
        "date",
        "kind",
        "number",
        "status",
        "confirmed_at",
        "transmission",
        "received_on",
        "withdrawn_at",
        "first_published_at",
        "session__held_on",
    )
    for act in acts.order_by().values_list(*columns, named=True).iterator(chunk_size=5_000):
        row = _row(rows, act.organisation_id, act.date.year, act.organisation__name, act.organisation__slug)
        if act.number:
            row.numbers.setdefault(act.kind, []).append(act.number)
        is_online = act.status == Status.PUBLISHED
        if act.withdrawn_at is not None and not is_online:
            row.withdrawn += 1
            continue
        row.deposited += 1
        row.confirmed += act.confirmed_at is not None
        row.transmitted += bool(act.transmission or act.received_on)
        row.published += is_online
        if is_online and act.first_published_at is not None:
            row.delays.append(_days(act.session__held_on or act.date, act.first_published_at))


def _days(day: date, moment: datetime) -> int:
    return max((timezone.localtime(moment).date() - day).days, 0)


def _count_sessions(rows: dict[Key, Row], sessions: QuerySet[Session]) -> None:
    today = timezone.localdate()
    columns = ("slug", "title", "status", "organisation_id", "held_on", "list_published_on", "assembly__kind")
    columns = (*columns, "organisation__name", "organisation__slug")
    query = sessions.filter(held_on__lte=today).order_by("held_on", "pk")
    for session in query.values_list(*columns, named=True):
        year, name = session.held_on.year, session.organisation__name
        row = _row(rows, session.organisation_id, year, name, session.organisation__slug)
        if session.assembly__kind != Assembly.Kind.COUNCIL:
            continue
        row.held += 1
        if list_is_late(session.held_on, session.list_published_on, today):
            row.late_lists += 1
            if session.status == Status.PUBLISHED and len(row.late_sessions) < MOST_LINKS:
                row.late_sessions.append(Named(session.slug, session.title))


def _count_files(rows: dict[Key, Row], organisation: str, year: int | None) -> None:
    """How the published files of acts online were read."""
    online = _acts(organisation, year).filter(status=Status.PUBLISHED)
    files = ActFile.objects.exclude(published="").filter(act__in=online).order_by()
    groups = files.values_list("act__organisation_id", "act__date__year")
    unread = Q(unreadable_pages__gt=0) | ~Q(reading=ActFile.Reading.READ)
    for organisation_id, day_year, acts, mean, least in groups.annotate(
        acts=Count("act", distinct=True), mean=Avg("confidence"), least=Min("confidence")
    ):
        row = rows[organisation_id, day_year]
        row.searchable, row.mean_confidence, row.least_confidence = acts, mean, least
    columns = ("act_id", "act__slug", "act__title", "act__organisation_id", "act__date", "unreadable_pages")
    seen: set[int] = set()
    for file in files.filter(unread).order_by("act", "pk").values_list(*columns, named=True):
        row = rows[file.act__organisation_id, file.act__date.year]
        row.unreadable_pages += file.unreadable_pages
        if file.act_id in seen:
            continue
        seen.add(file.act_id)
        row.searchable -= 1
        row.unread += 1
        if len(row.unreadable_acts) < MOST_LINKS:
            row.unreadable_acts.append(Named(file.act__slug, file.act__title))


def _expect(rows: Mapping[Key, Row]) -> None:
    """The sittings that are due."""
    keys = {organisation for organisation, _year in rows}
    expected: dict[int, int] = defaultdict(int)
    for assembly in Assembly.objects.filter(organisation__in=keys, kind=Assembly.Kind.COUNCIL):
        expected[assembly.organisation_id] += assembly.meetings_a_year or LEGAL_MEETINGS
    for row in rows.values():
        row.expected = expected.get(row.organisation)
