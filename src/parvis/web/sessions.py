"""Sessions end: after a while without request, and after a day of work whatever happens; and what they show stays private.

OWASP ASVS 7.3 asks for both bounds, chosen by what is at stake. Two hours without a request, twelve hours in all: an agent who
leaves the office is signed out, one who works is asked once a day. The requests that open pages make by themselves (an editor
that tells it is still open) count as use; the second bound holds them.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.selectors import person_of
from parvis.hub.apikeys.requests import shows_key

BEGAN, SEEN = "parvis_began", "parvis_seen"
TOUCH_SECONDS = 60
"""The last use is written this often at most: a session is a row of the database."""

PERSONAL = ("/compte/", "/admin/")
"""Addresses whose pages nobody keeps, not even the browser."""


def while_in_use(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: end the session that lasted too long, and let no cache hold what somebody signed in was shown."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        # Without a cookie nothing is read, so that public answers do not come to vary with cookies.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and _continue(request)
        response = get_response(request)
        if signed_in and request.session.modified and "public" in response.headers.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-cache"  # it goes out with the cookie of a session
        if not response.has_header("Cache-Control"):
            if request.path_info.startswith(PERSONAL):
                response["Cache-Control"] = "private, no-store"
            elif signed_in or shows_key(request):
                response["Cache-Control"] = "private, no-cache"
        return response

    return answer


def _continue(request: HttpRequest) -> bool:
    """Whether somebody is signed in; a session that is over is ended first."""
    session, now = request.session, int(time.time())
    if SESSION_KEY not in session:
        return False
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    idle = now - seen > 60 * settings.PARVIS["PARVIS_SESSION_IDLE_MINUTES"]
    if idle or now - began > 3600 * settings.PARVIS["PARVIS_SESSION_HOURS"]:
        person = person_of(session[SESSION_KEY])
        note(Event.SESSION_EXPIRED, person, request=request, reason="idle" if idle else "age")
        UserSession.objects.filter(session_key=session.session_key).delete()
        session.flush()
        request.user = AnonymousUser()
        return False
    if not request.user.is_authenticated:  # the account was closed, or its password changed elsewhere
        return False
    if BEGAN not in session or now - seen >= TOUCH_SECONDS:
        session[BEGAN], session[SEEN] = began, now
        with contextlib.suppress(PermissionDenied):  # without an address it is not listed, and it works
            UserSession.objects.create_from_request(request)
    return True
