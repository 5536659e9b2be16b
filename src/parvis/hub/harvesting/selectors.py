"""Reading sources, runs and what they say of items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.http.request import split_domain_port
from django.utils.translation import get_language
from wagtail.models import Site

from parvis.core.errors import NotFound, error_facts
from parvis.core.schedules import phrase
from parvis.core.translation import SOURCE, Sentence, recorded
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.harvesting.models import OTHERS, Hook, Item, Run, RunItem, Source
from parvis.hub.harvesting.rules import COMPARED, SERVICE_MARK, Decision, Mode, Outcome, State
from parvis.hub.served_address import LOOPBACK, served_port

SHOWN_CALLS = 20
"""Calls of a source that its page and commands show."""


def own_servers() -> frozenset[str]:
    """The servers of this portal and of its sites, as origins of datasets name them: who reads us tells the name that it asked, which is
    any of those that we answer to. A pattern of names counts for none: another portal may be below it."""
    base = urlsplit(settings.PARVIS["PARVIS_BASE_URL"])
    ports = {base.port, served_port(settings.PARVIS_HOME)} - {None}
    names = {base.netloc.lower()}
    for entry in settings.PARVIS["PARVIS_ALLOWED_HOSTS"]:
        name, port = split_domain_port(entry.lower())
        if port:
            names.add(f"{name}:{port}")
        elif name and not name.startswith((".", "*")):
            names |= _at_ports(name, ports)
    for hostname, port in Site.objects.values_list("hostname", "port"):
        names |= {f"{hostname.lower()}:{port}", *_at_ports(hostname.lower(), ports)}
    return frozenset(name.removeprefix("www.") for name in names)


def _at_ports(name: str, ports: Iterable[int | None]) -> set[str]:
    """That name at the usual ports and at these: on this very machine at these alone, another portal may have the others."""
    usual = set() if name.strip("[]") in LOOPBACK else {name}
    return usual | {f"{name}:{port}" for port in ports}


def sources_managed_by(actor: Actor) -> QuerySet[Source]:
    """The sources of the organisations for which the actor may publish."""
    return Source.objects.filter(organisation__in=organisations_where(actor, "publish")).select_related("organisation")


def source_of(actor: Actor, slug: str) -> Source:
    """That source; NotFound when there is none, or it is somebody else's."""
    source = sources_managed_by(actor).filter(slug=slug).first()
    if source is None:
        raise NotFound(name=slug)
    return source


def run_of(actor: Actor, key: int) -> Run:
    """That run; NotFound likewise."""
    runs = Run.objects.filter(source__in=Source.objects.filter(organisation__in=organisations_where(actor, "publish")))
    run = runs.select_related("source__organisation", "job").filter(pk=key).first()
    if run is None:
        raise NotFound(name=f"lecture {key}")
    return run


def latest_run(source: Source) -> Run | None:
    """The last that began."""
    return source.runs.select_related("job").order_by("-pk").first()


def open_run(source: Source) -> Run | None:
    """The one that is not over."""
    return source.runs.filter(state__in=(State.QUEUED, State.RUNNING)).select_related("job").first()


def counts_so_far(run: Run) -> dict[str, int]:
    """The same as the run keeps once it is over; before, counted now."""
    return run.counts if run.is_over else count_items(run)


def count_items(run: Run) -> dict[str, int]:
    """How many items of each outcome, from what the run wrote of each; ``seen``: all but services, and those that are absent."""
    rows = RunItem.objects.filter(run=run).order_by().values_list("outcome").annotate(Count("pk"))
    counts: dict[str, int] = dict(rows)
    unchanged = Item.objects.filter(source=run.source_id, last_run=run.pk, outcome=Outcome.UNCHANGED)
    counts[Outcome.UNCHANGED.value] = unchanged.count()
    absent = (Outcome.MISSING.value, Outcome.ARCHIVED.value)
    services = RunItem.objects.filter(run=run, identifier__startswith=SERVICE_MARK).exclude(outcome__in=absent).count()
    counts["seen"] = sum(count for outcome, count in counts.items() if outcome not in absent) - services
    if Run.objects.filter(pk=run.pk, source__mode=Mode.MOVE).exists():
        counts[COMPARED] = Item.objects.filter(source=run.source_id, comparison__run=run.pk).count()
    return counts


def items_of(run: Run, outcome: str = "") -> QuerySet[RunItem] | QuerySet[Item]:
    """What a run did, of one outcome or of all that is told; those unchanged are listed for the latest run."""
    if outcome == Outcome.UNCHANGED:
        return Item.objects.filter(source=run.source_id, last_run=run.pk, outcome=outcome).select_related("dataset")
    rows = RunItem.objects.filter(run=run).select_related("dataset", "item")
    return rows.filter(outcome=outcome) if outcome else rows


def undecided_items(source: Source) -> QuerySet[Item]:
    """Those that seem to be here already, for somebody to say."""
    return source.items.filter(twin__isnull=False, dataset=None, decision="").select_related("twin__organisation")


