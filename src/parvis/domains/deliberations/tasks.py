"""What jobs do with acts; safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.domains.deliberations.deadlines.mails import tell_what_is_due
from parvis.domains.deliberations.deposit.cutting import cut_act
from parvis.domains.deliberations.deposit.reading import read_file
from parvis.domains.deliberations.models import ActFile
from parvis.domains.deliberations.online.preparing import prepare_act
from parvis.domains.deliberations.selectors import act_of_key, file_of_key
from parvis.hub.jobs.rules import JobContext


def read(context: JobContext, file: int) -> None:
    """Read a received file, from where a killed worker left it, unless it was removed or read meanwhile."""
    row = file_of_key(file)
    if row is not None and row.reading == ActFile.Reading.WAITING:
        read_file(context.actor, row, context.progress)


def cut(context: JobContext, act: int) -> None:
    """Cut a draft whose file holds several acts, unless it was removed meanwhile."""
    row = act_of_key(act)
    if row is not None:
        cut_act(context.actor, row, context.progress)


def prepare(context: JobContext, act: int) -> None:
    """Make what is published of an act, unless it was removed or put online meanwhile."""
    row = act_of_key(act)
    if row is not None and not row.live:
        prepare_act(context.actor, row, context.progress)


def morning(context: JobContext, day: str) -> None:
    """Tell who publishes what is due."""
    tell_what_is_due(date.fromisoformat(day))
