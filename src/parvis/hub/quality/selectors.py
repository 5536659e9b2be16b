"""Reading scores, portraits and boards, always through somebody's eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from parvis.core.quality.criteria import CRITERIA
from parvis.core.quality.facts import Around, Measures, Verdict
from parvis.core.quality.portraits import Portrait
from parvis.core.quality.score import Score, score
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import NEEDED_ROLE, Actor, Role
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import card_of, datasets_managed_by, datasets_visible_to
from parvis.hub.datastore.selectors import shape_of, source_of
from parvis.hub.quality.models import Notice, NoticeChoices, ScoreDay, SourceCheck, VersionPortraits, VersionQuality
from parvis.hub.quality.rules import TENTHS, age_in_days, allowed_days, card_items, tenth_of, verdict_of
from parvis.hub.validation.selectors import followed
from parvis.hub.validation.selectors import verdict_of as schema_verdict


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What is known of the quality of one version, and the score that follows."""

    measures: Measures
    around: Around
    score: Score
    measured: datetime
    reckoned: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A score on a day when it changed, and whether a version came that day."""

    day: date
    score: float
    version: str
    is_new_version: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One dataset of a board; ``shares`` by criterion, None where it does not apply; no score while it is not measured."""

    dataset_id: str
    title: str
    organisation: str
    organisation_slug: str
    data_modified: datetime | None
    score: float | None
    shares: Mapping[str, float | None]
    events: tuple[str, ...] = ()

    @property
    def weakest(self) -> str:
        """The name of the criterion that costs most points, empty when none costs any."""
        lost = {c.name: c.weight * (1 - share) for c in CRITERIA if (share := self.shares.get(c.name)) is not None}
        worst = max(lost, key=lambda name: lost[name], default="")
        return worst if worst and lost[worst] > 0 else ""


def published_datasets() -> QuerySet[Dataset]:
    """Every dataset that readers see, for background work."""
    datasets = Dataset.objects.filter(status=Status.PUBLISHED, current__isnull=False)
    return datasets.select_related("organisation", "current").prefetch_related("territories").order_by("pk")


def around_of(dataset: Dataset, now: datetime) -> Around:
    """What is known around the rows of the current version, at that moment; NotFound when its folder is gone."""
    shape = shape_of(dataset)
    described = sum(bool(column.description) for column in shape)
    check = SourceCheck.objects.filter(dataset=dataset).first()
    return Around(
        age_days=age_in_days(dataset.data_modified, now),
        allowed_days=allowed_days(dataset.frequency),
        source=check.answered if check else None,
        card=card_items({**card_of(dataset), "columns": len(shape), "described": described}),
        verdict=_verdict(dataset),
    )


def _verdict(dataset: Dataset) -> Verdict | None:
    """The latest verdict on the schema that the dataset follows, else what its import said of the schema chosen for it."""
    row = followed(dataset)
    verdict = schema_verdict(dataset.current, row) if row is not None else None
    if verdict is not None:
        return verdict_of({**verdict.summary, "schema": verdict.schema, "version": verdict.schema_version})
    return verdict_of(source_of(dataset).manifest.checks.get("schema", {}).get("report"))


def quality_report(version: Version) -> QualityReport | None:
    """What is known of a version, None while it is not measured. The caller has checked the right to see its rows."""
    row = VersionQuality.objects.filter(version=version).first()
    if row is None or not row.around:
        return None
    measures, around = Measures.from_dict(row.measures), Around.from_dict(row.around)
    return QualityReport(measures, around, score(measures, around), row.measured, row.reckoned)


def portraits_of(version: Version) -> list[Portrait] | None:
    """The portrait of each column of a version, None while it is not drawn. The caller has checked the right to see its rows."""
    row = VersionPortraits.objects.filter(version=version).first()
    return [Portrait.from_dict(column) for column in row.columns] if row else None


def score_days(dataset: Dataset) -> list[Day]:
    """The days when the score changed, first to last."""
    days, before = [], ""
    for row in ScoreDay.objects.filter(dataset=dataset):
        days.append(Day(row.day, row.score, row.version_name, row.version_name != before))
        before = row.version_name
    return days


