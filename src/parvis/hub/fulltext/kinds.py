"""What this room does each night."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

FORGET = "fulltext.forget"

KINDS = (Kind(FORGET, "parvis.hub.fulltext.tasks.forget", queue="heavy", priority=-50),)
DAILY = (Daily(FORGET, hour=2),)
