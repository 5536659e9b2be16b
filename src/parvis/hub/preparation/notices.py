"""The mail to who administers a dataset, when what it is made of changed."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.hub.addresses import canonical
from parvis.hub.catalogue.models import Dataset
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.preparation.kinds import CHANGED


def changed(mail: Outgoing) -> Message | None:
    """Which dataset, what changed, what went wrong if something did; None when either is gone."""
    child = Dataset.objects.filter(pk=mail.facts["dataset"]).first()
    source = Dataset.objects.filter(dataset_id=mail.facts["source"]).first()
    if child is None or source is None:
        return None
    facts = {
        "title": child.title,
        "source": source.title,
        "problem": mail.facts.get("problem", ""),
        "address": canonical(reverse("backoffice:dataset_versions", args=[child.dataset_id])),
    }
    return Message(_("« %s » a changé : à refaire ?") % source.title, facts)


NOTICES = (NoticeKind(slug=CHANGED, message=changed, template="preparation/mails/changed"),)
