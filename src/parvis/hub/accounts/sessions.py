"""Ending sessions: one, somebody's, everybody's."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.models import Person


def end_sessions(person: Person, but: str | None = None, by: str = "") -> int:
    """End a person's sessions, save the one of that key; how many were ended.

    Each session is read, since those opened by an older release are not in the list that the person sees.
    """
    keys = [session.session_key for session in _live() if session.get_decoded().get(SESSION_KEY) == str(person.pk)]
    ended = [key for key in keys if key != but]
    UserSession.objects.filter(user=person).exclude(session_key=but or "").delete()
    Session.objects.filter(session_key__in=ended).delete()
    if ended:
        note(Event.SESSIONS_ENDED, person, by=by, count=len(ended))
    return len(ended)


def end_session(person: Person, number: int) -> bool:
    """End one of a person's sessions, by its number in their list; False when it is none of theirs."""
    row = UserSession.objects.filter(user=person, pk=number).first()
    if row is None:
        return False
    row.end()
    note(Event.SESSIONS_ENDED, person, count=1)
    return True


def end_all_sessions() -> int:
    """End everybody's sessions, those of visitors too; how many people were signed in."""
    signed_in = sum(1 for session in _live() if SESSION_KEY in session.get_decoded())
    UserSession.objects.all().delete()
    Session.objects.all().delete()
    return signed_in


def _live():
    return Session.objects.filter(expire_date__gt=timezone.now()).iterator()
