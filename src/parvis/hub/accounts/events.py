"""What happens to an account, noted twice: one line for the operator's log, one row of the journal that its owner reads.

No line holds a password, a code, a key, a link, or what was typed for an account that does not exist: people type their
password there by mistake.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from enum import StrEnum
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from parvis.hub.accounts.models import Person
from parvis.hub.audit.models import Entry
from parvis.hub.audit.services import forget, record

logger = logging.getLogger("parvis.auth")

KEPT = timedelta(days=365)
"""For how long the journal holds the events of an account, since they tell the address people came from."""


MOST_FAILURES = 20
"""Failures of one account that the journal holds for each hour."""


class Event(StrEnum):
    """What may happen to an account; the value is the word of the log and of the journal."""

    SIGN_IN = "auth.sign-in"
    SIGN_IN_FAILED = "auth.sign-in-failed"
    THROTTLED = "auth.throttled"
    SIGN_OUT = "auth.sign-out"
    SESSION_EXPIRED = "auth.session-expired"
    SESSIONS_ENDED = "auth.sessions-ended"
    PASSWORD_CHANGED = "auth.password-changed"  # noqa: S105 a word of the log
    RESET_ASKED = "auth.reset-asked"
    LINK_SENT = "auth.link-sent"
    FACTOR_ADDED = "auth.factor-added"
    FACTOR_REMOVED = "auth.factor-removed"
    FACTOR_RENEWED = "auth.factor-renewed"
    FACTOR_USED = "auth.factor-used"
    FACTOR_FAILED = "auth.factor-failed"
    ADDRESS_CHANGED = "auth.address-changed"
    KEY_MADE = "auth.key-made"
    KEY_REVOKED = "auth.key-revoked"


FAILURES = frozenset({Event.SIGN_IN_FAILED, Event.THROTTLED, Event.FACTOR_FAILED})


def note(
    event: Event, person: Person | None, *, request: HttpRequest | None = None, by: str = "", **details: Any
) -> None:
    """Write an event down; ``person`` is None when no account has the address that was given.

    ``by`` says who acted when it was not the person; ``details`` are words of ours, never what somebody typed.
    """
    address = _address(request or context.request)
    facts = {"by": by, **details} if by else details
    words = " ".join(f"{name}={_word(value)}" for name, value in facts.items())
    who = f"person={person.pk} account={person.email}" if person else "person=none"
    level = logging.WARNING if event in FAILURES else logging.INFO
    logger.log(level, "%s %s address=%s%s", event, who, address or "none", f" {words}" if words else "")
    if person is not None and not (event in FAILURES and _is_flooded(person)):
        actor = by or str(person)
        record(actor[:200], person.pk, str(event), "person", person.email[:120], **_with_address(address), **details)
        if event is Event.SIGN_IN:
            forget("auth.", person.pk, timezone.now() - KEPT)


def _word(value: Any) -> str:
    """A value on one line; quoted when it has spaces, as the names that people give themselves do."""
    text = " ".join(str(value).split()).replace('"', "'")
    return f'"{text}"' if " " in text else text


def _is_flooded(person: Person) -> bool:
    """Whether the journal has enough of the failures of the hour: the log has them all, the database need not."""
    recent = Entry.objects.filter(person=person, action__in=FAILURES, at__gt=timezone.now() - timedelta(hours=1))
    return recent.count() >= MOST_FAILURES


def _address(request: HttpRequest | None) -> str:
    if request is None:
        return ""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # a server behind a socket gives no address; what happened is noted all the same
        return ""


def _with_address(address: str) -> dict[str, str]:
    return {"address": address} if address else {}