def item_of(actor: Actor, source: Source, key: int) -> Item:
    """An item of a source; NotFound."""
    item = source.items.select_related("twin__organisation", "source__organisation").filter(pk=key).first()
    if item is None:
        raise NotFound(name=str(key))
    return item


def other_files(dataset: Dataset) -> list[dict[str, Any]]:
    """The files of its source that were not copied: title, format, address, size; nothing once it is no longer of that source."""
    row = (
        Item.objects.filter(dataset=dataset, gone=None)
        .exclude(decision=Decision.REPLACED)
        .order_by("-last_run")
        .first()
    )
    return list(row.copied.get(OTHERS, [])) if row is not None else []


def origins_of(datasets: Iterable[int]) -> dict[int, list[Source]]:
    """The sources that keep these datasets up to date, by the key of the dataset; nothing of those that have none."""
    items = Item.objects.filter(dataset__in=list(datasets), gone=None).exclude(decision=Decision.REPLACED)
    origins: dict[int, list[Source]] = {}
    for item in items.select_related("source").only("dataset_id", "source"):
        origins.setdefault(item.dataset_id, []).append(item.source)
    return origins


def pages_before(dataset: Dataset) -> list[str]:
    """Its pages on the portals that it moved in from."""
    items = Item.objects.filter(dataset=dataset, source__mode=Mode.MOVE).exclude(landing_page="")
    return sorted(items.values_list("landing_page", flat=True))


def section_of(dataset: Dataset, actor: Actor) -> dict[str, Any] | None:
    """What the page of a dataset tells of them; None without any, and for data that are not for everybody."""
    files = other_files(dataset) if dataset.access == Access.PUBLIC else []
    return {"files": files} if files else None


def next_due() -> datetime | None:
    """The first moment at which some schedule, or a call that came during a run that is over, wants a run; None when none does."""
    rows = Source.objects.filter(active=True, next_run__isnull=False)
    moments = (rows.aggregate(first=Min("next_run"))["first"], hooks_waiting().aggregate(first=Min("pending"))["first"])
    return min((moment for moment in moments if moment is not None), default=None)


def hooks_waiting() -> QuerySet[Hook]:
    """Those whose source changed during a run, which is over."""
    busy = Run.objects.filter(state__in=(State.QUEUED, State.RUNNING)).values("source")
    return Hook.objects.filter(pending__isnull=False, active=True, source__active=True).exclude(source__in=busy)


def source_facts(source: Source) -> dict[str, Any]:
    """A source as scripts get it; of its secrets, whether there are any."""
    run = latest_run(source)
    return {
        "source": source.slug,
        "title": source.title,
        "organisation": source.organisation.slug,
        "dialect": source.dialect,
        "url": source.url,
        "options": source.options,
        "mode": source.mode,
        "publish": source.publish,
        "schedule": source.schedule,
        "schedule_text": phrase(source.schedule).text(get_language() or SOURCE),
        "filters": source.filters,
        "mapping": source.mapping,
        "default_licence": source.default_licence,
        "has_secrets": bool(source.secrets),
        "active": source.active,
        "next_run": source.next_run.isoformat() if source.next_run else None,
        "latest_run": run_facts(run) if run else None,
    }


def hook_facts(hook: Hook) -> dict[str, Any]:
    """How a source is called, and its latest calls; of its secret, nothing."""
    return {
        "source": hook.source.slug,
        "signed": hook.signed,
        "active": hook.active,
        "pending": hook.pending.isoformat(timespec="seconds") if hook.pending else None,
        "calls": [
            {
                "moment": call.moment.isoformat(timespec="seconds"),
                "way": call.way,
                "outcome": call.outcome,
                "count": call.count,
                "run": call.run_id,
            }
            for call in hook.calls.all()[:SHOWN_CALLS]
        ],
    }


def run_facts(run: Run) -> dict[str, Any]:
    """A run likewise."""
    return {
        "run": run.pk,
        "state": str(run.state),
        "created": run.created.isoformat(timespec="seconds"),
        "started": run.started.isoformat(timespec="seconds") if run.started else None,
        "finished": run.finished.isoformat(timespec="seconds") if run.finished else None,
        "whole": run.is_whole,
        "suspicious": run.is_suspicious,
        "since": run.since,
        "total": run.total,
        "counts": counts_so_far(run),
        "resumes": run.resumes.isoformat(timespec="seconds") if run.resumes else None,
        "error": error_facts(run.error),
    }


def item_facts(row: RunItem) -> dict[str, Any]:
    """What a run did with an item likewise."""
    return {
        "identifier": row.identifier,
        "title": row.title,
        "outcome": str(row.outcome),
        "reasons": reasons_of(row),
        "dataset_id": row.dataset.dataset_id if row.dataset else None,
    }


def reasons_of(row: RunItem) -> list[str]:
    """Why, in the language of the reader."""
    language = get_language() or SOURCE
    sentences = (Sentence.from_json(reason) for reason in row.reasons)
    return [sentence.text(language) for sentence in sentences if sentence is not None] or [
        recorded(reason, language) for reason in row.reasons
    ]
