"""The catalogue as one caller sees it, built once for each state of the catalogue and kept in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from parvis.core.engine import MemorySource
from parvis.core.odsql import Names
from parvis.core.translation import supported
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.rules import may_see
from parvis.web.api.explore.announced import announced_object
from parvis.web.api.explore.catalogue_table import catalogue_table
from parvis.web.api.explore.dataset_object import dataset_object
from parvis.web.api.explore.endpoint import absolute
from parvis.web.api.explore.metas import APP_TEMPLATES
from parvis.web.api.explore.sources import described_source

_MOST_VIEWS = 32
_MOST_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """Dataset objects by identifier in the order of titles, the same as a table with its names, and a mark of its state."""

    objects: dict[str, dict[str, Any]]
    source: MemorySource
    names: Names
    state: str


class Remembered:
    """The views used last: at most 32, and 20,000 dataset objects in all."""

    def __init__(self, views: int = _MOST_VIEWS, objects: int = _MOST_OBJECTS) -> None:
        self._kept: OrderedDict[Hashable, CatalogueView] = OrderedDict()
        self._views, self._objects = views, objects
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> CatalogueView | None:
        """The view of that key, when it is still there."""
        with self._lock:
            view = self._kept.get(key)
            if view is not None:
                self._kept.move_to_end(key)
            return view

    def keep(self, key: Hashable, view: CatalogueView) -> CatalogueView:
        """Remember a view, forgetting those used least recently beyond the bounds."""
        with self._lock:
            self._kept[key] = view
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and (len(self._kept) > self._views or self._weight() > self._objects):
                self._kept.popitem(last=False)
        return view

    def _weight(self) -> int:
        return sum(len(view.objects) for view in self._kept.values())


_remembered = Remembered()


def catalogue_view(request: HttpRequest, actor: Actor, lang: str) -> CatalogueView:
    """What the actor may see now.

    The catalogue's mark is read before its rows: when something is published in between, what is kept under the former
    mark is newer than it says, never older, and the next call builds again.
    """
    revision = catalogue.catalogue_revision()
    shown = supported(lang)
    seen = _seen_by(actor)
    key = (revision, seen, shown, request.build_absolute_uri(absolute_path("/")))
    view = _remembered.get(key)
    if view is None:
        # The same in every process, so that a validator given by one is known to the others.
        state = f"{revision} {shown} {'anybody' if seen is None else sorted(seen)}"
        view = _remembered.keep(key, _built(request, actor, shown, state))
    return view


@lru_cache(maxsize=1)
def empty_view() -> CatalogueView:
    """A catalogue of no dataset, which understands the same questions."""
    source, names = catalogue_table([])
    return CatalogueView({}, source, names, "empty")


def without_app_metas(full: dict[str, Any]) -> dict[str, Any]:
    """The object without the templates that ``include_app_metas`` shows."""
    metas = {name: values for name, values in full["metas"].items() if name not in APP_TEMPLATES}
    return {**full, "metas": metas}


def _seen_by(actor: Actor) -> frozenset[int] | None:
    """The datasets whose rows the actor may read; None for anyone who is not known."""
    if actor is ANONYMOUS:
        return None
    # what is announced is the same for all in one state of the catalogue
    return frozenset(catalogue.datasets_visible_to(actor).order_by().values_list("pk", flat=True))


def _built(request: HttpRequest, actor: Actor, lang: str, state: str) -> CatalogueView:
    rows = catalogue.datasets_announced_to(actor).prefetch_related("attachments").order_by(catalogue.folded_title())
    objects = {}
    for row in rows:
        source = described_source(row, row.current)
        objects[row.dataset_id] = dataset_object(
            row,
            source.shape,
            source.manifest,
            lambda path: absolute(request, path),
            lang=lang,
            with_app_metas=True,
        )
        if not may_see(actor, row.guarded):
            objects[row.dataset_id] = announced_object(objects[row.dataset_id])
    source, names = catalogue_table(list(objects.values()))
    return CatalogueView(objects, source, names, state)
