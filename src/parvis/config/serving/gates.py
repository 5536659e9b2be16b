"""Who sends is looked at before what they send is received: a key that opens nothing has no byte taken in its name."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connection
from django.http import HttpResponse

from parvis.config.serving.bodies import OFFICE, is_below
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.apikeys.requests import caller_of, shows_key
from parvis.hub.apikeys.rules import KeyCannotWrite, Scope
from parvis.hub.rowlog.rules import KeyCannotPush

GATED = tuple(prefix for prefix in OFFICE if prefix.startswith("/api/"))
"""Where programs send files and rows, gigabytes at most: nobody in particular sends anything there."""
_ROWS = re.compile(r"/datasets/[^/]+/rows(?:/|$)")
_READING = frozenset({Scope.READ, Scope.READ_PUBLIC})


def require_sender(environ: dict[str, Any]) -> None:
    """WrongKey or SignInNeeded (401), KeyCannotWrite or KeyCannotPush (403) for who may send nothing to a gated address, by the headers alone.

    What the key or the person may do there is still asked of the operation, once the body has come.
    """
    if not is_below(environ["PATH_INFO"], GATED):
        return
    request = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    try:
        is_sender = _by_key(request) if shows_key(request) else _by_session(request)
    except DatabaseError:
        connection.close()  # the operation tells it in its own words
        return
    if not is_sender and _ROWS.search(environ["PATH_INFO"]):
        raise KeyCannotPush(action=Sentence(gettext_noop("pousser des lignes")))
    if not is_sender:
        raise KeyCannotWrite(action=Sentence(gettext_noop("écrire par l’API")))


def _by_key(request: WSGIRequest) -> bool:
    return caller_of(request).scope not in _READING


def _by_session(request: WSGIRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    return bool(get_user(request).is_authenticated)
