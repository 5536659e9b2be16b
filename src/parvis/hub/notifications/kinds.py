"""The kinds of jobs and of mails of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

POST = "notifications.post"
WATCH = "notifications.watch"
DELIVER = "notifications.deliver"

CONFIRMATION = "confirm"
DISABLED_WEBHOOK = "webhook-disabled"

KINDS = (
    Kind(POST, "parvis.hub.notifications.tasks.post_mails"),
    Kind(WATCH, "parvis.hub.notifications.tasks.watch_day"),
    # After everything that somebody waits for: a receiver may take all its seconds to answer.
    Kind(DELIVER, "parvis.hub.notifications.tasks.deliver_message", priority=-10),
)
DAILY = (Daily(WATCH, hour=7),)
"""Weekly mails leave when people begin to work."""
