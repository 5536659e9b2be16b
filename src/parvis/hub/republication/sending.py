"""One sending of an organisation: dataset after dataset, as long as it may last; how it ended is noted, and when the next is tried."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from parvis.core.errors import Cancelled, ParvisError, error_row
from parvis.core.progress import Progress
from parvis.hub.accounts.encryption import decrypted
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.audit.services import record
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.republication import rules
from parvis.hub.republication.asking import ask_at
from parvis.hub.republication.items import Sending, handle
from parvis.hub.republication.kinds import STOPPED
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.package import is_service_key
from parvis.hub.republication.plan import Gesture
from parvis.hub.republication.rules import NoLongerPublic, Outcome, Scope, SendingFailed, TakenOver, UnreadableKey
from parvis.hub.republication.selection import Wish, wishes_of
from parvis.hub.republication.udata import Udata

MOVING = frozenset({Gesture.CREATE, Gesture.CLOSE, Gesture.DELETE})
"""What is done to datasets and changes what services may say that they serve."""
QUIET = frozenset({Outcome.UNCHANGED, Outcome.LEFT})
"""Outcomes that change nothing there."""
DONE = frozenset({Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED})
"""Those of which the portal surely answered: a sending that had one got further than the one before."""


def send_portal(
    key: int, progress: Progress, *, dry: bool = False, pressed: bool = False, everything: bool = True
) -> None:
    """Send what changed of an organisation, or, ``dry``, only note what would be sent.

    ``everything`` compares each dataset again; without it, those that are due, or were never looked at. Nothing while a former failure
    asks to wait, unless somebody ``pressed`` the button; nothing for one out of service. One at a time: another that is under way puts it
    off by a minute. Errors are noted, not raised, but those that end the job itself.
    """
    portal = Portal.objects.select_related("organisation").filter(pk=key).first()
    if portal is None or not (portal.active or dry):
        return
    if portal.due and portal.due > timezone.now() and not pressed:
        return
    if not _take(portal):
        if dry or portal.active:
            _put_off(portal, dry=dry, pressed=pressed, everything=everything)
        return
    counts: Counter[str] = Counter()
    sending = None
    try:
        secret = decrypted(portal.key, purpose=rules.PURPOSE)
        if secret is None:
            raise UnreadableKey
        client = Udata(portal.address, secret, lambda: _go_on(portal))
        sending = Sending(portal, client, client.organisation(portal.remote_organisation), dry)
        _send_all(sending, counts, progress, everything=everything)
    except Cancelled:
        raise
    except TakenOver:
        return
    except ParvisError as error:
        _note_failure(portal, error, sending, counts, dry=dry)
    else:
        _note_end(portal, sending, counts, dry=dry)
    finally:
        Portal.objects.filter(pk=portal.pk, holder=portal.holder).update(busy_until=None, holder="")


def _take(portal: Portal) -> bool:
    free = Q(busy_until=None) | Q(busy_until__lt=timezone.now())
    portal.holder = secrets.token_hex(12)
    until = timezone.now() + rules.LEASE
    return bool(Portal.objects.filter(free, pk=portal.pk).update(busy_until=until, holder=portal.holder))


def _go_on(portal: Portal) -> None:
    """Before each request: still ours; TakenOver when this process slept so long that another goes on, or the settings are gone."""
    until = timezone.now() + rules.LEASE
    if not Portal.objects.filter(pk=portal.pk, holder=portal.holder).update(busy_until=until):
        raise TakenOver


def _put_off(portal: Portal, *, dry: bool, pressed: bool, everything: bool) -> None:
    moment = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=2)
    ask_at(portal.pk, moment, dry=dry, pressed=pressed, everything=everything)


def _send_all(sending: Sending, counts: Counter[str], progress: Progress, *, everything: bool) -> None:
    """Each dataset that is to be looked at, those that waited longest first; then the services, which say which datasets they serve."""
    started, rows = time.monotonic(), rows_of(sending.portal)
    services = [row for row in rows if row[1].is_service]
    if everything and not sending.dry:  # what this one has no time for is due for the next
        _make_due(rows)
    try:
        _send_rows(
            sending, counts, progress, _to_do([row for row in rows if not row[1].is_service], everything), started
        )
    finally:
        if not sending.dry and MOVING & set(sending.gestures):  # what services serve there is not what it was
            _make_due(services)
    _send_rows(sending, counts, progress, _to_do(services, everything), started)


def _make_due(rows: list[tuple[Wish, Copy]]) -> None:
    now = timezone.now()
    Copy.objects.filter(pk__in=[copy.pk for _wish, copy in rows if copy.pk]).update(due=now)
    for _wish, copy in rows:
        copy.due = now if copy.pk else None


def _to_do(rows: list[tuple[Wish, Copy]], everything: bool) -> list[tuple[Wish, Copy]]:
    now = timezone.now()
    rows = [row for row in rows if everything or row[1].checked is None or (row[1].due and row[1].due <= now)]
    return sorted(rows, key=lambda row: row[1].checked or datetime.min.replace(tzinfo=UTC))


def _send_rows(
    sending: Sending, counts: Counter[str], progress: Progress, rows: list[tuple[Wish, Copy]], started: float
) -> None:
    """One after the other; what there is no time for goes with the next sending."""
    for number, (wish, copy) in enumerate(rows):
        if counts and time.monotonic() - started > rules.MOST_SECONDS:
            sending.left += len(rows) - number
            break
        progress("publish", counts.total())
        counts[str(handle(sending, wish, copy))] += 1


def rows_of(portal: Portal) -> list[tuple[Wish, Copy]]:
    """Each dataset with what is known of it there, under whatever name; those that are no longer wished for, to be taken away."""
    copies = list(portal.copies.select_related("source"))
    by_source = {copy.source_id: copy for copy in copies if copy.source_id}
    by_key = {copy.dataset_id: copy for copy in copies}
    rows: list[tuple[Wish, Copy]] = []
    for wish in wishes_of(portal):
        copy = (by_source.get(wish.source.pk) if wish.source else None) or by_key.get(wish.key)
        if copy is None:
            is_wanted = portal.services if is_service_key(wish.key) else portal.scope != Scope.NONE
            if wish.make is None and not is_wanted:
                continue
            copy = Copy(portal=portal)
        copy.dataset_id, copy.source, copy.title = wish.key, wish.source, wish.title[:350]
        rows.append((wish, copy))
    wished = {copy.pk for _wish, copy in rows}
    gone = [copy for copy in copies if copy.pk not in wished]
    return [*((Wish(copy.dataset_id, copy.title, reason=NoLongerPublic()), copy) for copy in gone), *rows]


def _report(sending: Sending | None, counts: Mapping[str, int]) -> dict[str, Any]:
    gestures = sending.gestures if sending else []
    return {
        "at": timezone.now().isoformat(),
        "counts": dict(counts),
        "gestures": dict(Counter(map(str, gestures))),
        "left": sending.left if sending else 0,
    }


def _has_changed(sending: Sending, counts: Mapping[str, int]) -> bool:
    return bool(sending.gestures) or any(counts.get(name) for name in Outcome if name not in QUIET)


def _note_end(portal: Portal, sending: Sending, counts: Mapping[str, int], *, dry: bool) -> None:
    """The datasets that were refused are told as the portal's own trouble, unless the whole goes wrong for another reason."""
    row = Portal.objects.filter(pk=portal.pk)
    if dry:
        row.update(trial=_report(sending, counts), error=None)
        return
    first = next((error for _copy, error in sending.errors), None)
    is_new = first is not None and (portal.error or {}).get("code") != first.code
    with transaction.atomic():
        row.update(error=error_row(first) if first else None, failures=0, due=None, trial=None, sent=timezone.now())
        if _has_changed(sending, counts):
            row.update(report=_report(sending, counts))
            _journal(portal, sending, counts)
        lasting = [copy for copy, error in sending.errors if not _mends(error) or copy.failures == rules.TOLD_AFTER]
        if (is_new and lasting) or any(copy.failures == rules.TOLD_AFTER for copy in lasting):
            _tell(portal)
    _ask_for_next(portal, sending)


