"""``/api/parvis/v1/indicators``: definitions and figures for programs. Keys, origins and errors are the wrapper's care (``urls``)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.selectors import Seen
from parvis.domains.indicators.sources import Origin, origins
from parvis.domains.indicators.telling import warning
from parvis.hub.accounts.rules import Actor
from parvis.hub.ui.templatetags.parvis_ui import canonical


def indicators(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every published indicator with its figure of the day; ``value`` is null where the caller may not read its datasets."""
    found = selectors.seen(actor, selectors.indicators_published())
    return _json({"total_count": len(found), "results": [_card(one) for one in found]})


def indicator(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """One indicator with all its figures, its definition and its sources, which are told to those who may read its datasets alone."""
    one = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    computation = one.indicator.latest if one.is_readable else None
    return _json(
        {
            **_card(one),
            "definition": one.definition.to_dict() if one.is_readable else None,
            "computed": computation.computed.isoformat() if computation else None,
            "sources": [_source(origin) for origin in origins(computation)] if computation else [],
            "values": [_figure(value) for value in selectors.values_of(one)],
        }
    )


def _card(one: Seen) -> dict[str, Any]:
    definition, slug = one.definition, one.indicator.slug
    return {
        "slug": slug,
        "title": one.indicator.title,
        "question": definition.question,
        "publisher": one.indicator.organisation.name,
        "url": canonical(one.indicator.get_absolute_url()),
        "svg": canonical(reverse("indicator-picture", args=[slug, "svg"])),
        "png": canonical(reverse("indicator-picture", args=[slug, "png"])),
        "embed": canonical(reverse("indicator-embed", args=[slug])),
        "feed": canonical(reverse("indicator-feed", args=[slug])),
        "readable": one.is_readable,
        "unit": definition.unit,
        "value": _figure(one.value) if one.value else None,
        "change": one.change,
        "better": one.is_better,
        "state": str(one.state) or None,
        "target": definition.target,
        "deadline": definition.deadline or None,
        "data_date": one.data_date.isoformat() if one.data_date else None,
        "age_days": one.age,
        "late": one.is_late,
        "source_missing": bool(one.is_readable and one.indicator.trouble),
        "warning": warning(one) or None,
    }


def _figure(value: Value) -> dict[str, Any]:
    return {
        "territory": value.territory,
        "name": value.name,
        "period": value.period,
        "value": value.value,
        "url": canonical(value.get_absolute_url()),
    }


def _source(origin: Origin) -> dict[str, Any]:
    return {
        "part": origin.name,
        "dataset_id": origin.dataset.dataset_id,
        "title": origin.dataset.title,
        "version": origin.version_name,
        "question": origin.question,
        "rows": canonical(origin.rows_address),
    }


def _json(body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
