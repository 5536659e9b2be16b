"""The kinds of jobs of this subject, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

READ = "agenda.read"
MORNING = "agenda.morning"
TURN = "agenda.turn"

KINDS = (
    Kind(READ, "parvis.domains.agenda.tasks.read", queue="heavy"),
    Kind(TURN, "parvis.domains.agenda.tasks.turn"),
    Kind(MORNING, "parvis.domains.agenda.tasks.morning", queue="heavy"),
)
DAILY = (Daily(MORNING, hour=4),)
