"""The kinds of jobs of this subject."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

READ = "deliberations.read"
PREPARE = "deliberations.prepare"
HARVEST = "deliberations.oparl"

KINDS = (
    Kind(READ, "parvis.domains.deliberations.tasks.read", queue="heavy", priority=10),
    Kind(PREPARE, "parvis.domains.deliberations.tasks.prepare", queue="heavy", priority=20),
    Kind(HARVEST, "parvis.domains.deliberations.oparl.tasks.look_at_everything", queue="heavy"),
)
DAILY = (Daily(HARVEST, hour=3),)
