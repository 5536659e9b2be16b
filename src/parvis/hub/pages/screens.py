"""What the editor of pages asks before and while somebody writes: an empty page, the columns of a dataset."""

from __future__ import annotations

import contextlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from parvis.core.charts.questions import columns_for
from parvis.core.columns import Column
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.atlas.maker import shade_choices
from parvis.hub.atlas.selectors import map_at
from parvis.hub.charts.selectors import chart_at
from parvis.hub.drawings.questions import opened
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.page_drafts import sites_written_by
from parvis.hub.pages.services import folder_of


@require_POST
def blank(request: HttpRequest, site: int) -> HttpResponse:
    """The form of a new page of a site, whose folder is made if nobody wrote there yet."""
    chosen_site = get_object_or_404(sites_written_by(request.user), pk=site)
    return redirect(
        "wagtailadmin_pages:add", ThemePage._meta.app_label, ThemePage._meta.model_name, folder_of(chosen_site).pk
    )


MOST_DATASETS = 40
"""Datasets whose columns are told at once."""

CHARTED = ("measure", "grouping")
"""Roles for which only some types of columns will do."""


def columns(request: HttpRequest) -> JsonResponse:
    """``{"columns": [{"name", "label"}]}`` of the datasets ``jeu``, of those of the charts ``graphique`` and the maps ``carte``.

    ``role`` says which; each name comes once, and what is not for the person gives none.
    """
    actor, query = actor_of(request.user), request.GET
    role = query.get("role", "")
    if role == "shade":
        return JsonResponse({"columns": [{"name": name, "label": label} for name, label in shade_choices()]})
    datasets = [name[:200] for name in query.getlist("jeu")[:MOST_DATASETS]]
    for read, parameter in ((chart_at, "graphique"), (map_at, "carte")):
        for slug in query.getlist(parameter)[:MOST_DATASETS]:
            with contextlib.suppress(ParvisError):
                datasets += read(actor, slug[:200]).datasets
    labels: dict[str, str] = {}
    for dataset_id in list(dict.fromkeys(datasets))[:MOST_DATASETS]:
        with contextlib.suppress(ParvisError):
            labels = {column.name: column.label for column in _fitting(role, actor, dataset_id)} | labels
    return JsonResponse({"columns": [{"name": name, "label": label} for name, label in labels.items()]})


def _fitting(role: str, actor: Actor, dataset_id: str) -> list[Column]:
    shape = opened(actor, dataset_id)[2].shape
    if role in ("elsewhere", "popup"):
        return [column for column in shape if not column.type.is_geographic]
    return columns_for(role, shape) if role in CHARTED else list(shape)
