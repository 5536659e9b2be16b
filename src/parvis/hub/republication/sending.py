"""One sending: what is there is read, compared, changed; how it ended is noted, and when the next is tried."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from parvis.core.errors import Cancelled, ParvisError, error_row
from parvis.core.progress import Progress
from parvis.hub.accounts.encryption import decrypted
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.audit.services import record
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.registry import modules
from parvis.hub.republication import rules
from parvis.hub.republication.asking import ask_at
from parvis.hub.republication.kinds import STOPPED
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.package import Package
from parvis.hub.republication.plan import Gesture, Remote, Step, steps
from parvis.hub.republication.rules import SendingFailed, UnreadableKey
from parvis.hub.republication.udata import Udata

type Made = list[tuple[Package, Step]]


def packages_of(organisation: Organisation) -> Iterator[Package]:
    """What modules have appear elsewhere of an organisation."""
    for module in modules():
        if module.republished is not None:
            yield from module.republished(organisation)


def send_portal(key: int, progress: Progress, *, dry: bool = False, pressed: bool = False) -> None:
    """Send what changed of an organisation, or, ``dry``, only note what would be sent.

    Nothing while a former failure asks to wait, unless somebody ``pressed`` the button; nothing for one out of service. One at a
    time: another that is under way puts it off by a minute. Errors are noted, not raised, but those that end the job itself.
    """
    portal = Portal.objects.select_related("organisation").filter(pk=key).first()
    if portal is None or not (portal.active or dry):
        return
    if portal.due and portal.due > timezone.now() and not pressed:
        return
    if not _take(portal):
        if dry or portal.active:
            _put_off(portal, dry=dry, pressed=pressed)
        return
    made: Made = []
    left = 0
    try:
        secret = decrypted(portal.key, purpose=rules.PURPOSE)
        if secret is None:
            raise UnreadableKey
        left = _send_all(portal, Udata(portal.address, secret), made, progress, dry=dry)
    except Cancelled:
        raise
    except ParvisError as error:
        _note_failure(portal, error, made, dry=dry)
    else:
        _note_end(portal, made, left, dry=dry)
    finally:
        Portal.objects.filter(pk=portal.pk).update(busy_until=None)


def _take(portal: Portal) -> bool:
    free = Q(busy_until=None) | Q(busy_until__lt=timezone.now())
    return bool(Portal.objects.filter(free, pk=portal.pk).update(busy_until=timezone.now() + rules.LEASE))


def _put_off(portal: Portal, *, dry: bool, pressed: bool) -> None:
    moment = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=2)
    ask_at(portal.pk, moment, dry=dry, pressed=pressed)


def _send_all(portal: Portal, client: Udata, made: Made, progress: Progress, *, dry: bool) -> int:
    """Everything of the organisation; how many changes are left for the next time."""
    organisation = client.organisation(portal.remote_organisation) if dry else ""
    left = 0
    for package in packages_of(portal.organisation):
        remote, organisation = _remote_of(portal, client, package, organisation)
        todo = steps(package, remote)
        for step in todo[: rules.MOST_STEPS]:
            progress("publish", len(made))
            if not dry:
                remote = _send_step(portal, client, package, step, remote, organisation)
            made.append((package, step))
        left += max(len(todo) - rules.MOST_STEPS, 0)
    return left


def _remote_of(portal: Portal, client: Udata, package: Package, organisation: str) -> tuple[Remote | None, str]:
    """The dataset there, which is looked for by what it says of ours when its identifier is lost, and the organisation there."""
    copy = portal.copies.filter(dataset_id=package.key).first()
    remote = client.dataset(copy.remote_id) if copy else None
    if remote is None:
        organisation = organisation or client.organisation(portal.remote_organisation)
        identifier = client.dataset_of_page(organisation, package.page)
        remote = client.dataset(identifier) if identifier else None
    if remote is not None:
        _remember(portal, package, remote)
    return remote, organisation


def _send_step(
    portal: Portal, client: Udata, package: Package, step: Step, remote: Remote | None, organisation: str
) -> Remote | None:
    time.sleep(rules.PAUSE)
    Portal.objects.filter(pk=portal.pk).update(busy_until=timezone.now() + rules.LEASE)
    if remote is None:
        remote = client.create(organisation, step.body)
        _remember(portal, package, remote)
        return remote
    match step.gesture:
        case Gesture.CARD:
            client.change(remote.identifier, step.body)
        case Gesture.REMOVE:
            client.remove_resource(remote.identifier, step.resource)
        case Gesture.CHANGE:
            client.change_resource(remote.identifier, step.resource, step.body)
        case _:
            client.add_resource(remote.identifier, step.body)
    return remote


def _remember(portal: Portal, package: Package, remote: Remote) -> None:
    columns = {"remote_id": remote.identifier, "page": remote.page}
    Copy.objects.update_or_create(portal=portal, dataset_id=package.key, defaults=columns)


def _report(made: Sequence[tuple[Package, Step]], left: int = 0) -> Mapping[str, Any]:
    return {
        "at": timezone.now().isoformat(),
        "counts": Counter(str(step.gesture) for _package, step in made),
        "steps": [[str(step.gesture), step.title] for _package, step in made[: rules.MOST_SHOWN]],
        "left": left + max(len(made) - rules.MOST_SHOWN, 0),
    }


def _note_end(portal: Portal, made: Made, left: int, *, dry: bool) -> None:
    row = Portal.objects.filter(pk=portal.pk)
    if dry:
        row.update(trial=_report(made, left), error=None)
        return
    with transaction.atomic():
        row.update(error=None, failures=0, due=None, sent=timezone.now(), trial=None)
        if made:
            row.update(report=_report(made, left))
            _journal(portal, made)
    if left:
        ask_at(portal.pk, timezone.now() + timedelta(minutes=5))


def _note_failure(portal: Portal, error: ParvisError, made: Made, *, dry: bool) -> None:
    """Keep why, wait longer after each failure, and write to who administers when it is theirs to mend."""
    row = Portal.objects.filter(pk=portal.pk)
    if dry:
        row.update(error=error_row(error), trial=None)
        return
    mends = isinstance(error, SendingFailed) and error.mends
    failures = portal.failures + 1
    wait = rules.WAITS[min(failures, len(rules.WAITS)) - 1] if mends else rules.LONGEST_WAIT
    wait = max(wait, timedelta(seconds=error.seconds if isinstance(error, SendingFailed) else 0))
    due = timezone.now() + wait
    is_new = (portal.error or {}).get("code") != error.code
    with transaction.atomic():
        row.update(error=error_row(error), failures=F("failures") + 1, due=due)
        if made:
            row.update(report=_report(made))
            _journal(portal, made)
        if failures == rules.TOLD_AFTER if mends else is_new:
            _tell(portal)
    ask_at(portal.pk, due)


def _journal(portal: Portal, made: Made) -> None:
    counts = Counter(str(step.gesture) for _package, step in made)
    details = {"name": str(portal.organisation), "address": portal.address, **counts}
    record(OPERATOR.name, None, "republication.send", "republication", str(portal.pk), **details)


def _tell(portal: Portal) -> None:
    people = Person.objects.filter(
        is_active=True,
        memberships__organisation=portal.organisation_id,
        memberships__role=Role.ADMINISTRATOR,
    )
    for person in people.distinct():
        write_to_person(person, STOPPED, portal=portal.pk)
