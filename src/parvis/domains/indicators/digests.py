"""What leaves by itself each day: notices to owners whose source went silent, and the digest of the week."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Outgoing, SourceNotice, Subscription
from parvis.domains.indicators.posting import post_soon
from parvis.domains.indicators.selectors import Seen
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.quality.selectors import notice_choices, owners_of


def week_of(day: date) -> str:
    """``2026-W48``: the ISO week."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def ask_for_digests(day: date) -> int:
    """Write down the digests of a week, from its Monday on, once for each subscription; how many."""
    week, count = week_of(day), 0
    waiting = Subscription.objects.filter(indicator=None, confirmed__isnull=False).exclude(last_week=week)
    for one in waiting.exclude(confirmed__date__gt=_monday(day)):
        with transaction.atomic():
            if Subscription.objects.filter(pk=one.pk).exclude(last_week=week).update(last_week=week):
                Outgoing.objects.create(kind=Outgoing.Kind.DIGEST, subscription=one, due=timezone.now())
                count += 1
    if count:
        post_soon()
    return count


def _monday(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())


def silent_of(one: Seen) -> str:
    """The mark of what is amiss with a source now, the same until it is mended; empty when all is well."""
    trouble = one.indicator.trouble
    if trouble:
        return f"missing-{trouble.get('code')}-{str(trouble.get('since'))[:10]}"[:60]
    return f"late-{one.data_date}" if one.is_late else ""


def tell_owners() -> int:
    """Tell those who answer for an indicator that its source is late or missing, once, in one mail a day; how many mails."""
    if not settings.PARVIS["PARVIS_NOTICE_MAILS"]:
        return 0
    silent = [one for one in selectors.seen(OPERATOR, selectors.indicators_published()) if silent_of(one)]
    by_person: dict[int, list[Seen]] = {}
    people: dict[int, Person] = {}
    for one in silent:
        for person in owners_of(one.indicator.organisation_id):
            people[person.pk] = person
            by_person.setdefault(person.pk, []).append(one)
    sent = sum(_tell(people[key], rows) for key, rows in by_person.items())
    if sent:
        post_soon()
    return sent


def _tell(person: Person, rows: list[Seen]) -> bool:
    choices = notice_choices(person)
    wanted = [one for one in rows if choices.mail and (choices.broken if one.indicator.trouble else choices.late)]
    with transaction.atomic():
        new = [one.indicator.slug for one in wanted if _is_new(person, one)]
        if new:
            Outgoing.objects.create(kind=Outgoing.Kind.SOURCE, person=person, facts={"slugs": new}, due=timezone.now())
    return bool(new)


def _is_new(person: Person, one: Seen) -> bool:
    try:
        with transaction.atomic():
            SourceNotice.objects.create(indicator=one.indicator, person=person, mark=silent_of(one))
    except IntegrityError:
        return False
    return True
