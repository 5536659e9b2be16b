"""``/api/parvis/v1/charts``: saved charts for programs: what they ask, what was answered, how they are drawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language

from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.answering import Answered, Asked, answer, charts_of_readable_data
from parvis.hub.charts.models import Chart
from parvis.hub.charts.pictures import specification_of
from parvis.hub.charts.trails import csv_address
from parvis.hub.records.selectors import record_at
from parvis.hub.ui.endpoints import api_view
from parvis.hub.ui.templatetags.parvis_ui import canonical

MOST = 100


@api_view
def charts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The published charts, latest first; ``offset`` goes further."""
    found = charts_of_readable_data(actor)
    offset = request.GET.get("offset", "0")
    start = int(offset) if offset.isascii() and offset.isdecimal() and len(offset) < 9 else 0
    results = [_card(one) for one in found[start : start + MOST]]
    return JsonResponse({"total_count": len(found), "results": results}, json_dumps_params={"ensure_ascii": False})


@api_view
def chart(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """One chart whole; NotFound when a dataset of it is not readable by the caller."""
    saved = record_at(Chart, actor, slug)
    answered = answer(actor, saved.described, get_language() or "fr", request=request)
    table = answered.table
    body = {
        **_card(saved),
        "description": saved.described.to_dict(),
        "sentence": answered.sentence,
        "sources": [_source(one) for one in answered.asked],
        "table": {"columns": [head.text for head in table.heads], "rows": [list(row) for row in table.rows]},
        "values": _values(answered),
        "vega_lite": specification_of(answered),
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _card(saved: Chart) -> dict[str, Any]:
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


def _source(asked: Asked) -> dict[str, Any]:
    question = asked.question
    return {
        "dataset_id": asked.dataset.dataset_id,
        "title": asked.dataset.title,
        "version": asked.version.name,
        "version_date": asked.version.created.isoformat(),
        "select": question.select,
        "where": list(question.where),
        "group_by": question.group_by,
        "order_by": question.order_by,
        "csv": canonical(csv_address(asked.dataset.dataset_id, question)),
    }


def _values(answered: Answered) -> list[dict[str, Any]]:
    return [
        {"group": point.group, "series": point.series, "value": point.value}
        | ({"against": point.against} if point.against is not None else {})
        for point in answered.reading.points
    ]
