"""Reports of Wagtail's that are not for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.auth import permission_denied

from parvis.hub.accounts.selectors import actor_of


def for_who_runs_the_instance(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wagtail's reports tell titles of pages of every site: closed to who is signed in without every right."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not actor_of(request.user).everything:
            return permission_denied(request)
        return view(request, *args, **kwargs)

    return guarded
