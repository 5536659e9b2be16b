"""The mail of the day: what stands, dataset by dataset, and how to be told less."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.hub.addresses import absolute_url
from parvis.hub.notifications.mails import site_name
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.quality.kinds import DIGEST, FEED_BACK, FEED_SILENT
from parvis.hub.quality.messages import event_name, notice_sentence
from parvis.hub.quality.models import Digest, Feed, Notice
from parvis.hub.ui.formatting import instant, number


def _message(mail: Outgoing) -> Message | None:
    """What of the day still stands when the mail leaves; None when all of it is settled."""
    standing = Notice.objects.filter(closed=None).select_related("dataset")
    digest = Digest.objects.prefetch_related(Prefetch("notices", standing)).filter(pk=mail.facts["digest"]).first()
    if digest is None:
        return None
    datasets: dict[str, dict[str, Any]] = {}
    for notice in digest.notices.all():
        dataset = notice.dataset
        address = absolute_url(f"{dataset.get_absolute_url()}quality/")
        row = datasets.setdefault(dataset.dataset_id, {"title": dataset.title, "address": address, "told": []})
        row["told"].append((event_name(notice.event), notice_sentence(notice)))
    if not datasets:
        return None
    subject = ngettext(
        "%(portal)s : un jeu de données demande votre attention",
        "%(portal)s : %(count)s jeux de données demandent votre attention",
        len(datasets),
    ) % {"portal": site_name(), "count": len(datasets)}
    return Message(subject, {"datasets": datasets.values()})


def _ended(mail: Outgoing, sent: bool) -> None:
    """A mail that was given up is as if it had never been written: what it told is told the next day."""
    digest = Digest.objects.filter(pk=mail.facts["digest"])
    if sent:
        digest.update(sent=timezone.now())
    else:
        digest.delete()


def _silent(mail: Outgoing) -> Message | None:
    """A feed that is silent, while it is."""
    feed = _feed(mail)
    if feed is None or feed.silent_since is None:
        return None
    since = instant(datetime.fromisoformat(mail.facts["since"]))
    words = _(
        "Plus rien n’arrive de « %(title)s » depuis le %(since)s ; du nouveau était attendu toutes les %(minutes)s minutes au plus."
    )
    return _about(feed, _("Flux silencieux : %s"), words % {**_names(feed), "since": since})


def _back(mail: Outgoing) -> Message | None:
    """A feed that is heard again."""
    feed = _feed(mail)
    if feed is None:
        return None
    moments = {name: instant(datetime.fromisoformat(mail.facts[name])) for name in ("since", "at")}
    words = _("« %(title)s » est de retour depuis le %(at)s. Le silence avait commencé le %(since)s.")
    return _about(feed, _("Flux de retour : %s"), words % {**_names(feed), **moments})


def _feed(mail: Outgoing) -> Feed | None:
    return Feed.objects.select_related("dataset").filter(pk=mail.facts["feed"]).first()


def _names(feed: Feed) -> dict[str, Any]:
    return {"title": feed.dataset.title, "minutes": number(feed.minutes)}


def _about(feed: Feed, subject: str, words: str) -> Message:
    address = absolute_url(feed.dataset.get_absolute_url())
    return Message(subject % feed.dataset.title, {"words": words, "address": address})


NOTICES = (
    NoticeKind(slug=DIGEST, message=_message, template="quality/mails/digest", ended=_ended),
    NoticeKind(slug=FEED_SILENT, message=_silent, template="quality/mails/feed"),
    NoticeKind(slug=FEED_BACK, message=_back, template="quality/mails/feed"),
)
