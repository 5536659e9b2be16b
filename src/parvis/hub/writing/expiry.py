"""Keys end: their owners are told 30, 7 and 1 days before, and when it is over, so that no program stops by surprise."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.hub.addresses import canonical
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.writing.kinds import KEY_EXPIRES

WARNINGS = (30, 7, 1)
"""Days before the end at which owners are told; 0 is the end itself."""
TOLD_AFTER = timedelta(days=3)
"""How long after its end a key is still told of: a portal that was stopped, not one that never told."""


def warning_due(created: datetime, expires: datetime, warned: int | None, now: datetime) -> int | None:
    """The warning to give now of a key, by its days; None when the last one given says enough.

    >>> from datetime import UTC
    >>> made, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    >>> [warning_due(made, end, None, end - timedelta(days=days)) for days in (40, 30, 5, 0.5, 0, -9)]
    [None, 30, 7, 1, 0, None]
    """
    left = expires - now
    if left <= timedelta(0):
        return 0 if warned != 0 and -left <= TOLD_AFTER else None
    # A key made for ten days is not told of at once: only what was not yet so near when it was made.
    near = [days for days in WARNINGS if left <= timedelta(days=days) < expires - created]
    return min(near) if near and (warned is None or min(near) < warned) else None


def warn_owners(now: datetime | None = None) -> int:
    """Write to the owners of keys that end soon or have just ended; how many mails. Each warning is written once."""
    moment, written = now or timezone.now(), 0
    soon = ApiKey.objects.filter(
        revoked=None,
        person__is_active=True,
        expires__gt=moment - TOLD_AFTER,
        expires__lte=moment + timedelta(days=max(WARNINGS)),
    )
    for key in soon.select_related("person"):
        due = warning_due(key.created, key.expires, key.warned, moment)
        if due is None:
            continue
        with transaction.atomic():
            # Asked of the database again: two workers must not write the same mail.
            if ApiKey.objects.filter(pk=key.pk, warned=key.warned, revoked=None).update(warned=due):
                write_to_person(key.person, KEY_EXPIRES, key=key.pk, days=due)
                written += 1
    return written


def _message(mail: Outgoing) -> Message | None:
    """What is left of the key when the mail leaves; None for one revoked meanwhile."""
    key = ApiKey.objects.select_related("organisation").filter(pk=mail.facts["key"], revoked=None).first()
    if key is None or key.expires is None:
        return None
    left = (timezone.localtime(key.expires).date() - timezone.localdate()).days
    if not key.is_live:
        subject = _("La clé d’API « %s » a expiré") % key.name
    elif left == 0:
        subject = _("La clé d’API « %s » expire aujourd’hui") % key.name
    else:
        subject = ngettext(
            "La clé d’API « %(name)s » expire demain", "La clé d’API « %(name)s » expire dans %(count)d jours", left
        ) % {"name": key.name, "count": left}
    return Message(subject, {"key": key, "over": not key.is_live, "address": canonical(reverse("my_keys"))})


NOTICES = (NoticeKind(slug=KEY_EXPIRES, message=_message, template="writing/mails/key_expires"),)
