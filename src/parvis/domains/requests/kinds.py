"""The kinds of jobs and of mails of this subject, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

MORNING = "requests.morning"
KINDS = (Kind(MORNING, "parvis.domains.requests.tasks.morning"),)
DAILY = (Daily(MORNING, hour=6),)

WAITS = "request-waits"
"""To who publishes, once a day at most: requests wait for an answer."""
LETTER = "letter"
"""To an organisation: somebody wrote to it."""