def source_check(dataset: Dataset) -> SourceCheck | None:
    """Whether its source answered when it was last asked; None when there is none to ask."""
    return SourceCheck.objects.filter(dataset=dataset).first()


def visible_board(actor: Actor, organisation: Organisation | None = None) -> list[Line]:
    """The published datasets the actor may read, with their scores: the public boards."""
    return _lines(datasets_visible_to(actor), organisation)


def managed_board(actor: Actor, organisation: Organisation | None = None) -> list[Line]:
    """The published datasets the actor may edit, with their scores: the board of the back office."""
    managed = datasets_managed_by(actor).filter(status=Status.PUBLISHED, current__isnull=False)
    return _lines(managed, organisation)


_COLUMNS = (
    *("pk", "dataset_id", "title", "organisation__name", "organisation__slug", "data_modified"),
    *("current__quality__score", "current__quality__shares"),
)


def _lines(datasets: QuerySet[Dataset], organisation: Organisation | None) -> list[Line]:
    if organisation is not None:
        datasets = datasets.filter(organisation=organisation)
    rows = list(datasets.select_related(None).prefetch_related(None).values_list(*_COLUMNS))
    events = _open_events([row[0] for row in rows])
    return [
        Line(
            dataset_id, title, owner, slug, modified,
            value if shares else None, shares or {}, tuple(events.get(key, ())),
        )
        for key, dataset_id, title, owner, slug, modified, value, shares in rows
    ]  # fmt: skip


def _open_events(keys: Sequence[int]) -> dict[int, list[str]]:
    events_by_dataset: dict[int, list[str]] = {}
    rows = Notice.objects.filter(closed=None).order_by("event").values_list("dataset_id", "event").distinct()
    dataset_keys = set(keys)
    for key, event in rows:
        if key in dataset_keys:
            events_by_dataset.setdefault(key, []).append(event)
    return events_by_dataset


def notice_choices(person: Person) -> NoticeChoices:
    """What the person chose; the defaults, not yet saved, when they never chose."""
    return NoticeChoices.objects.filter(person=person).first() or NoticeChoices(person=person)


def owners_of(organisation_id: int) -> QuerySet[Person]:
    """Who answers for the datasets of an organisation: those who may publish, else those who may edit."""
    for action in ("publish", "edit"):
        roles = [role.value for role in Role if role.rank >= NEEDED_ROLE[action].rank]
        people = Person.objects.filter(
            is_active=True, memberships__organisation=organisation_id, memberships__role__in=roles
        ).distinct()
        if people.exists():
            return people
    return Person.objects.none()


def notices_for(person: Person, choices: NoticeChoices) -> QuerySet[Notice]:
    """The notices about datasets the person answers for, of the events they chose, latest first."""
    owned = [
        m.organisation_id
        for m in person.memberships.all()
        if owners_of(m.organisation_id).filter(pk=person.pk).exists()
    ]
    return (
        Notice.objects.filter(
            dataset__organisation__in=owned, dataset__status=Status.PUBLISHED, event__in=choices.events
        )
        .select_related("dataset", "dataset__organisation")
        .order_by("-opened", "-id")
    )


def choices_by_feed_key(key: str) -> NoticeChoices | None:
    """Whose feed is at that secret address; None when nobody's, or somebody's whose account is closed."""
    return NoticeChoices.objects.select_related("person").filter(feed_key=key, person__is_active=True).first()


def summary(lines: Sequence[Line]) -> dict[str, Any]:
    """Figures of a board: how many datasets, measured, mean score, mean share by criterion, how many in each tenth, events."""
    scores = [line.score for line in lines if line.score is not None]
    bands = [0] * TENTHS
    for value in scores:
        bands[tenth_of(value)] += 1
    means = {}
    for criterion in CRITERIA:
        shares = [share for line in lines if (share := line.shares.get(criterion.name)) is not None]
        means[criterion.name] = sum(shares) / len(shares) if shares else None
    return {
        "datasets": len(lines),
        "measured": len(scores),
        "mean": round(sum(scores) / len(scores), 1) if scores else None,
        "bands": bands,
        "means": means,
        "events": {event: sum(event in line.events for line in lines) for event in ("late", "stale", "broken")},
    }
