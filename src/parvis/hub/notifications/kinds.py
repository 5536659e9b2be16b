"""The kinds of jobs and of mails of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

POST = "notifications.post"
WATCH = "notifications.watch"

CONFIRMATION = "confirm"

KINDS = (
    Kind(POST, "parvis.hub.notifications.tasks.post_mails"),
    Kind(WATCH, "parvis.hub.notifications.tasks.watch_day"),
)
DAILY = (Daily(WATCH, hour=7),)
"""Weekly mails leave when people begin to work."""
