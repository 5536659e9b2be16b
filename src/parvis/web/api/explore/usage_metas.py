"""How much datasets are used, as this portal publishes it (``hub.usage.publication``) and no more: whole past days, no robots.

The stock of dataset objects does not hold it: counts change each night, objects when their dataset does. They are laid over the
objects and over the table of a view, which is made again when the usage is published, since that changes the catalogue.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pyarrow as pa
from cachetools import LRUCache, cached

from parvis.core.engine import Source
from parvis.core.errors import NotFound, RequestError
from parvis.core.explore import ExploreRequest, records
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.catalogue.selectors import DataOnRequest, public_dataset
from parvis.hub.datastore.selectors import engine, whole_source_of
from parvis.hub.usage.publication import DATASET_ID, PUBLISHED_NATURES
from parvis.hub.usage.rules import Nature, Subject, subject_of

_MOST = 1_000_000
"""Groups of a dataset and a nature: five for each dataset."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The metadata of usage of datasets by identifier; ``version`` of what the portal publishes of it, empty when it does not."""

    version: str = ""
    counts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, dataset_id: str, visibility: str) -> Mapping[str, Any]:
        """Those of a dataset: nothing of one that is not for all, of which nothing is published."""
        if not self.version or visibility != "domain":
            return {}
        return self.counts.get(dataset_id, _metas(Counter()))

    def over(self, table: pa.Table) -> pa.Table:
        """The table of the catalogue with them."""
        if not self.version:
            return table
        names = zip(table.column("dataset_id").to_pylist(), table.column("visibility").to_pylist(), strict=True)
        rows = [self.of(*name) for name in names]
        for name in _metas(Counter()):
            rank = table.schema.get_field_index(f"explore.{name}")
            values = pa.array([row.get(name) for row in rows], table.schema.field(rank).type)
            table = table.set_column(rank, table.schema.field(rank), values)
        return table


NO_USAGE = Usage()
"""Of a portal that publishes none."""


def usage_now() -> Usage:
    """What is published now; nothing where the usage is not, or not to all, or where that dataset has other columns."""
    try:
        dataset = public_dataset(ANONYMOUS, DATASET_ID)
        return _usage_of(whole_source_of(dataset, dataset.current))
    except (NotFound, DataOnRequest, RequestError):
        return NO_USAGE


@cached(LRUCache(1), key=attrgetter("key"), lock=threading.Lock())
def _usage_of(source: Source) -> Usage:
    question = ExploreRequest(
        select="identifiant, nature, sum(nombre) as total",
        where=(f"objet = '{subject_of(Subject.DATASET).published}' and not robots",),
        group_by="identifiant, nature",
    )
    page = records(engine(), source, question, most=_MOST)
    by_dataset: dict[str, Counter[str]] = {}
    for row in page.results:
        by_dataset.setdefault(row["identifiant"], Counter())[row["nature"]] = row["total"]
    return Usage(source.key, {name: _metas(counts) for name, counts in by_dataset.items() if name})


def _metas(counts: Counter[str]) -> dict[str, Any]:
    return {
        "download_count": counts[PUBLISHED_NATURES[Nature.DOWNLOAD]],
        "api_call_count": counts[PUBLISHED_NATURES[Nature.CALL]],
        "popularity_score": round(math.log10(1 + counts.total()), 3),
    }
