"""The picture of a card: a thumbnail once it was drawn, the pictogram of the theme until then."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from parvis.core.charts.themes import THEMES
from parvis.core.charts.thumbnails import HEIGHT, WIDTH
from parvis.hub.sites.lens import current_lens
from parvis.hub.thumbnails.rules import file_of, is_shown
from parvis.hub.thumbnails.selectors import names_of

register = template.Library()

_DRAWN = frozenset({"map", "chart", "page"})
"""Kinds of records that have thumbnails: of others none is looked for."""
_TEMPLATE = "parvis/thumbnails/thumbnail.html"


@register.inclusion_tag(_TEMPLATE, takes_context=True)
def dataset_thumbnail(context: Context, dataset: Any) -> dict[str, Any]:
    """The picture of a dataset; never one of rows that this reader may only know of."""
    is_closed = getattr(dataset, "on_request", False)  # set by lists that hold such datasets
    name = dataset.current.thumbnail if dataset.current and not is_closed else ""
    themes = dataset.themes or [""]
    if not is_shown(name):
        return {"theme": themes[0]}
    facts = _facts(context, themes[0], partial(_address_of, dataset), name)
    # One picture of a version serves every site; that of a commune, whose card counts its own rows, is told what it looks at.
    return facts | {"is_of_whole": current_lens() is not None and dataset.rows_here not in (None, dataset.current.rows)}


@register.inclusion_tag(_TEMPLATE, takes_context=True)
def suggestion_thumbnail(context: Context, dataset: Any, name: str) -> dict[str, Any]:
    """The picture of a chart proposed of a dataset; nothing while it is not drawn."""
    return _facts(context, "", partial(_address_of, dataset), name) if is_shown(name) else {"is_absent": True}


def _address_of(dataset: Any, file: str) -> str:
    return reverse("dataset-thumbnail", args=[dataset.dataset_id, file])


@register.inclusion_tag(_TEMPLATE, takes_context=True)
def record_thumbnail(
    context: Context, kind: str, key: int, theme: str = "", *, as_lead: bool = False
) -> dict[str, Any]:
    """The picture of a map, a chart or a page; ``as_lead``: at the head of its own page, where no pictogram stands for it."""
    request = context.get("request")
    name = names_of(request, kind).get(key, "") if request is not None else ""
    if not name:
        return {"theme": theme, "is_absent": as_lead}
    return _facts(context, theme, lambda file: reverse("thumbnail", args=[kind, key, file]), name)


@register.inclusion_tag(_TEMPLATE, takes_context=True)
def hit_thumbnail(context: Context, kind: str, hit: Any) -> dict[str, Any]:
    """The picture of what a search of all the portal found: its own when it was drawn, else the pictogram of its ``kind``."""
    if hit.dataset is not None:
        return dataset_thumbnail(context, hit.dataset)
    return record_thumbnail(context, kind, hit.key, kind) if kind in _DRAWN else {"theme": kind}


def _facts(context: Context, theme: str, address: Any, name: str) -> dict[str, Any]:
    request = context.get("request")
    chosen = request.COOKIES.get("apparence", "") if request is not None else ""
    plain = chosen if chosen in THEMES else "light"
    return {
        "theme": theme,
        "address": address(file_of(name, plain)),
        "dark": address(file_of(name, "dark")) if chosen not in THEMES else "",
        "width": WIDTH,
        "height": HEIGHT,
    }
