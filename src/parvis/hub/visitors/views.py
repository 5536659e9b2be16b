"""The challenge that a browser asks for before it sends a form."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parvis.hub.visitors.proof import new_challenge


@never_cache
@require_GET
def challenge(request: HttpRequest) -> JsonResponse:
    """A challenge that nobody else was given."""
    return JsonResponse(new_challenge())
