"""The mail of the day: what stands, dataset by dataset, and how to be told less."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import ngettext

from parvis.hub.addresses import absolute_url
from parvis.hub.notifications.mails import site_name
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.quality.kinds import DIGEST
from parvis.hub.quality.messages import event_name, notice_sentence
from parvis.hub.quality.models import Digest, Notice


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


NOTICES = (NoticeKind(slug=DIGEST, message=_message, template="quality/mails/digest", ended=_ended),)
