"""Reading counts, always through somebody's rights: all of them for who runs the instance, else those of the datasets whose
organisation they work for, and those of the sites whose pages they write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from wagtail.models import Site
from wagtail.permission_policies.pages import PagePermissionPolicy

from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import ANONYMOUS, Actor, may
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.sites.selectors import site_names
from parvis.hub.usage.models import Count, VainWords
from parvis.hub.usage.rules import Nature, Period, Subject

MOST_THINGS = 200
"""Things that a table lists; the file lists them all."""


@dataclass(frozen=True, slots=True)
class UsageQuery:
    """Whose figures, of when: a site and an organisation, None for all that the actor may see."""

    period: Period
    site: int | None = None
    organisation: Organisation | None = None
    robots: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that was read, and how often, by nature."""

    subject: str
    name: str
    title: str
    counts: dict[Nature, int]

    @property
    def total(self) -> int:
        """All natures together."""
        return sum(self.counts.values())


def counts_for(actor: Actor, query: UsageQuery) -> QuerySet[Count]:
    """The counts that the actor may see, within what is asked."""
    counts = Count.objects.filter(day__gte=query.period.first, day__lte=query.period.last, robots=query.robots)
    if query.site is not None:
        counts = counts.filter(site=query.site)
    if actor.everything and query.organisation is None:
        return counts
    of_their_data = Q(subject=Subject.DATASET, name__in=_dataset_names(actor, query.organisation))
    if query.organisation is not None:
        return counts.filter(of_their_data)
    named = datasets_visible_to(ANONYMOUS).values("dataset_id")
    of_anybody = ~Q(subject=Subject.DATASET) | Q(name="") | Q(name__in=named)
    return counts.filter(of_their_data | (Q(site__in=[site.pk for site in sites_written_by(actor)]) & of_anybody))


def sites_written_by(actor: Actor) -> list[Site]:
    """The sites all of whose pages the actor may change, by Wagtail's rights; every site for who runs the instance."""
    sites = Site.objects.order_by("-is_default_site", "site_name")
    if actor.everything:
        return list(sites)
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        return []
    roots = PagePermissionPolicy().instances_user_has_permission_for(person, "change")
    return list(sites.filter(root_page__in=roots))


def _dataset_names(actor: Actor, organisation: Organisation | None) -> QuerySet[Dataset]:
    """Addresses of the datasets whose figures the actor may read: of organisations whose things they edit."""
    if organisation is not None:
        owners = [organisation.pk] if may(actor, "edit", organisation.pk) else []
    else:
        owners = list(organisations_where(actor, "edit").values_list("pk", flat=True))
    return Dataset.objects.filter(organisation__in=owners).values("dataset_id")


def totals(actor: Actor, query: UsageQuery) -> dict[Nature, int]:
    """How often in all, by nature; every nature is there."""
    rows = counts_for(actor, query).values_list("nature").annotate(total=Sum("count"))
    total_by_nature = {Nature(nature): total for nature, total in rows}
    return {nature: total_by_nature.get(nature, 0) for nature in Nature}


def by_step(actor: Actor, query: UsageQuery) -> dict[Nature, list[int]]:
    """How often in each day or month of the period, by nature."""
    rows = counts_for(actor, query).values_list("nature", "day").annotate(total=Sum("count"))
    ranks = {step: rank for rank, step in enumerate(query.period.steps)}
    counts = {nature: [0] * len(ranks) for nature in Nature}
    for nature, day, total in rows:
        counts[Nature(nature)][ranks[query.period.step_of(day)]] += total
    return counts


def things(actor: Actor, query: UsageQuery) -> list[Thing]:
    """What was read, most first; things that are gone keep their address for a title."""
    grouped: dict[tuple[str, str], dict[Nature, int]] = defaultdict(dict)
    rows = counts_for(actor, query).exclude(nature__in=(Nature.SEARCH, Nature.UNANSWERED))
    for subject, name, nature, total in rows.values_list("subject", "name", "nature").annotate(total=Sum("count")):
        grouped[subject, name][Nature(nature)] = total
    titles = titles_of(name for subject, name in grouped if subject == Subject.DATASET)
    listed = [
        Thing(subject, name, titles.get(name, name) if subject == Subject.DATASET else name, counts)
        for (subject, name), counts in grouped.items()
    ]
    return sorted(listed, key=lambda thing: (-thing.total, thing.subject, thing.name))


def titles_of(names: Iterable[str]) -> dict[str, str]:
    """Titles of datasets by address."""
    return dict(Dataset.objects.filter(dataset_id__in=list(names)).values_list("dataset_id", "title"))


def by_detail(actor: Actor, query: UsageQuery, nature: Nature) -> list[tuple[str, int]]:
    """Downloads by format, calls by door: most first."""
    rows = counts_for(actor, query).filter(nature=nature).exclude(detail="")
    return list(rows.values_list("detail").annotate(total=Sum("count")).order_by("-total", "detail"))


def vain_words(actor: Actor, query: UsageQuery) -> list[tuple[str, int]]:
    """What several people searched for in vain on the sites that the actor writes, most first; words are of no organisation."""
    if query.organisation is not None:
        return []
    searches = VainWords.objects.filter(day__gte=query.period.first, day__lte=query.period.last)
    if not actor.everything:
        searches = searches.filter(site__in=[site.pk for site in sites_written_by(actor)])
    if query.site is not None:
        searches = searches.filter(site=query.site)
    return list(searches.values_list("words").annotate(total=Sum("count")).order_by("-total", "words")[:MOST_THINGS])


def sites_counted() -> dict[int, str]:
    """Names of the sites by key."""
    return site_names()


def public_counts(until: date) -> list[tuple[date, int, str, str, str, str, bool, int]]:
    """Everything counted before ``until``, by month: first day, site, nature, subject, name, detail, robots, how often.

    Of datasets, only those that anybody may see now: a name tells that a dataset exists.
    """
    seen = set(datasets_visible_to(ANONYMOUS).values_list("dataset_id", flat=True))
    columns = ("site", "nature", "subject", "name", "detail", "robots")
    sums: dict[tuple[object, ...], int] = defaultdict(int)
    for day, *key, count in Count.objects.filter(day__lt=until).values_list("day", *columns, "count").iterator():
        if key[2] != Subject.DATASET or not key[3] or key[3] in seen:
            sums[day.replace(day=1), *key] += count
    return [(*key, total) for key, total in sorted(sums.items())]  # type: ignore[misc]


def yesterday(today: date) -> date:
    """The last whole day."""
    return today - timedelta(days=1)
