"""« Prévenez-moi »: asking for mails, confirming, stopping; each is a page that works without scripts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from parvis.core.errors import ParvisError
from parvis.core.indicators import Bound
from parvis.domains.indicators import following, selectors
from parvis.domains.indicators.boardviews import Asked
from parvis.domains.indicators.mails import asked_words
from parvis.domains.indicators.rules import BadAddress
from parvis.domains.indicators.telling import problem_of
from parvis.domains.indicators.trails import tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.quotas.metering import client_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.places import place_of

_reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@_reads_and_posts
def alert(request: HttpRequest, slug: str) -> HttpResponse:
    """The form « prévenez-moi quand ce chiffre passe… »; POST sends a mail to confirm."""
    actor = actor_of(request.user)
    one = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    facts = {"one": one, "tile": tiles_of([one])[0], "mail_is_open": following.mail_is_open()}
    if request.method != "POST":
        return render(request, "indicators/alert.html", facts)
    facts |= {name: request.POST.get(name, "")[:254] for name in ("email", "sens", "seuil")}
    try:
        bound = Bound.read(request.POST.get("sens", ""), request.POST.get("seuil", ""))
        place = one.value.territory if one.value else ""
        asked = following.ask_alert(
            caller_of(request), address_of(request), one.indicator, place, bound, place_of(request).site
        )
    except ParvisError as error:
        return render(request, "indicators/alert.html", {**facts, "problem": problem_of(error)}, status=400)
    return _mail_is_waiting(request, asked_words(asked), one.indicator.get_absolute_url())


@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    """Ask for the tiles of a scoreboard each week; with ``t``, for what a saved one holds then."""
    actor, wanted = actor_of(request.user), Asked.read(request.POST)
    saved = selectors.board_of(actor, wanted.key) if wanted.key and actor.person_id else None
    lens = current_lens()
    territory = wanted.territory or (lens.code if lens else "")
    slugs = [one.indicator.slug for one in selectors.chosen(actor, wanted.slugs)]
    try:
        asked = following.ask_digest(
            caller_of(request), address_of(request), slugs, territory, saved, place_of(request).site
        )
    except ParvisError as error:
        facts = {"problem": problem_of(error), "back": wanted.address()}
        return render(request, "indicators/refused.html", facts, status=400)
    return _mail_is_waiting(request, asked_words(asked), wanted.address())


def _mail_is_waiting(request: HttpRequest, words: str, back: str) -> HttpResponse:
    """The same page whether the address was known or not: it tells nobody what others follow."""
    facts = {"words": words, "back": back, "hours": following.UNCONFIRMED_HOURS}
    return render(request, "indicators/asked.html", facts)


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


@never_cache
@_reads_and_posts
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """A button to confirm, since some mailboxes open every link; POST confirms."""
    found = following.confirm(key) if request.method == "POST" else following.subscription_of(key)
    facts = {"words": asked_words(found), "is_confirmed": found.confirmed, "key": key}
    return _secret(render(request, "indicators/confirm.html", facts))


@csrf_exempt  # RFC 8058: mail programs post here by themselves; the key of the address is the proof
@never_cache
@_reads_and_posts
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """A button to stop; POST stops and erases, the same answer for what was stopped before."""
    if request.method == "POST":
        following.stop(key)
        return _secret(render(request, "indicators/stop.html", {"is_stopped": True}))
    found = following.subscription_of(key)
    return _secret(render(request, "indicators/stop.html", {"words": asked_words(found), "key": key}))


def _secret(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
