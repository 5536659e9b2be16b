"""Addresses of this room; ``config`` mounts them and says how errors become pages, since domains do not know the web."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from parvis.domains.indicators import api, views

type View = Callable[..., HttpResponse]


def pages(page: Callable[[View], View]) -> list[URLPattern]:
    """The public pages, each under ``page``, that shows errors of the house in the look of the portal."""
    return [
        path("indicateurs/", page(views.indicators), name="indicators"),
        path("indicateurs/<slug:slug>/", page(views.indicator), name="indicator"),
        path("indicateurs/<slug:slug>/valeurs/<int:key>/", page(views.value), name="indicator-value"),
    ]


def doors(door: Callable[[View], View]) -> list[URLPattern]:
    """The addresses for programs, each under ``door``, that finds who asks, allows any origin and tells errors in JSON."""
    return [
        path("api/parvis/v1/indicators", door(api.indicators), name="indicators-api"),
        path("api/parvis/v1/indicators/<slug:slug>", door(api.indicator), name="indicator-api"),
    ]
