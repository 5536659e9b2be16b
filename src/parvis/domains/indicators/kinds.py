"""The kinds of jobs of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

COMPUTE = "indicators.compute"
POST = "indicators.post"
WATCH = "indicators.watch"

KINDS = (
    Kind(COMPUTE, "parvis.domains.indicators.tasks.compute_values", queue="heavy"),
    Kind(POST, "parvis.domains.indicators.tasks.post_mails"),
    Kind(WATCH, "parvis.domains.indicators.tasks.watch_day"),
)
DAILY = (Daily(WATCH, hour=7),)
"""Late sources are looked for and digests leave when people begin to work."""
