"""What the editor of pages asks before and while somebody writes: an empty page, the columns of a dataset."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from parvis.core.charts.questions import columns_for
from parvis.core.errors import ParvisError
from parvis.hub.accounts.selectors import actor_of
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


CHARTED = ("measure", "grouping")
"""Roles for which only some types of columns will do."""


def columns(request: HttpRequest) -> JsonResponse:
    """``{"columns": [{"name", "label"}]}`` of the dataset ``jeu`` for the role ``role``; none when it is not for the person."""
    role = request.GET.get("role", "")
    try:
        shape = opened(actor_of(request.user), request.GET.get("jeu", "")[:200])[2].shape
    except ParvisError:
        return JsonResponse({"columns": []})
    matching = columns_for(role, shape) if role in CHARTED else list(shape)
    return JsonResponse({"columns": [{"name": one.name, "label": one.label} for one in matching]})
