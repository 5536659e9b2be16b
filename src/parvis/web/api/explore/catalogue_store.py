"""The dataset objects of a process, each made when its dataset changes, whatever the host and whoever asks.

Objects are kept as packed JSON, their links relative, and as rows of an Arrow table: a tenth of what dictionaries take.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Mapping
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from parvis.hub.catalogue.languages import card_languages, in_language
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import (
    catalogue_revision,
    datasets_of_keys,
    keys_stamped_after,
    published_keys,
    published_stamps,
)
from parvis.hub.datastore.facts import seen_facts
from parvis.hub.datastore.selectors import described_shape
from parvis.web.api.explore.announced import announced_object
from parvis.web.api.explore.catalogue_kept import keep_stock, kept_revision, kept_stock
from parvis.web.api.explore.catalogue_stock import Entry, Stock
from parvis.web.api.explore.catalogue_table import added_values, fixed_table
from parvis.web.api.explore.dataset_object import dataset_object

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_AT_ONCE = 200
"""Datasets whose objects are whole in memory together."""

_LEVEL = 1
"""Of compression: the next ones take longer for little."""


class CatalogueStore:
    """The stock of one language, brought up to date when it is asked for: datasets with a new stamp are read, and no other."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._stock = Stock()
        self._lock = threading.Lock()

    def latest(self) -> Stock:
        """The stock of the catalogue as it is now, of which nobody may change anything.

        Its revision is read before the rows: when something is published in between, what is kept is newer than it says, never
        older, and the next call looks again.
        """
        if self._stock.revision != catalogue_revision():
            with self._lock:
                revision = catalogue_revision()
                if self._stock.revision != revision:
                    self._stock = self._renewed(revision)
                    pa.default_memory_pool().release_unused()  # else a process keeps the room of the copies for ever
        return self._stock

    def _renewed(self, revision: int) -> Stock:
        before = self._stock if self._stock.revision else kept_stock(self._lang, published_stamps())
        # A smaller mark is that of a restored backup, of which nothing that was seen since tells.
        if not 0 < before.revision <= revision:
            before = Stock()
        order = published_keys()
        # By their keys, a few at a time: to sort whole rows, a database holds them all.
        changed = dict.fromkeys(key for key in order if key not in before.entries)
        if before.revision:
            changed |= dict.fromkeys(keys_stamped_after(before.revision))
        entries, rows, reserved = dict(before.entries), [], []
        for keys in batched(changed, _AT_ONCE, strict=False):
            datasets = datasets_of_keys(keys)
            for key in keys:
                entries.pop(key, None)
            group = (datasets[key] for key in keys if key in datasets)
            shown = {row.pk: row for row in group if row.status == Status.PUBLISHED and row.current is not None}
            made = {key: _made(row, self._lang) for key, row in shown.items()}
            entries |= {key: _entry(row, made[key]) for key, row in shown.items()}
            closed = {key: announced_object(made[key]) for key, row in shown.items() if row.announced}
            rows.append((list(made), fixed_table(made.values())))
            reserved.append((list(closed), fixed_table(closed.values())))
        # Datasets that are gone without a trace are in no order; those published meanwhile wait for the next revision.
        order = [key for key in order if key in entries]
        return Stock(
            revision,
            {key: entries[key] for key in order},
            before.rows.renewed(rows, order),
            before.reserved.renewed(reserved, [key for key in order if entries[key].is_announced]),
        )


def _made(row: Dataset, lang: str) -> dict[str, Any]:
    facts, spoken = seen_facts(row), in_language(row, lang)
    shape = described_shape(spoken, facts.shape)
    return dataset_object(spoken, shape, facts, str, lang=lang, with_app_metas=True)


def _entry(row: Dataset, made: Mapping[str, Any]) -> Entry:
    packed = zlib.compress(json.dumps(made, ensure_ascii=False).encode(errors="surrogatepass"), _LEVEL)
    has_extent = made["metas"]["default"]["bbox"] is not None
    return Entry(row.dataset_id, packed, added_values(made["metas"]), has_extent, row.announced)


@cache
def store_of(lang: str) -> CatalogueStore:
    """The store of that language, of this process."""
    return CatalogueStore(lang)


MOST_BEHIND = 500
"""Datasets that may have changed since the stock was kept: a process makes these objects in half a second."""


def are_kept_stocks_old() -> bool:
    """Whether a process that starts would have much to make."""
    return any(len(keys_stamped_after(kept_revision(lang))) > MOST_BEHIND for lang in card_languages())


def keep_stocks() -> None:
    """Make the stock of each language as it is now, and keep it for the processes that start."""
    stamps = published_stamps()
    for lang in card_languages():
        keep_stock(lang, CatalogueStore(lang).latest(), stamps)
