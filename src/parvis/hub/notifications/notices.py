"""What this room itself writes: the mail that asks for a yes."""

from __future__ import annotations

from parvis.hub.notifications.kinds import CONFIRMATION
from parvis.hub.notifications.mails import confirmation
from parvis.hub.notifications.rules import NoticeKind

NOTICES = (NoticeKind(slug=CONFIRMATION, message=confirmation, template="notifications/mails/confirm"),)
