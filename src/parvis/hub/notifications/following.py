"""Following a dataset: by mail at once or once a week, and by a feed that modules add their news to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import public_dataset, published_versions
from parvis.hub.notifications.changes import FOLLOWED, breaking_columns, changes_of, heading, sentences
from parvis.hub.notifications.models import Outgoing, Subscription
from parvis.hub.notifications.outbox import write_to_subscriber
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.notifications.selectors import mail_is_open, subscriptions_to, target_of
from parvis.hub.registry import DatasetSection, modules
from parvis.hub.sites.lens import looking_through
from parvis.hub.ui.atom import FEED_LENGTH, Entry
from parvis.hub.ui.formatting import instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parvis.hub.accounts.rules import Actor
    from parvis.hub.catalogue.models import Version

FOLLOW = FOLLOWED
"""The kind of the subscriptions that are told at once, and of the mails of new versions."""
FOLLOW_WEEKLY = "dataset-week"
"""That of those told once a week."""
WEEK = timedelta(days=7)
MOST_IN_A_MAIL = 20
"""Pieces of news of a weekly mail."""
PAUSE = timedelta(days=1)
"""Between two mails of versions of one dataset: corrections and sensors make many of them in a day."""


def tell_followers(dataset: Dataset, kind: str, **facts: Any) -> int:
    """Have who follows a dataset told something, by a mail of any kind; how many. Part of the caller's transaction."""
    followers = list(subscriptions_to(FOLLOW, str(dataset.pk)))
    for subscription in followers:
        write_to_subscriber(subscription, kind, **facts)
    return len(followers)


def version_published(dataset: Dataset, version: Version, **_facts: Any) -> None:
    """A version became the one that readers see: told now when no other did within ``PAUSE``, or when it may break what was written for
    the former one; else once, at the end of that time."""
    now = timezone.now()
    if (
        breaking_columns(dataset, version.name) is not None
        or not dataset.versions.filter(published__gt=now - PAUSE).exclude(pk=version.pk).exists()
    ):
        tell_followers(dataset, FOLLOW, version=version.name)
        return
    followers = subscriptions_to(FOLLOW, str(dataset.pk))
    waiting = Outgoing.objects.filter(kind=FOLLOW, subscription__in=followers, attempts=0, due__gt=now)
    for subscription in followers.exclude(pk__in=waiting.values("subscription")):
        write_to_subscriber(subscription, FOLLOW, due=now + PAUSE)


def open_to_all(subscription: Subscription) -> Dataset | None:
    """The dataset that is followed, as long as anybody reads it."""
    dataset = target_of(subscription)
    if dataset is None:
        return None
    try:
        with looking_through(None):
            return public_dataset(ANONYMOUS, dataset.dataset_id)
    except NotFound:
        return None


def _wish(subscription: Subscription) -> str:
    title = target_of(subscription).title
    return _(
        "un courriel quand « %(title)s » a une nouvelle version, un par jour au plus, quand ses colonnes ou sa licence changent, "
        "quand il est retiré ou ne reçoit plus rien, et à chaque message de ses discussions"
    ) % {"title": title}


def _message(mail: Outgoing) -> Message | None:
    dataset = open_to_all(mail.asked)
    if dataset is None or dataset.current is None:
        return None
    if mail.facts.get("version", dataset.current.name) != dataset.current.name:
        return (
            None  # there is a newer one, which has a mail of its own; one that waited names none, and tells the latest
        )
    change = breaking_columns(dataset, dataset.current.name)
    facts = {
        "dataset": dataset,
        "sentences": sentences(change) if change is not None else [],
        "day": instant(dataset.current.created),
        "comment": dataset.current.comment,
        "address": canonical(dataset.get_absolute_url()),
    }
    return Message(
        heading(change, dataset.title) if change is not None else _("Nouvelle version : %s") % dataset.title, facts
    )


NOTICE = NoticeKind(slug=FOLLOW, message=_message, template="notifications/mails/version", wish=_wish, about=Dataset)


def _weekly_wish(subscription: Subscription) -> str:
    title = target_of(subscription).title
    return _("un courriel par semaine, quand il y a du nouveau, sur « %(title)s »") % {"title": title}


def _weekly_message(mail: Outgoing) -> Message | None:
    dataset = open_to_all(mail.asked)
    if dataset is None:
        return None
    since = timezone.now() - WEEK
    entries = [entry for entry in entries_of(dataset) if entry.published > since]
    if not entries:
        return None
    rows = [(entry.title, entry.text, entry.address, instant(entry.published)) for entry in entries[:MOST_IN_A_MAIL]]
    facts = {"dataset": dataset, "rows": rows, "address": canonical(dataset.get_absolute_url())}
    return Message(_("La semaine de « %s »") % dataset.title, facts)


WEEK_NOTICE = NoticeKind(
    slug=FOLLOW_WEEKLY,
    message=_weekly_message,
    template="notifications/mails/week",
    wish=_weekly_wish,
    about=Dataset,
    weekly=True,
)


def entries_of(dataset: Dataset) -> list[Entry]:
    """What happened to a dataset, the latest first: its versions, and what changed, and what modules tell."""
    page = canonical(dataset.get_absolute_url())
    entries = [
        Entry(
            title=_("Nouvelle version : %s") % dataset.title,
            address=f"{page}information/",
            text=version.comment or version.original,
            author=dataset.organisation.name,
            published=version.created,
            identifier=f"{page}versions/{version.name}/",
        )
        for version in published_versions(dataset)[:FEED_LENGTH]
    ]
    entries += [
        Entry(
            title=heading(change, dataset.title),
            address=f"{page}information/",
            text=" ".join(sentences(change)),
            author=dataset.organisation.name,
            published=change.moment,
            identifier=f"{page}information/#{change.kind}-{change.pk}",
        )
        for change in changes_of(dataset, FEED_LENGTH)
    ]
    for module in modules():
        if module.dataset_news is not None:
            entries += module.dataset_news(dataset)
    return sorted(entries, key=lambda entry: entry.published, reverse=True)[:FEED_LENGTH]


def _facts(dataset: Dataset, actor: Actor) -> Mapping[str, Any] | None:
    address = reverse("dataset-follow", kwargs={"dataset_id": dataset.dataset_id})
    return {"mail_is_open": mail_is_open(), "address": address, "feed": f"{address}flux.atom"}


SECTION = DatasetSection("notifications/follow.html", _facts)
