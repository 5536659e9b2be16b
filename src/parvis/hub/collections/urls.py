"""The addresses of a collection."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from parvis.hub.collections import pictures, views
from parvis.hub.collections.declaration import Collection
from parvis.hub.ui.errors import page


def addresses_of(collection: Collection) -> list[URLPattern]:
    """Those of its list and of each record; see ``declaration``."""
    kwargs, place, noun = {"collection": collection}, collection.place, collection.kind.noun
    patterns = [
        path(f"{place}/", page(views.listing), kwargs, name=collection.name),
        path(f"{place}/flux.atom", page(views.feed), kwargs, name=collection.feed_name),
        path(f"{place}/flux.rss", page(views.feed), {**kwargs, "form": "rss"}, name=f"{collection.feed_name}-rss"),
        path(f"{place}/<slug:slug>/", page(views.record_page), kwargs, name=f"{noun}-page"),
        path(f"{place}/<slug:slug>/integrer/", page(views.embed), kwargs, name=f"{noun}-embed"),
        re_path(
            rf"^{place}/(?P<slug>[-\w]+)/image\.(?P<form>svg|png)$",
            page(pictures.image),
            kwargs,
            name=f"{noun}-picture",
        ),
    ]
    if collection.kind.takes_files:
        patterns.append(
            path(f"{place}/<slug:slug>/fichiers/<slug:file>/", page(views.file), kwargs, name=f"{noun}-file")
        )
    if collection.has_own_feeds:
        patterns.append(path(f"{place}/<slug:slug>/flux.atom", page(views.own_feed), kwargs, name=f"{noun}-own-feed"))
    if collection.has_calendar:
        patterns += [
            path(f"{place}/calendrier.ics", page(views.calendar), kwargs, name=f"{noun}-calendar"),
            path(f"{place}/<slug:slug>/calendrier.ics", page(views.calendar), kwargs, name=f"{noun}-own-calendar"),
        ]
    return patterns
