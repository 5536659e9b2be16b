"""The permanent page of each figure, and « Prévenez-moi quand… ». Errors are the wrapper's care (``urls``)."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.core.errors import ParvisError
from parvis.core.indicators import Bound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.presentation import value_text
from parvis.domains.indicators.services import recomputed
from parvis.domains.indicators.sources import origins
from parvis.domains.indicators.subscriptions import ask_alert
from parvis.domains.indicators.tiles import tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.views import address_of, caller_of, mail_is_waiting, reads_and_posts
from parvis.hub.sites.places import place_of
from parvis.hub.ui.errors import problem_of
from parvis.hub.ui.formatting import period_words


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
        subscription = ask_alert(
            caller_of(request), address_of(request), seen.indicator, place, bound, place_of(request).site
        )
    except ParvisError as error:
        return render(request, "indicators/alert.html", {**facts, "problem": problem_of(error)}, status=400)
    return mail_is_waiting(request, subscription, seen.indicator.get_absolute_url())


def value(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """One figure for ever: what it is, when and from what it was computed; NotFound when its datasets are not open."""
    figure = selectors.value_of(actor_of(request.user), slug, key)
    computation, sources = figure.computation, origins(figure.computation, figure)
    facts = {
        "value": figure,
        "again": _again(figure) if "refaire" in request.GET else None,
        "computation": computation,
        "definition": computation.described,
        "text": value_text(computation.described, figure.value),
        "period": period_words(figure.period or computation.described.period),
        "origins": sources,
        "checked": {one.version.pk: one for one in sources if one.version}.values(),
        "population": (figure.parts or {}).get("population"),
        "is_latest": computation.indicator.latest_id == computation.pk,
    }
    return render(request, "indicators/value.html", facts)


def _again(figure: Value) -> dict[str, object]:
    """The figure computed once more from the versions of its time: what it is now, and whether it is the same."""
    try:
        amount = recomputed(figure)
    except ParvisError as error:
        return {"problem": problem_of(error)}
    same = amount == figure.value or (
        amount is not None and figure.value is not None and math.isclose(amount, figure.value, rel_tol=1e-9)
    )
    return {"text": value_text(figure.computation.described, amount), "same": same}
