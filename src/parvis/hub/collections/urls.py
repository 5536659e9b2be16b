"""The addresses of a collection."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from parvis.hub.collections import pictures, views
from parvis.hub.collections.declaration import Collection
from parvis.hub.ui.errors import page


def addresses_of(collection: Collection) -> list[URLPattern]:
    """Those of its list and of each record; see ``declaration``."""
    given, place, noun = {"collection": collection}, collection.place, collection.kind.noun
    patterns = [
        path(f"{place}/", page(views.listing), given, name=collection.name),
        path(f"{place}/flux.atom", page(views.feed), given, name=collection.feed_name),
        path(f"{place}/<slug:slug>/", page(views.record_page), given, name=f"{noun}-page"),
        path(f"{place}/<slug:slug>/integrer/", page(views.embed), given, name=f"{noun}-embed"),
        re_path(
            rf"^{place}/(?P<slug>[-\w]+)/image\.(?P<form>svg|png)$", page(pictures.image), given, name=f"{noun}-picture"
        ),
    ]
    if collection.kind.takes_files:
        patterns.append(
            path(f"{place}/<slug:slug>/fichiers/<slug:file>/", page(views.file), given, name=f"{noun}-file")
        )
    if collection.has_own_feeds:
        patterns.append(path(f"{place}/<slug:slug>/flux.atom", page(views.own_feed), given, name=f"{noun}-own-feed"))
    if collection.has_calendar:
        patterns += [
            path(f"{place}/calendrier.ics", page(views.calendar), given, name=f"{noun}-calendar"),
            path(f"{place}/<slug:slug>/calendrier.ics", page(views.calendar), given, name=f"{noun}-own-calendar"),
        ]
    return patterns
