"""The catalogue as one caller sees it: which datasets, in which order, and what of them; objects are those of the store."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from cachetools import LRUCache
from django.http import HttpRequest

from parvis.core.engine import MemorySource
from parvis.core.odsql import Names
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.languages import card_language_for
from parvis.hub.sites.lens import current_lens
from parvis.web.api.explore.announced import announced_object
from parvis.web.api.explore.catalogue_stock import Entry, Stock
from parvis.web.api.explore.catalogue_store import store_of
from parvis.web.api.explore.catalogue_table import fixed_table, with_addresses, with_custom, with_metas
from parvis.web.api.explore.endpoint import absolute
from parvis.web.api.explore.lens_metas import metas_through
from parvis.web.api.explore.metas import APP_TEMPLATES
from parvis.web.api.explore.usage_metas import NO_USAGE, Usage, usage_now

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.sites.lens import Lens

_MOST_VIEWS = 32
_MOST_ROWS = 20_000
"""Rows of tables of their own, all views together."""

_MOST_PIECES = 64
"""A view is made of slices of the store's table up to so many; beyond, it is quicker to scan as a copy."""


@dataclass(frozen=True, slots=True)
class Objects(Mapping[str, dict[str, Any]]):
    """Dataset objects by identifier, in the order of the catalogue, each unpacked when it is asked for."""

    entries: Mapping[str, Entry]
    closed: frozenset[str]
    """Those of which the caller may not read the rows."""
    measured: Mapping[str, Mapping[str, Any]]
    """Basic metadata of the rows that the site of the request shows, where these are not all."""
    base: str
    """The full address of the API."""
    usage: Usage = NO_USAGE

    def __getitem__(self, dataset_id: str) -> dict[str, Any]:
        full = self.entries[dataset_id].unpacked()
        for attachment in full["attachments"]:
            attachment["url"] = self.base + attachment["url"]
        full["metas"]["default"] |= self.measured.get(dataset_id, {})
        full["metas"]["explore"] |= self.usage.of(dataset_id, full["visibility"])
        return announced_object(full) if dataset_id in self.closed else full

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """Dataset objects by identifier in the order of the catalogue, the same as a table with its names, and a mark of its state."""

    objects: Objects
    source: MemorySource
    names: Names
    state: str
    tables: dict[str, pa.Table] = field(default_factory=dict)
    """Those of the hosts that asked, which share all columns but one."""

    @property
    def customs(self) -> Iterable[Mapping[str, Any]]:
        """The added metadata of each dataset, by qualified name."""
        return (entry.custom for entry in self.objects.entries.values())

    def at(self, base: str) -> CatalogueView:
        """The same with full addresses: that of the API is ``base``."""
        table = self.tables.get(base)
        if table is None:
            if len(self.tables) >= _MOST_VIEWS:
                self.tables.clear()
            table = self.tables[base] = with_addresses(self.source.table, base)
        return replace(self, objects=replace(self.objects, base=base), source=replace(self.source, table=table))


type Key = tuple[str, frozenset[int] | None, Lens | None]


class Remembered:
    """The views used last of the catalogue as it is now: at most 32, and 20,000 rows in tables of their own."""

    def __init__(self, views: int = _MOST_VIEWS, rows: int = _MOST_ROWS) -> None:
        self._views: LRUCache[Key, tuple[Stock, CatalogueView, int]] = LRUCache(views)
        self._rows = rows
        self._lock = threading.Lock()

    def get(self, key: Key, stock: Stock) -> CatalogueView | None:
        """The view of that key made of that stock, when it is still there."""
        with self._lock:
            entry = self._views.get(key)
        return entry[1] if entry is not None and entry[0] is stock else None

    def keep(self, key: Key, stock: Stock, view: CatalogueView, rows: int) -> CatalogueView:
        """Remember a view that has ``rows`` in a table of its own, forgetting those used least recently beyond the bounds."""
        with self._lock:
            for other in [name for name, entry in self._views.items() if name[0] == key[0] and entry[0] is not stock]:
                del self._views[other]  # it would hold the whole table of a catalogue that is no more
            self._views[key] = (stock, view, rows)
            while len(self._views) > 1 and sum(entry[2] for entry in self._views.values()) > self._rows:
                self._views.popitem()
        return view


