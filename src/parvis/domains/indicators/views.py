"""« Indicateurs »: the list, the page of each, the permanent page of each figure. Errors are the wrapper's care (``urls``)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.sources import origins
from parvis.domains.indicators.telling import line_of, rows_of, told
from parvis.domains.indicators.trails import tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.ui.templatetags.parvis_ui import canonical


def indicators(request: HttpRequest) -> HttpResponse:
    """The published indicators with their figure of the day."""
    found = selectors.seen(actor_of(request.user), selectors.indicators_published())
    return render(request, "indicators/list.html", {"tiles": tiles_of(found)})


def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """One indicator: its figure, its history, its territories, its method and where it all comes from."""
    actor = actor_of(request.user)
    one = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    values, computation = selectors.values_of(one), one.indicator.latest
    facts = {
        "one": one,
        "tile": tiles_of([one])[0],
        "embed": canonical(reverse("indicator-embed", args=[slug])),
        "picture": canonical(reverse("indicator-picture", args=[slug, "png"])),
        "origins": origins(computation) if one.is_readable and computation else [],
        **_history(one, values),
        **_places(one, values),
    }
    return render(request, "indicators/page.html", facts)


def value(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """One figure for ever: what it is, when and from what it was computed; NotFound when its datasets are not open."""
    found = selectors.value_of(actor_of(request.user), slug, key)
    computation, sources = found.computation, origins(found.computation, found)
    facts = {
        "value": found,
        "computation": computation,
        "definition": computation.described,
        "text": told(computation.described, found.value),
        "period": found.period or computation.described.period,
        "origins": sources,
        "checked": {one.version.pk: one for one in sources if one.version}.values(),
        "population": (found.parts or {}).get("population"),
        "is_latest": computation.indicator.latest_id == computation.pk,
    }
    return render(request, "indicators/value.html", facts)


def _history(one: selectors.Seen, values: list[Value]) -> dict[str, object]:
    """The values of the place that is told first, by period."""
    place = one.value.territory if one.value else ""
    kept = [value for value in values if value.territory == place and value.period]
    if len(kept) < 2:
        return {"history": [], "line": None}
    return {
        "history": rows_of(one.definition, kept[::-1]),
        "line": line_of(kept),
        "first": kept[0].period,
        "last": kept[-1].period,
    }


def _places(one: selectors.Seen, values: list[Value]) -> dict[str, object]:
    """The territories in the latest period that has a value, the largest first."""
    told_first = [value for value in values if value.territory and value.value is not None]
    period = max((value.period for value in told_first), default="")
    kept = sorted(
        (value for value in told_first if value.period == period), key=lambda value: (-(value.value or 0), value.name)
    )
    return {"places": rows_of(one.definition, kept, bars=True), "places_period": period}
