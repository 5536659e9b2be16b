"""Noticing what became late, stale or broken, and newer schemas; telling owners once, in one mail a day at most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parvis.core.errors import Forbidden
from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.models import Import
from parvis.hub.notifications.changes import fell_silent
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.services import is_first_time
from parvis.hub.quality.kinds import DIGEST
from parvis.hub.quality.links import broken_links
from parvis.hub.quality.models import Digest, Notice, NoticeChoices, SourceCheck, new_feed_key
from parvis.hub.quality.rules import Event, due_day, freshness_event
from parvis.hub.quality.selectors import notice_choices, notices_for, owners_of, published_datasets
from parvis.hub.registry import modules
from parvis.hub.validation.selectors import newer_schema

IMPORT_DAYS = 30
"""An import that failed longer ago than this is old news."""

SILENT_DAYS = 1
"""A source that failed yesterday and fails today is told; a passing failure is not."""

MOST_LINKS = 5
"""Broken links of one dataset told at once."""

_BROKEN_STATES = (Import.State.FAILED, Import.State.REFUSED, Import.State.STOPPED)
_OVER = (*_BROKEN_STATES, Import.State.DONE)

type Happening = tuple[Event, str, dict[str, Any]]
"""What happens to a dataset: the event, the mark of this time, what its sentence needs."""


def observe_all(now: datetime | None = None) -> int:
    """Open and close the notices of every dataset; how many were opened."""
    now = now or timezone.now()
    gone = Notice.objects.filter(closed=None).exclude(dataset__status=Status.PUBLISHED)
    gone.update(closed=now)
    return sum(observe(dataset, now) for dataset in published_datasets())


def observe(dataset: Dataset, now: datetime) -> int:
    """Open a notice for each thing that happens to a dataset and is not noted yet, close those that are over; how many opened."""
    happening = [*_late(dataset, now), *_failed_import(dataset, now), *_silent_source(dataset, now)]
    happening += [*_newer_schema(dataset), *_broken_links(dataset)]
    opened = 0
    with transaction.atomic():
        for event, mark, details in happening:
            facts = {"details": details, "opened": now}
            notice, created = Notice.objects.get_or_create(dataset=dataset, event=event, mark=mark, defaults=facts)
            opened += created
            if created and event is Event.LATE and dataset.data_modified is not None:
                fell_silent(dataset, dataset.data_modified)  # those who use it hear it too
            if notice.closed is not None:
                Notice.objects.filter(pk=notice.pk).update(closed=None)
        standing = {(str(event), mark) for event, mark, _details in happening}
        for notice in Notice.objects.filter(dataset=dataset, closed=None):
            if (notice.event, notice.mark) not in standing:
                Notice.objects.filter(pk=notice.pk).update(closed=now)
    return opened


def _late(dataset: Dataset, now: datetime) -> Iterable[Happening]:
    event = freshness_event(dataset.frequency, dataset.data_modified, now)
    if event is not None and dataset.data_modified is not None:
        due = due_day(dataset.frequency, dataset.data_modified)
        details = {"since": dataset.data_modified.date().isoformat(), "due": due.isoformat() if due else ""}
        yield event, f"{dataset.data_modified:%Y-%m-%d}-{dataset.frequency}", details


def _failed_import(dataset: Dataset, now: datetime) -> Iterable[Happening]:
    recent = Import.objects.filter(dataset=dataset, created__gt=now - timedelta(days=IMPORT_DAYS), state__in=_OVER)
    last = recent.order_by("-created", "-pk").first()
    if last is not None and last.state in _BROKEN_STATES:
        others = recent.exclude(
            pk__in=[pk for row in modules() if row.told_imports for pk in row.told_imports(dataset)]
        )
        last = others.order_by("-created", "-pk").first()
    if last is not None and last.state in _BROKEN_STATES:
        yield Event.BROKEN, f"import-{last.pk}", {"import": last.pk, "error": last.error}


def _silent_source(dataset: Dataset, now: datetime) -> Iterable[Happening]:
    check = SourceCheck.objects.filter(dataset=dataset, answered=False).first()
    if check is None or check.failing_since is None:
        return
    if (timezone.localtime(now).date() - check.failing_since).days >= SILENT_DAYS:
        details = {"url": check.url, "since": check.failing_since.isoformat(), "error": check.error}
        yield Event.BROKEN, f"source-{check.failing_since.isoformat()}", details


def _broken_links(dataset: Dataset) -> Iterable[Happening]:
    for row in broken_links([dataset])[:MOST_LINKS]:
        since = timezone.localdate(row.link.failing_since)
        details = {"link": row.link.url, "place": row.place, "since": since.isoformat(), "error": row.link.error}
        yield Event.BROKEN, f"link-{row.pk}-{since.isoformat()}", details


def _newer_schema(dataset: Dataset) -> Iterable[Happening]:
    row = newer_schema(dataset)
    if row is not None:
        details = {"schema": row.name, "version": row.version, "newer": row.newer}
        yield Event.SCHEMA, f"{row.name[-50:]} {row.newer[:20]}", details


def send_digests(day: date, progress: Progress = no_progress) -> int:
    """Write to each owner what stands and was never sent to them, in one mail that day; how many mails will leave.

    Nothing is written without a mail server: all that stands is told in one mail once there is one.
    """
    if not (settings.PARVIS["PARVIS_NOTICE_MAILS"] and mail_is_open()):
        return 0
    organisations = set(Notice.objects.filter(closed=None).values_list("dataset__organisation_id", flat=True))
    people = {person.pk: person for key in organisations for person in owners_of(key)}
    sent = 0
    for rank, person in enumerate(people.values()):
        progress("notices", rank, len(people))
        sent += _send(person, day)
    return sent


def _send(person: Person, day: date) -> bool:
    choices = notice_choices(person)
    if not choices.mail:
        return False
    with transaction.atomic():
        if Digest.objects.select_for_update().filter(person=person, day=day).exists():
            return False
        sent = Notice.objects.filter(digests__person=person)
        notices = list(notices_for(person, choices).filter(closed=None).exclude(pk__in=sent.values("pk")))
        if not notices:
            return False
        digest = Digest.objects.create(person=person, day=day)
        digest.notices.set(notices)
        write_to_person(person, DIGEST, digest=digest.pk)
    return True


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is amiss with something that rests on datasets: whose it is, its name, ``mark`` which is the same until it is mended."""

    event: Event
    organisation: int
    target: str
    mark: str
    slug: str


