"""Telling both sides, each thing once: what a mail says is read when it leaves."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.conf import settings

from parvis.hub.deliveries.kinds import ANSWER_SIDE, DECISION, DUE, LINK, MOVED, SENDER_SIDE, SOON, VERDICT
from parvis.hub.deliveries.models import Alert, Delivery, DeliveryLink, Expectation, Postponement
from parvis.hub.deliveries.rules import Standing
from parvis.hub.deliveries.selectors import until_of
from parvis.hub.notifications.outbox import write_to_address, write_to_person
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.quality.selectors import notice_choices, owners_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def tell_due(expectation: Expectation, due: date, standing: Standing) -> bool:
    """Tell both sides that a period is late, or missing; False when they were told, or no mail leaves."""
    if not _mails_leave():
        return False
    # Moved after it was told, a due day may be missed anew.
    until = until_of(expectation, due)
    event = str(standing) if until == due else f"{standing}-{until}"
    return _once(expectation, due, event, DUE, standing=str(standing), until=until.isoformat())


def tell_soon(expectation: Expectation, due: date) -> bool:
    """Remind the sender of a day that comes, once; False when that was done, or no mail leaves."""
    if not _mails_leave():
        return False
    event = f"soon-{until_of(expectation, due)}"
    _alert, is_new = Alert.objects.get_or_create(expectation=expectation, due=due, event=event)
    if is_new:
        facts = {"expectation": expectation.pk, "due": due.isoformat(), "side": SENDER_SIDE}
        _write(expectation.sender_emails, SOON, **facts)
    return is_new


def tell_moved(row: Postponement) -> None:
    """Tell both sides that a due day was moved, and why."""
    if _mails_leave():
        facts = {"expectation": row.expectation_id, "due": row.due.isoformat(), "until": row.until.isoformat()}
        _both(row.expectation, MOVED, **facts)


def tell_verdict(delivery: Delivery) -> bool:
    """Tell both sides what is wrong with a delivery; the same of another file of that period is not told again."""
    if not _mails_leave():
        return False
    codes = sorted(finding["code"] for finding in delivery.findings) or [str((delivery.error or {}).get("code"))]
    mark = f"{delivery.state}-{blake2b(' '.join(codes).encode(), digest_size=8).hexdigest()}"
    return _once(delivery.expectation, delivery.due, mark, VERDICT, delivery=delivery.pk)


def tell_decision(delivery: Delivery) -> None:
    """Tell the sender what was decided."""
    if _mails_leave():
        _write(delivery.expectation.sender_emails, DECISION, delivery=delivery.pk, side=SENDER_SIDE)


def send_link(link: DeliveryLink) -> int:
    """Send the sender the address of a link; how many mails will leave."""
    if not mail_is_open():
        return 0
    return _write(link.expectation.sender_emails, LINK, link=link.pk, side=SENDER_SIDE)


def _mails_leave() -> bool:
    return bool(settings.PARVIS["PARVIS_NOTICE_MAILS"] and mail_is_open())


def _once(expectation: Expectation, due: date, event: str, kind: str, **facts: Any) -> bool:
    _alert, is_new = Alert.objects.get_or_create(expectation=expectation, due=due, event=event)
    if not is_new:
        return False
    _both(expectation, kind, **facts, expectation=expectation.pk, due=due.isoformat())
    return True


def _both(awaited: Expectation, kind: str, **facts: Any) -> None:
    _write(awaited.sender_emails, kind, **facts, side=SENDER_SIDE)
    if awaited.answer_emails:
        _write(awaited.answer_emails, kind, **facts, side=ANSWER_SIDE)
        return
    for person in owners_of(awaited.dataset.organisation_id):
        if notice_choices(person).mail:
            write_to_person(person, kind, **facts, side=ANSWER_SIDE)


def _write(addresses: Sequence[str], kind: str, **facts: Any) -> int:
    for address in addresses:
        write_to_address(address, kind, **facts)
    return len(addresses)
