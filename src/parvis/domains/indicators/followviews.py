"""« Prévenez-moi »: asking to be told of a bound that an indicator passes, or of a scoreboard each week."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from parvis.core.errors import ParvisError
from parvis.core.indicators import Bound
from parvis.domains.indicators import following, selectors
from parvis.domains.indicators.boards import Choice
from parvis.domains.indicators.tiles import tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.views import address_of, caller_of, mail_is_waiting, reads_and_posts, refused
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.places import place_of
from parvis.hub.ui.errors import problem_of


@reads_and_posts
def alert(request: HttpRequest, slug: str) -> HttpResponse:
    """The form « prévenez-moi quand ce chiffre passe… »; POST sends a mail to confirm."""
    actor = actor_of(request.user)
    seen = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    facts = {"one": seen, "tile": tiles_of([seen])[0], "mail_is_open": mail_is_open()}
    if request.method != "POST":
        return render(request, "indicators/alert.html", facts)
    facts |= {name: request.POST.get(name, "")[:254] for name in ("email", "sens", "seuil")}
    try:
        bound = Bound.read(request.POST.get("sens", ""), request.POST.get("seuil", ""))
        place = seen.value.territory if seen.value else ""
        subscription = following.ask_alert(
            caller_of(request), address_of(request), seen.indicator, place, bound, place_of(request).site
        )
    except ParvisError as error:
        return render(request, "indicators/alert.html", {**facts, "problem": problem_of(error)}, status=400)
    return mail_is_waiting(request, subscription, seen.indicator.get_absolute_url())


@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    """Ask for the tiles of a scoreboard each week; with ``t``, for what a saved one holds then."""
    actor, wanted = actor_of(request.user), Choice.read(request.POST)
    saved = selectors.board_of(actor, wanted.key) if wanted.key and actor.person_id else None
    lens = current_lens()
    territory = wanted.territory or (lens.code if lens else "")
    slugs = [seen.indicator.slug for seen in selectors.chosen(actor, wanted.slugs)]
    try:
        subscription = following.ask_digest(
            caller_of(request), address_of(request), slugs, territory, saved, place_of(request).site
        )
    except ParvisError as error:
        return refused(request, error, wanted.address())
    return mail_is_waiting(request, subscription, wanted.address())
