"""Who asks, over HTTP: the holder of an API key, else the person of the session."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone

from parvis.core.errors import Forbidden
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import without_prefix
from parvis.hub.apikeys.rules import (
    WRITING,
    Credential,
    KeyCannotWrite,
    KeyTooNarrow,
    Scope,
    SignInNeeded,
    Strength,
    basic_credential_of,
    credential_of,
)
from parvis.hub.apikeys.selectors import actor_by_key, live_key
from parvis.hub.apikeys.services import note_use

PARAMETERS = ("apikey", "access_token")
"""Query parameters that may hold a key (specification, section 2)."""


BASIC = ("/odata/",)
"""Doors at which a key may be the password of a name, since what reads them (Excel, Power BI) asks for nothing else. Nothing is
written there: browsers send such passwords by themselves, for pages of other sites too."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and by which key when it is by one."""

    actor: Actor
    key_id: int | None = None
    scope: str = ""
    """What the key opens; empty without one."""
    strength: Strength | None = None
    """How far the key goes; None without one."""


def actor_of_request(request: HttpRequest) -> Actor:
    """The actor behind a request, by its key, else its session.

    WrongKey (401) for a key that opens nothing; SignInNeeded (401) for nobody in particular on a private portal.
    """
    return caller_of(request).actor


def caller_of(request: HttpRequest) -> Caller:
    """The same with the key; found once for each user that a door gives to the request."""
    user = getattr(request, "user", None)
    known_user, caller = getattr(request, "_parvis_caller", (None, None))
    if caller is None or (caller.key_id is None and known_user is not user):
        caller = _caller(request)
        request._parvis_caller = (user, caller)
    if caller.actor is ANONYMOUS and settings.PARVIS["PARVIS_PRIVATE"]:
        raise SignInNeeded
    return caller


def depositor_of(request: HttpRequest) -> Actor | None:
    """Who may deposit files by this request: the owner of a key made for it, with their rights, or the person of the session.

    None for a key that opens something else, and for nobody in particular.
    """
    return _by_key_for((Scope.DEPOSIT,), request)


def _by_key_for(scopes: Collection[Scope], request: HttpRequest) -> Actor | None:
    caller = caller_of(request)
    if caller.key_id is None:
        return caller.actor if caller.actor.person_id is not None else None
    return replace(caller.actor, read_only=False) if caller.scope in scopes else None


def pusher_of(request: HttpRequest) -> Actor | None:
    """Who may push rows by this request: the owner of a key made for it or that publishes, with their rights, or the person of the session.

    None for a key that opens something else, and for nobody in particular.
    """
    return _by_key_for((Scope.PUSH, Scope.PUBLISH, Scope.ADMINISTER), request)


def writer_of(request: HttpRequest) -> Caller:
    """Who may write by the API: the owner of a key made for it, with what the key leaves of their rights.

    KeyCannotWrite without a key, for one made for something else, and for one that stands in the address, which logs and caches may
    keep; a session never writes here, so no page of another site can either.
    """
    if credential_of(request.META.get("HTTP_AUTHORIZATION", ""), ()) is None:
        raise KeyCannotWrite(action=Sentence(gettext_noop("écrire par l’API")))
    caller = caller_of(request)
    if caller.scope not in WRITING:
        raise KeyCannotWrite(action=Sentence(gettext_noop("écrire par l’API")))
    return replace(caller, actor=replace(caller.actor, read_only=False))


def explained[E: Exception](request: HttpRequest, error: E) -> E | KeyTooNarrow:
    """A refusal, which says of what the key lacks that it is the key that lacks it: another one might do."""
    strength = caller_of(request).strength
    if strength is None or type(error) is not Forbidden:
        return error
    lack = strength.lack(str(error.details.get("needs")), error.details.get("organisation"))
    return KeyTooNarrow(action=error.details["action"], lack=lack) if lack else error


def explaining(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view of an operation, whose refusals are ``explained``."""

    @wraps(view)
    def answer(request: HttpRequest, **parameters: Any) -> Any:
        try:
            return view(request, **parameters)
        except Forbidden as error:
            raise explained(request, error) from error.__cause__

    return answer


def shows_key(request: HttpRequest) -> bool:
    """Whether the request has a key, good or bad."""
    return _credential(request) is not None


def without_key_in_address(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: take keys out of the query before anything reads it, so that no link, log or cache ever holds one."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        written = request.META.get("QUERY_STRING", "")
        # Names may be written with %-escapes: only parsing tells.
        if any(name in written for name in PARAMETERS) or "%" in written:
            query = QueryDict(written, mutable=True)
            keys = [value for name in PARAMETERS for value in query.getlist(name)]
            if any(name in query for name in PARAMETERS):
                request._parvis_asked_keys = keys
                request.META["QUERY_STRING"] = _without_keys(written)
        return get_response(request)

    return answer


def _without_keys(query: str) -> str:
    """The query as it was written, less the keys."""
    parts = [part for part in query.split("&") if not any(name in QueryDict(part) for name in PARAMETERS)]
    return "&".join(parts)


def _credential(request: HttpRequest) -> Credential | None:
    keys = getattr(request, "_parvis_asked_keys", None)
    if keys is None:
        keys = [value for name in PARAMETERS for value in request.GET.getlist(name)]
    written = request.META.get("HTTP_AUTHORIZATION", "")
    credential = credential_of(written, keys)
    if credential is None and without_prefix(request.path).startswith(BASIC):
        return basic_credential_of(written)
    return credential


def _caller(request: HttpRequest) -> Caller:
    credential = _credential(request)
    if credential is None:
        return Caller(actor_of(getattr(request, "user", None)))
    key = live_key(credential)
    note_use(key, timezone.now().date())
    return Caller(actor_by_key(key), key.pk, key.scope, key.strength)
