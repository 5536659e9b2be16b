"""The kinds of jobs and of mails of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

COMPUTE = "indicators.compute"
WATCH = "indicators.watch"

ALERT = "indicator-alert"
DIGEST = "indicator-digest"
SOURCE = "indicator-source"
"""Kinds of mails."""

KINDS = (
    Kind(COMPUTE, "parvis.domains.indicators.tasks.compute_values", queue="heavy"),
    Kind(WATCH, "parvis.domains.indicators.tasks.watch_day"),
)
DAILY = (Daily(WATCH, hour=7),)
"""Late sources are looked for when people begin to work."""
