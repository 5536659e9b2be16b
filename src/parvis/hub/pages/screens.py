"""What the editor of pages asks while somebody writes: the columns of a dataset."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from parvis.core.charts.questions import columns_for
from parvis.core.errors import ParvisError
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.charts.answering import opened

CHARTED = ("measure", "grouping")
"""Roles for which only some types of columns will do."""


def columns(request: HttpRequest) -> JsonResponse:
    """``{"columns": [{"name", "label"}]}`` of the dataset ``jeu`` for the role ``role``; none when it is not for the person."""
    role = request.GET.get("role", "")
    try:
        shape = opened(actor_of(request.user), request.GET.get("jeu", "")[:200])[2].shape
    except ParvisError:
        return JsonResponse({"columns": []})
    found = columns_for(role, shape) if role in CHARTED else list(shape)
    return JsonResponse({"columns": [{"name": one.name, "label": one.label} for one in found]})
