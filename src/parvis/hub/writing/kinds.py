"""The kinds of jobs and of mails of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

MORNING = "writing.morning"
KEY_EXPIRES = "key-expires"

KINDS = (Kind(MORNING, "parvis.hub.writing.tasks.morning"),)
DAILY = (Daily(MORNING, hour=6),)
