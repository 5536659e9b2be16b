"""The kinds of jobs and of mails of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

WATCH = "deliveries.watch"

DUE = "delivery-due"
VERDICT = "delivery-verdict"
SOON = "delivery-soon"
MOVED = "delivery-moved"
DECISION = "delivery-decision"
LINK = "delivery-link"

SENDER_SIDE = "sender"
ANSWER_SIDE = "answer"
"""The two sides of a delivery, as mails say to which of them they go."""

KINDS = (Kind(WATCH, "parvis.hub.deliveries.tasks.watch_day"),)
DAILY = (Daily(WATCH, hour=7),)
"""What lacks is told when people begin to work."""
