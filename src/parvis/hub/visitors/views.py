"""What the scripts of forms ask: a challenge before one is sent, places by their words."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.visitors.places import places_called
from parvis.hub.visitors.proof import new_challenge


@never_cache
@require_GET
def challenge(request: HttpRequest) -> JsonResponse:
    """A challenge that nobody else was given."""
    return JsonResponse(new_challenge())


@require_GET
def places(request: HttpRequest) -> JsonResponse:
    """Addresses and places by their words, for the map of a form."""
    return JsonResponse({"places": places_called(actor_of(request.user), request.GET.get("q", ""))})
