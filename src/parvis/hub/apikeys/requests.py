"""Who asks, over HTTP: the owner of an API key, else the person of the session."""

from __future__ import annotations

from django.http import HttpRequest

from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of


def actor_of_request(request: HttpRequest) -> Actor:
    """The actor behind a request; WrongKey (401) for a key that opens nothing (specification, section 2)."""
    return actor_of(getattr(request, "user", None))
