"""What this room gives the house: mails that wait and leave, pages to confirm and to stop."""

from parvis.hub.notifications.kinds import DAILY, KINDS
from parvis.hub.notifications.notices import NOTICES
from parvis.hub.registry import Module

MODULE = Module(
    slug="notifications",
    jobs=KINDS,
    daily=DAILY,
    notices=NOTICES,
    urls="parvis.hub.notifications.urls",
)
