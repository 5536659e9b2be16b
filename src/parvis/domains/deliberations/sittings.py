"""Sittings in words and as events of calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.core.calendars import events as calendars
from parvis.core.calendars.formats.ical_writer import write
from parvis.core.errors import ParvisError
from parvis.domains.deliberations.models import Session
from parvis.domains.deliberations.public import point_titles
from parvis.hub.addresses import canonical
from parvis.hub.ui.formatting import day, hour, number

USUAL_LENGTH = timedelta(hours=2)
"""Nobody says when a sitting ends, and calendars want to know."""
STATES = {
    Session.State.PLANNED: calendars.State.SCHEDULED,
    Session.State.HELD: calendars.State.SCHEDULED,
    Session.State.CANCELLED: calendars.State.CANCELLED,
}


def when_words(session: Session) -> str:
    """« 15 janvier 2026 à 19 h »."""
    words = day(session.held_on)
    if session.begins_at is None:
        return words
    return _("%(day)s à %(hour)s") % {"day": words, "hour": hour(session.begins_at)}


def lines_of_sitting(session: Session) -> list[str]:
    """When and where, what became of it, how many acts it led to."""
    state = "" if session.state == Session.State.HELD else str(session.get_state_display())
    count = getattr(session, "act_count", 0)
    acts = ngettext("%(count)s acte en ligne", "%(count)s actes en ligne", count) % {"count": number(count)}
    place = ", ".join(filter(None, (when_words(session), session.location)))
    return [line for line in (place, state, acts if count else "") if line]


def event_of(session: Session, points: Sequence[str]) -> calendars.Event | None:
    """A sitting with the titles of its agenda as an event; None when its date makes no sense."""
    try:
        event = calendars.Event(
            uid=f"seance-{session.slug}",
            title=session.title,
            schedule=calendars.Schedule((_timing(session),)),
            description="\n".join(f"{rank}. {title}" for rank, title in enumerate(points, start=1)),
            state=STATES[Session.State(session.state)],
            place=calendars.Place(name=session.location) if session.location else None,
            organiser=session.organisation.name,
            address=canonical(session.get_absolute_url()),
        )
    except ParvisError:
        return None
    return event


def _timing(session: Session) -> calendars.Timing:
    if session.begins_at is None:
        start = datetime.combine(session.held_on, time())
        return calendars.Timing(start, start + timedelta(days=1), all_day=True)
    start = datetime.combine(session.held_on, session.begins_at)
    return calendars.Timing(start, start + USUAL_LENGTH)


def calendar_of(sessions: Iterable[Session], name: str) -> bytes:
    """Sittings as iCalendar; their agendas are read at once."""
    rows = list(sessions)
    points = point_titles(rows)
    events = [event_of(session, points[session.pk]) for session in rows]
    return write([event for event in events if event], name, timezone.now())