_remembered = Remembered()


def catalogue_view(request: HttpRequest, actor: Actor, lang: str) -> CatalogueView:
    """What the actor may see now."""
    shown = card_language_for(lang)
    stock = store_of(shown).latest()
    key = (shown, _seen_by(actor), current_lens())
    view = _remembered.get(key, stock)
    if view is None:
        view, rows = _built(actor, stock, key)
        _remembered.keep(key, stock, view, rows)
    return view.at(absolute(request, ""))


@lru_cache(maxsize=1)
def empty_view() -> CatalogueView:
    """A catalogue of no dataset, which understands the same questions."""
    source, names = with_custom(fixed_table(()), ())
    return CatalogueView(Objects({}, frozenset(), {}, ""), source, names, "empty")


def without_app_metas(full: dict[str, Any]) -> dict[str, Any]:
    """The object without the templates that ``include_app_metas`` shows."""
    metas = {name: values for name, values in full["metas"].items() if name not in APP_TEMPLATES}
    return {**full, "metas": metas}


def _seen_by(actor: Actor) -> frozenset[int] | None:
    """The datasets whose rows the actor may read; None for anyone who is not known."""
    if actor is ANONYMOUS:
        return None
    # what is announced is the same for all in one state of the catalogue
    return frozenset(_keys(catalogue.datasets_visible_to(actor)))


def _keys(datasets: QuerySet[Dataset]) -> set[int]:
    return set(datasets.order_by().values_list("pk", flat=True))


def _built(actor: Actor, stock: Stock, key: Key) -> tuple[CatalogueView, int]:
    """The view, and how many rows it has in a table of its own."""
    lang, seen, lens = key
    readable = _keys(catalogue.datasets_visible_to(actor)) if seen is None else seen
    closed = _keys(catalogue.datasets_announced_to(actor)) - readable
    # What was published since the stock was made waits for the next.
    shown = {*(readable & stock.rows.rank.keys()), *(closed & stock.reserved.rank.keys())}
    order = sorted(shown, key=stock.rows.rank.__getitem__)
    entries = {stock.entries[pk].dataset_id: stock.entries[pk] for pk in order}
    measured = metas_through(lens, {pk: stock.entries[pk] for pk in shown & readable}) if lens else {}
    table, rows = _table(stock, order, closed)
    usage = usage_now()
    source, names = with_custom(usage.over(with_metas(table, measured)), [entry.custom for entry in entries.values()])
    # The same in every process, so that a validator given by one is known to the others.
    state = f"{stock.revision} {lang} {'anybody' if seen is None else sorted(seen)}"
    objects = Objects(entries, frozenset(stock.entries[pk].dataset_id for pk in shown & closed), measured, "", usage)
    return CatalogueView(objects, source, names, state), rows


def _table(stock: Stock, order: Sequence[int], closed: Set[int]) -> tuple[pa.Table, int]:
    """The rows of these datasets, and how many of them had to be copied."""
    places = [(pk in closed, (stock.reserved if pk in closed else stock.rows).rank[pk]) for pk in order]
    slices: list[list[int]] = []
    for is_closed, rank in places:
        last = slices[-1] if slices else None
        if last is not None and last[0] == is_closed and last[2] == rank:
            last[2] += 1
        else:
            slices.append([is_closed, rank, rank + 1])
    tables = (stock.rows.table, stock.reserved.table)
    if len(slices) <= _MOST_PIECES:
        pieces = [tables[is_closed].slice(start, end - start) for is_closed, start, end in slices]
        return pa.concat_tables(pieces or [tables[0].slice(0, 0)]), 0
    offset = tables[0].num_rows
    whole = pa.concat_tables(tables).combine_chunks()
    taken = whole.take(pa.array([rank + offset * is_closed for is_closed, rank in places], pa.int64()))
    return taken.combine_chunks(), len(places)
