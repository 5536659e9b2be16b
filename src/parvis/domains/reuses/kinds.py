"""The kinds of jobs and of mails of this subject, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

CHECK = "reuses.check"
MORNING = "reuses.morning"
KINDS = (
    Kind(MORNING, "parvis.domains.reuses.tasks.morning"),
    Kind(CHECK, "parvis.domains.reuses.tasks.check", queue="heavy"),
)
DAILY = (Daily(MORNING, hour=5),)

WAITS = "reuse-waits"
"""To who publishes, once a day at most: reuses wait."""
DEAD = "reuse-link"
"""To who publishes: a link does not answer any more."""
