"""The kinds of jobs of this subject, and what is done each day."""

from __future__ import annotations

from parvis.domains.deliberations.deposit.interrupted import preparation_ended, reading_ended
from parvis.domains.deliberations.kinds import CUT, HARVEST, MORNING, PREPARE, READ, WATCH, WATCH_AGENDA
from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

KINDS = (
    Kind(READ, "parvis.domains.deliberations.tasks.read", reading_ended, "heavy", 10),
    Kind(CUT, "parvis.domains.deliberations.tasks.cut", queue="heavy", priority=10),
    Kind(PREPARE, "parvis.domains.deliberations.tasks.prepare", preparation_ended, "heavy", 20),
    Kind(HARVEST, "parvis.domains.deliberations.oparl.tasks.look_at_everything", queue="heavy"),
    Kind(WATCH, "parvis.domains.deliberations.watching.tasks.tell_of_the_day"),
    Kind(WATCH_AGENDA, "parvis.domains.deliberations.watching.tasks.tell_of_agenda"),
    Kind(MORNING, "parvis.domains.deliberations.tasks.morning"),
)
DAILY = (Daily(HARVEST, hour=3), Daily(MORNING, hour=6), Daily(WATCH, hour=7))