def _ask_for_next(portal: Portal, sending: Sending) -> None:
    """The rest in a minute, and each dataset that was refused when it is due."""
    now = timezone.now()
    due = portal.copies.filter(due__isnull=False).aggregate(first=Min("due"))["first"]
    if sending.left:
        due = now
    if due is not None:
        ask_at(portal.pk, max(due, now + timedelta(minutes=1)), everything=False)


def _mends(error: ParvisError) -> bool:
    return isinstance(error, SendingFailed) and error.mends


def _note_failure(
    portal: Portal, error: ParvisError, sending: Sending | None, counts: Mapping[str, int], *, dry: bool
) -> None:
    """Keep why, wait longer after each failure in a row that got nowhere, and write to who administers when it is theirs to mend."""
    row = Portal.objects.filter(pk=portal.pk)
    if dry:
        row.update(error=error_row(error), trial=None)
        return
    mends = _mends(error)
    got_further = sending is not None and (sending.gestures or any(counts.get(name) for name in DONE))
    failures = 1 if got_further else portal.failures + 1
    wait = rules.WAITS[min(failures, len(rules.WAITS)) - 1] if mends else rules.LONGEST_WAIT
    wait = max(wait, timedelta(seconds=error.seconds if isinstance(error, SendingFailed) else 0))
    due = timezone.now() + wait
    is_new = (portal.error or {}).get("code") != error.code
    with transaction.atomic():
        row.update(error=error_row(error), failures=failures, due=due)
        if sending is not None and _has_changed(sending, counts):
            row.update(report=_report(sending, counts))
            _journal(portal, sending, counts)
        if failures == rules.TOLD_AFTER if mends else is_new:
            _tell(portal)
    # What was not reached is due: what was compared before the failure is not compared again, or a slow pace would never let it end.
    ask_at(portal.pk, due, everything=sending is None)


def _journal(portal: Portal, sending: Sending, counts: Mapping[str, int]) -> None:
    details = {"name": str(portal.organisation), "address": portal.address, "datasets": dict(counts)}
    details |= Counter(map(str, sending.gestures))
    record(OPERATOR.name, None, "republication.send", "republication", str(portal.pk), **details)


def _tell(portal: Portal) -> None:
    people = Person.objects.filter(
        is_active=True,
        memberships__organisation=portal.organisation_id,
        memberships__role=Role.ADMINISTRATOR,
    )
    for person in people.distinct():
        write_to_person(person, STOPPED, portal=portal.pk)
