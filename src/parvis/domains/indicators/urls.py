"""Addresses of this room; ``config`` mounts them and says how errors become pages, since domains do not know the web."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from parvis.domains.indicators import api, boardviews, embeds, feeds, followviews, views

type View = Callable[..., HttpResponse]


def pages(page: Callable[[View], View]) -> list[URLPattern]:
    """The public pages, each under ``page``, that shows errors of the house in the look of the portal."""
    one = "indicateurs/<slug:slug>"
    return [
        path("indicateurs/", page(views.indicators), name="indicators"),
        path("indicateurs/flux.atom", page(feeds.all_feed), name="indicators-feed"),
        path("indicateurs/tableau/", page(boardviews.board), name="indicators-board"),
        path("indicateurs/semaine/", page(followviews.digest), name="indicators-digest"),
        path("compte/alertes/<str:key>/confirmer/", page(followviews.confirm), name="indicators-confirm"),
        # Under « compte », which a private portal leaves open: their key is the proof. The mark of exemption is read on the outermost function.
        path("compte/alertes/<str:key>/arreter/", csrf_exempt(page(followviews.stop)), name="indicators-stop"),
        path("compte/tableaux/", page(boardviews.boards), name="indicators-boards"),
        path(f"{one}/", page(views.indicator), name="indicator"),
        path(f"{one}/prevenir/", page(followviews.alert), name="indicator-alert"),
        path(f"{one}/integrer/", page(embeds.embed), name="indicator-embed"),
        path(f"{one}/flux.atom", page(feeds.one_feed), name="indicator-feed"),
        re_path(
            r"^indicateurs/(?P<slug>[-\w]+)/image\.(?P<form>svg|png)$", page(embeds.image), name="indicator-picture"
        ),
        path(f"{one}/valeurs/<int:key>/", page(views.value), name="indicator-value"),
    ]


def doors(door: Callable[[View], View]) -> list[URLPattern]:
    """The addresses for programs, each under ``door``, that finds who asks, allows any origin and tells errors in JSON."""
    return [
        path("api/parvis/v1/indicators", door(api.indicators), name="indicators-api"),
        path("api/parvis/v1/indicators/<slug:slug>", door(api.indicator), name="indicator-api"),
    ]
