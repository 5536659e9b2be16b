"""The kinds of jobs of this subject."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

READ = "deliberations.read"
CUT = "deliberations.cut"
PREPARE = "deliberations.prepare"
HARVEST = "deliberations.oparl"
WATCH = "deliberations.watch"
WATCH_AGENDA = "deliberations.watch-agenda"

ALERT = "act-alert"
"""The kind of the mails of alerts."""
MORNING = "deliberations.morning"

DUE = "act-due"
"""A mail to who publishes: what is to be done of sittings and acts."""

KINDS = (
    Kind(READ, "parvis.domains.deliberations.tasks.read", queue="heavy", priority=10),
    Kind(CUT, "parvis.domains.deliberations.tasks.cut", queue="heavy", priority=10),
    Kind(PREPARE, "parvis.domains.deliberations.tasks.prepare", queue="heavy", priority=20),
    Kind(HARVEST, "parvis.domains.deliberations.oparl.tasks.look_at_everything", queue="heavy"),
    Kind(WATCH, "parvis.domains.deliberations.watching.tasks.tell_of_the_day"),
    Kind(WATCH_AGENDA, "parvis.domains.deliberations.watching.tasks.tell_of_agenda"),
    Kind(MORNING, "parvis.domains.deliberations.tasks.morning"),
)
DAILY = (Daily(HARVEST, hour=3), Daily(MORNING, hour=6), Daily(WATCH, hour=7))