def tell_troubles(kind: str, troubles: Iterable[Trouble]) -> int:
    """Write to who answers for each, once for each mark, of what they chose to be told, in one mail a person; how many mails.

    The mail (``kind``) is given the ``slugs`` of what is new to that person.
    """
    if not settings.PARVIS["PARVIS_NOTICE_MAILS"]:
        return 0
    by_person: dict[Person, list[Trouble]] = {}
    for trouble in troubles:
        for person in owners_of(trouble.organisation):
            by_person.setdefault(person, []).append(trouble)
    return sum(_tell(kind, person, rows) for person, rows in by_person.items())


def _tell(kind: str, person: Person, troubles: Iterable[Trouble]) -> bool:
    choices = notice_choices(person)
    mailed = [trouble for trouble in troubles if choices.mail and trouble.event in choices.events]
    with transaction.atomic():
        slugs = [row.slug for row in mailed if is_first_time(person, kind, row.target, row.mark)]
        if slugs:
            write_to_person(person, kind, slugs=slugs)
    return bool(slugs)


def tell_owners_today(kind: str, organisation_id: int, **facts: Any) -> int:
    """Write to who answers for an organisation that something waits for them, once a day at most for each kind; how many mails.

    The mail is given ``organisation`` and ``facts``; it says what waits when it leaves. None is written without a mail server.
    """
    if not (settings.PARVIS["PARVIS_NOTICE_MAILS"] and mail_is_open()):
        return 0
    day, sent = timezone.localdate().isoformat(), 0
    for person in owners_of(organisation_id):
        with transaction.atomic():
            if notice_choices(person).mail and is_first_time(person, kind, str(organisation_id), day):
                write_to_person(person, kind, organisation=organisation_id, **facts)
                sent += 1
    return sent


def _require_own(actor: Actor, person: Person) -> None:
    if actor.read_only or actor.person_id != person.pk:
        raise Forbidden(action="choisir les avis d’une autre personne")


def choose_notices(actor: Actor, person: Person, **chosen: bool) -> NoticeChoices:
    """Keep what a person wants to be told of (``mail`` and the events); nobody chooses for another."""
    _require_own(actor, person)
    choices, _created = NoticeChoices.objects.update_or_create(person=person, defaults=chosen)
    record(actor.name, actor.person_id, "notices.choose", "person", str(person.pk), **chosen)
    return choices


def feed_of(actor: Actor, person: Person, *, renew: bool = False) -> NoticeChoices:
    """The choices of a person with the key of their feed, made at first need; ``renew`` closes the former address."""
    _require_own(actor, person)
    choices, _created = NoticeChoices.objects.get_or_create(person=person)
    if renew:
        choices.feed_key = new_feed_key()
        choices.save(update_fields=["feed_key"])
        record(actor.name, actor.person_id, "notices.renew-feed", "person", str(person.pk))
    return choices
