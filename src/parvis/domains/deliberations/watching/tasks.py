"""What jobs tell of acts and agendas; safe to run twice."""

from __future__ import annotations

from parvis.domains.deliberations.watching.services import tell_everybody, tell_of_points
from parvis.hub.jobs.rules import JobContext


def tell_of_the_day(context: JobContext, day: str) -> None:
    """Tell each address that follows them of the acts that went online, and of the agendas to come."""
    tell_everybody(context.progress)


def tell_of_agenda(context: JobContext, session: int) -> None:
    """Tell those who follow them of the points of a sitting to come."""
    tell_of_points(session, context.progress)
