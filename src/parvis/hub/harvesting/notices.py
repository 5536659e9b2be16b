"""Mails: to those who answer for a source that is read no more, and to those whose dataset another source takes over."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.errors import stored_error
from parvis.core.fetching.addresses import without_secrets
from parvis.core.translation import SOURCE
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Role
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.models import Item, Run, Source
from parvis.hub.harvesting.rules import FAILING, TAKEN_OVER, TOLD_AFTER
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.ui.formatting import instant


def tell_failing(run: Run) -> None:
    """Write to those who administer the organisation once its source has failed so many times in a row, not each time."""
    if Source.objects.filter(pk=run.source_id, failures=TOLD_AFTER).exists():
        for person in administrators(run.source.organisation_id):
            write_to_person(person, FAILING, run=run.pk)


def administrators(organisation: int) -> list[Person]:
    """Those who answer for an organisation."""
    roles = {"memberships__organisation": organisation, "memberships__role": Role.ADMINISTRATOR}
    return list(Person.objects.filter(is_active=True, **roles).distinct())


def owners_to_tell(dataset: Dataset, proposer: int | None) -> list[Person]:
    """Those who answer for a dataset, besides who wants another source to take it over."""
    return [person for person in administrators(dataset.organisation_id) if person.pk != proposer]


def failing(mail: Outgoing) -> Message | None:
    """Why it is read no more; None when it is again, or the source is gone."""
    run = (
        Run.objects.select_related("source__organisation").filter(pk=mail.facts["run"], source__failures__gt=0).first()
    )
    if run is None:
        return None
    message, remedy = stored_error(run.error, get_language() or SOURCE)
    facts = {
        "source": run.source.title,
        "organisation": run.source.organisation.name,
        "problem": message,
        "remedy": remedy,
        "address": canonical(reverse("harvesting:run", args=[run.pk])),
    }
    return Message(_("Une source ne se lit plus : %s") % run.source.title, facts)


def taken_over(mail: Outgoing) -> Message | None:
    """Which dataset, by which source, and until when that can be prevented; None when it was given up."""
    items = Item.objects.select_related("source", "twin").filter(takes_over__isnull=False, twin__isnull=False)
    item = items.filter(pk=mail.facts["item"]).first()
    if item is None or item.twin is None or item.takes_over is None:
        return None
    facts = {
        "dataset": item.twin.title,
        "source": item.source.title,
        "url": without_secrets(item.source.url),
        "by": mail.facts["by"],
        "moment": instant(item.takes_over),
        "address": canonical(reverse("harvesting:takeover", args=[item.pk])),
    }
    return Message(_("Une autre source va tenir à jour « %s »") % item.twin.title, facts)


NOTICES = (
    NoticeKind(slug=FAILING, message=failing, template="harvesting/mails/failing"),
    NoticeKind(slug=TAKEN_OVER, message=taken_over, template="harvesting/mails/taken_over"),
)
