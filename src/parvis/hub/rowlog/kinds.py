"""The kind of job of this room."""

from parvis.hub.jobs.rules import Kind

FOLD = "rowlog.fold"

KINDS = (Kind(FOLD, "parvis.hub.rowlog.tasks.fold", queue="heavy", priority=20),)
