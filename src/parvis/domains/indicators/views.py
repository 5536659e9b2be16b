"""The permanent page of each figure. Errors are the wrapper's care (``urls``)."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.core.errors import ParvisError
from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.services import recomputed
from parvis.domains.indicators.sources import origins
from parvis.domains.indicators.telling import told
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.ui.errors import problem_of
from parvis.hub.ui.formatting import period_words


def value(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """One figure for ever: what it is, when and from what it was computed; NotFound when its datasets are not open."""
    found = selectors.value_of(actor_of(request.user), slug, key)
    computation, sources = found.computation, origins(found.computation, found)
    facts = {
        "value": found,
        "again": _again(found) if "refaire" in request.GET else None,
        "computation": computation,
        "definition": computation.described,
        "text": told(computation.described, found.value),
        "period": period_words(found.period or computation.described.period),
        "origins": sources,
        "checked": {one.version.pk: one for one in sources if one.version}.values(),
        "population": (found.parts or {}).get("population"),
        "is_latest": computation.indicator.latest_id == computation.pk,
    }
    return render(request, "indicators/value.html", facts)


def _again(found: Value) -> dict[str, object]:
    """The figure computed once more from the versions of its time: what it is now, and whether it is the same."""
    try:
        amount = recomputed(found)
    except ParvisError as error:
        return {"problem": problem_of(error)}
    same = amount == found.value or (
        amount is not None and found.value is not None and math.isclose(amount, found.value, rel_tol=1e-9)
    )
    return {"text": told(found.computation.described, amount), "same": same}
