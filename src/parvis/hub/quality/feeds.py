"""Live feeds: a silence is told within minutes, once, and so is its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.notifications.changes import fell_silent, heard_again
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.quality.kinds import FEED_BACK, FEED_SILENT
from parvis.hub.quality.models import Feed
from parvis.hub.quality.selectors import notice_choices, owners_of

LEAST_MINUTES, MOST_MINUTES = 2, 14 * 24 * 60
"""Below, a look every half a minute would be late; beyond, the announced frequency tells it."""
PAUSE = timedelta(hours=6)
"""Between two tellings of silences of one feed, should it come and go."""

_looks: list[datetime] = []
"""When this process looked first: before, nobody could have heard a feed that asks us."""


class BadFeedMinutes(RequestError):
    """A number of minutes that cannot be watched."""

    code: ClassVar[str] = "feed-minutes"
    sentence: ClassVar[str] = gettext_noop("Un flux se surveille de {least} à {most} minutes.")
    advice: ClassVar[str] = gettext_noop("Au-delà, annoncez plutôt sa fréquence sur la fiche du jeu de données.")


def feeds_managed_by(actor: Actor) -> QuerySet[Feed]:
    """Those of the datasets that the actor edits."""
    keys = datasets_managed_by(actor).order_by().values("pk")
    return Feed.objects.select_related("dataset__organisation").filter(dataset__in=keys)


def watch_feed(actor: Actor, dataset: Dataset, minutes: int) -> Feed:
    """Expect something new of a dataset within so many minutes, from now on; BadFeedMinutes."""
    require(actor, "edit", dataset.organisation_id, f"surveiller « {dataset.title} »")
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise BadFeedMinutes(least=LEAST_MINUTES, most=MOST_MINUTES)
    with transaction.atomic():
        facts = {"minutes": minutes, "silent_since": None, "told_of": None}
        feed, _made = Feed.objects.update_or_create(dataset=dataset, defaults=facts)
        record(actor.name, actor.person_id, "feed.watch", "dataset", dataset.dataset_id, minutes=minutes)
    return feed


def leave_feed(actor: Actor, dataset: Dataset) -> None:
    """Watch it no more."""
    require(actor, "edit", dataset.organisation_id, f"surveiller « {dataset.title} »")
    with transaction.atomic():
        if Feed.objects.filter(dataset=dataset).delete()[0]:
            record(actor.name, actor.person_id, "feed.leave", "dataset", dataset.dataset_id)


def heard(dataset: Dataset, moment: datetime | None = None) -> None:
    """Note that rows came otherwise than as a version; cheap, for who takes thousands."""
    Feed.objects.filter(dataset=dataset).update(heard=moment or timezone.now())


def last_sign(feed: Feed) -> datetime | None:
    """When something of it came last; None when nothing ever did."""
    signs = [moment for moment in (feed.heard, feed.dataset.data_modified) if moment is not None]
    return max(signs, default=None)


def look_at_feeds(now: datetime | None = None, since: datetime | None = None) -> int:
    """Tell what went silent and what came back; how many were told. ``since`` is when this process began to look.

    A portal that was stopped accuses no feed of not having reached it: a silence is counted from its start at the earliest.
    """
    now = now or timezone.now()
    if not _looks:
        _looks.append(now)
    begun, count = since or _looks[0], 0
    for feed in Feed.objects.filter(dataset__status=Status.PUBLISHED).select_related("dataset"):
        sign = last_sign(feed)
        is_silent = now - max(sign or begun, begun) > timedelta(minutes=feed.minutes)
        if is_silent and feed.silent_since is None:
            count += _fell_silent(feed, sign or begun, now)
        elif feed.silent_since is not None and sign is not None and sign > feed.silent_since:
            count += _came_back(feed, sign)
    return count


def _fell_silent(feed: Feed, since: datetime, now: datetime) -> bool:
    with transaction.atomic():
        # Whoever moves it tells, should two processes look at once.
        if not Feed.objects.filter(pk=feed.pk, silent_since=None).update(silent_since=since):
            return False
        if feed.told is not None and now - feed.told < PAUSE:
            return False
        Feed.objects.filter(pk=feed.pk).update(told=now, told_of=since)
        fell_silent(feed.dataset, since)
        return _tell(feed, FEED_SILENT, since=since.isoformat())


def _came_back(feed: Feed, sign: datetime) -> bool:
    with transaction.atomic():
        facts = {"silent_since": None, "told_of": None}
        if not Feed.objects.filter(pk=feed.pk, silent_since=feed.silent_since).update(**facts):
            return False
        if feed.told_of is None:
            return False
        heard_again(feed.dataset, feed.told_of, sign)
        return _tell(feed, FEED_BACK, since=feed.told_of.isoformat(), at=sign.isoformat())


def _tell(feed: Feed, kind: str, **facts: str) -> bool:
    if not (settings.PARVIS["PARVIS_NOTICE_MAILS"] and mail_is_open()):
        return False
    for person in owners_of(feed.dataset.organisation_id):
        choices = notice_choices(person)
        if choices.mail and choices.broken:
            write_to_person(person, kind, feed=feed.pk, **facts)
    return True
