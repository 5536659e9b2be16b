"""The kinds of jobs and of mails of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

REMAKE = "preparation.remake"
CHANGED = "preparation-changed"

KINDS = (Kind(REMAKE, "parvis.hub.preparation.tasks.remake", queue="heavy", priority=-10),)
