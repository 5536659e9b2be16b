"""Wagtail's generic views ask a policy; ours leave every decision to the rules of the hub."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.auth import permission_denied

from parvis.hub.accounts.selectors import actor_of, organisations_where


def may_deposit(user: Any) -> bool:
    """Whether the person edits the things of some organisation."""
    actor = actor_of(user)
    return actor.everything or organisations_where(actor, "edit").exists()


def may_administer(user: Any) -> bool:
    """Whether the person administers some organisation."""
    actor = actor_of(user)
    return actor.everything or organisations_where(actor, "administer").exists()


def for_who_runs_the_instance(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wagtail's reports tell titles of pages of every site: closed to who is signed in without every right."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not actor_of(request.user).everything:
            return permission_denied(request)
        return view(request, *args, **kwargs)

    return guarded
