"""Telling those who answer for an indicator that its source is late or missing: once, in one mail a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from parvis.domains.indicators import selectors
from parvis.domains.indicators.kinds import SOURCE
from parvis.domains.indicators.selectors import Seen
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.notifications.services import is_first_time
from parvis.hub.quality.selectors import notice_choices, owners_of

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Person


def silent_of(seen: Seen) -> str:
    """The mark of what is amiss with a source now, the same until it is mended; empty when all is well."""
    trouble = seen.indicator.trouble
    if trouble:
        return f"missing-{trouble.get('code')}-{str(trouble.get('since'))[:10]}"[:60]
    return f"late-{seen.data_date}" if seen.is_late else ""


def tell_owners() -> int:
    """Tell those who answer for an indicator that its source is late or missing, once, in one mail a day; how many mails."""
    if not settings.PARVIS["PARVIS_NOTICE_MAILS"]:
        return 0
    silent = [seen for seen in selectors.seen(OPERATOR, selectors.indicators_published()) if silent_of(seen)]
    by_person: dict[int, list[Seen]] = {}
    people: dict[int, Person] = {}
    for seen in silent:
        for person in owners_of(seen.indicator.organisation_id):
            people[person.pk] = person
            by_person.setdefault(person.pk, []).append(seen)
    return sum(_tell(people[key], rows) for key, rows in by_person.items())


def _tell(person: Person, rows: list[Seen]) -> bool:
    choices = notice_choices(person)
    wanted = [seen for seen in rows if choices.mail and (choices.broken if seen.indicator.trouble else choices.late)]
    with transaction.atomic():
        new = [
            seen.indicator.slug
            for seen in wanted
            if is_first_time(person, SOURCE, str(seen.indicator.pk), silent_of(seen))
        ]
        if new:
            write_to_person(person, SOURCE, slugs=new)
    return bool(new)
