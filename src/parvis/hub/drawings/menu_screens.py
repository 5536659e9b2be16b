"""Menus asked for again while somebody fills a form: a column, a comparison or a dataset was chosen, a text was written."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.drawings.menu_sources import MenuSource, territories_with
from parvis.hub.drawings.menus import MENUS

_NAME = re.compile(r"[A-Za-z][\w-]{0,199}", re.ASCII)
_DATASET = re.compile(r"[\w-]{0,100}", re.ASCII)


@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    """The menus ``genre`` of the field ``champ``, whose parts are in the address too, over the columns of ``jeu``.

    They offer what the person who asks may read, and nothing else: of another dataset they know no column.
    """
    query = request.GET
    make, name, dataset = MENUS.get(query.get("genre", "")), query.get("champ", ""), query.get("jeu", "")
    if make is None or not _NAME.fullmatch(name) or not _DATASET.fullmatch(dataset):
        raise Http404
    widget = make(lines=4 if query.get("lignes", "1") != "1" else 1)
    widget.source, widget.dataset = MenuSource(actor_of(request.user)), dataset
    widget.is_being_filled = widget.has_script = True
    data = query.copy()
    data[widget.dataset_name(name)] = dataset
    text = (widget.value_from_datadict(data, {}, name) or "")[:8000]
    return HttpResponse(widget.render(name, text, {"id": query.get("id", "")[:200] or None}))


_MOST_WORDS = 100


@require_GET
def values(request: HttpRequest) -> JsonResponse:
    """``{"values": […]}``: values of the column ``colonne`` of ``jeu`` that have the words ``mots``, for who may read them."""
    query = request.GET
    source = MenuSource(actor_of(request.user))
    words = query.get("mots", "")[:_MOST_WORDS]
    return JsonResponse(
        {"values": source.values_with(query.get("jeu", "")[:100], query.get("colonne", "")[:200], words)}
    )


@require_GET
def territories(request: HttpRequest) -> JsonResponse:
    """``{"values": […]}``: territories of the reference that have the words ``mots``."""
    return JsonResponse({"values": territories_with(request.GET.get("mots", "")[:_MOST_WORDS])})
