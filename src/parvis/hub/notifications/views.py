"""« Créer une alerte »: what every subject shares of asking, confirming, stopping; each is a page that works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parvis.core.errors import ParvisError
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path
from parvis.hub.notifications import services
from parvis.hub.notifications.mails import wish_words
from parvis.hub.notifications.models import Subscription
from parvis.hub.notifications.rules import UNCONFIRMED_HOURS, BadAddress
from parvis.hub.notifications.selectors import subscription_of
from parvis.hub.quotas.metering import client_of
from parvis.hub.sites.places import place_of
from parvis.hub.ui.errors import problem_of

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def caller_of(request: HttpRequest) -> str:
    """Who asks, under a name that says nothing of them."""
    return client_of(request, actor_of(request.user)).name


def address_of(request: HttpRequest) -> str:
    """The mail address of the form; BadAddress when it is none."""
    email = request.POST.get("email", "").strip()
    try:
        validate_email(email if len(email) <= 254 else "")
    except ValidationError as error:
        raise BadAddress(email=email[:80]) from error
    return email


def ask(request: HttpRequest, kind: str, target: str = "", details: Mapping[str, Any] | None = None) -> Subscription:
    """Note that the address of the form wants mails of a kind; BadAddress, and the errors of ``services.subscribe``."""
    site = place_of(request).site
    return services.subscribe(caller_of(request), address_of(request), kind, target, details, site)


def mail_is_waiting(request: HttpRequest, subscription: Subscription, back: str) -> HttpResponse:
    """The same page whether the address was known or not: it tells nobody what others follow."""
    facts = {"words": wish_words(subscription), "back": back, "hours": UNCONFIRMED_HOURS}
    return render(request, "notifications/waiting.html", facts)


def refused(request: HttpRequest, error: ParvisError, back: str) -> HttpResponse:
    """Why what was asked cannot be, for forms that have no page of their own."""
    return render(request, "notifications/refused.html", {"problem": problem_of(error), "back": back}, status=400)


@never_cache
@reads_and_posts
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """A button to confirm, since some mailboxes open every link; POST confirms."""
    subscription = services.confirm(key) if request.method == "POST" else subscription_of(key)
    facts = {"words": wish_words(subscription), "is_confirmed": subscription.confirmed, "key": key}
    return _secret(render(request, "notifications/confirm.html", facts))


@csrf_exempt  # RFC 8058: mail programs post here by themselves; the key of the address is the proof
@never_cache
@reads_and_posts
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """A button to stop; POST stops and erases, the same answer for what was stopped before."""
    if request.method == "POST":
        services.stop(key)
        return _secret(render(request, "notifications/stop.html", {"is_stopped": True, "home": absolute_path("/")}))
    facts = {"words": wish_words(subscription_of(key)), "key": key}
    return _secret(render(request, "notifications/stop.html", facts))


def _secret(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    # Not « no-referrer »: browsers then send « Origin: null » with the form, which is refused.
    response["Referrer-Policy"] = "same-origin"
    return response
