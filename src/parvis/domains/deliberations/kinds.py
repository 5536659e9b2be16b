"""The names of the jobs and mails of this subject."""

from __future__ import annotations

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
