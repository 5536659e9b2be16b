"""``/api/parvis/v1/maps``: saved maps for programs: what they ask, what was answered, where their layers are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language

from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.atlas.answering import Answered, LayerAnswer, answer, maps_of_readable_data
from parvis.hub.atlas.models import Map
from parvis.hub.atlas.telling import sentence
from parvis.hub.records.selectors import record_at
from parvis.hub.ui.endpoints import api_view
from parvis.web.portal.chart_api import MOST


@api_view
def maps(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The published maps, latest first; ``offset`` goes further."""
    found = maps_of_readable_data(actor)
    offset = request.GET.get("offset", "0")
    start = int(offset) if offset.isascii() and offset.isdecimal() and len(offset) < 9 else 0
    results = [_card(one) for one in found[start : start + MOST]]
    return JsonResponse({"total_count": len(found), "results": results}, json_dumps_params={"ensure_ascii": False})


@api_view
def one_map(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """One map whole; NotFound when a dataset of it is not readable by the caller."""
    saved = record_at(Map, actor, slug)
    moment = request.GET.get("periode", "")
    answered = answer(actor, saved.described, get_language() or "fr", moment=moment, request=request)
    body = {
        **_card(saved),
        "description": saved.described.to_dict(),
        "sentence": sentence(answered),
        "moments": [key for key, _text in answered.moments],
        "moment": answered.moment,
        "bbox": list(answered.box),
        "layers": [_layer(saved, answered, one) for one in answered.layers],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _card(saved: Map) -> dict[str, Any]:
    base = canonical(saved.get_absolute_url())
    return {
        "slug": saved.slug,
        "title": saved.title,
        "publisher": saved.organisation.name,
        "modified": saved.modified.isoformat(),
        "url": base,
        "svg": f"{base}image.svg",
        "png": f"{base}image.png",
        "embed": f"{base}cadre/",
    }


def _layer(saved: Map, answered: Answered, one: LayerAnswer) -> dict[str, Any]:
    question = one.asked.question
    base = canonical(saved.get_absolute_url())
    return {
        "dataset_id": one.asked.dataset.dataset_id,
        "title": one.layer.label,
        "kind": one.layer.kind,
        "version": one.asked.version.name,
        "version_date": one.asked.version.created.isoformat(),
        "select": question.select,
        "where": list(question.where),
        "group_by": question.group_by,
        "total": one.total,
        "geojson": f"{base}couche-{one.rank + 1}.geojson",
        "legend": [{"text": step.text, "light": step.light, "dark": step.dark} for step in one.legend.steps],
        "values": [{"code": shade.code, "name": shade.name, "value": shade.value} for shade in one.shades],
    }
