"""What comparisons of any kind of portal share: how a difference is told, our side of it, and the sums of two tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.module_loading import import_string

from parvis.core.columns import Column
from parvis.core.metadata import THEME_BY_SLUG
from parvis.core.progress import Progress
from parvis.core.sources.contract import Request
from parvis.core.sources.fingerprints import TableSum
from parvis.core.text import fold
from parvis.core.versions.manifest import Manifest
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.harvesting.asking import send_twice
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import Correspondence
from parvis.hub.registry import modules
from parvis.hub.store import store, version_name

SECONDS: Final = 3_600.0
_LONGEST: Final = 300

type Difference = dict[str, Any]
"""``part`` (identifier, card, column, rows, values, facet, document), ``name``, what is ``there`` and ``here``."""


def difference(part: str, name: str, there: Any, here: Any) -> Difference:
    """One difference, bounded."""
    return {"part": part, "name": name[:_LONGEST], "there": _short(there), "here": _short(here)}


def themes_chosen(chosen: Correspondence, words: Iterable[str]) -> list[str]:
    """Themes of the portal as a dataset of here has them: what somebody chose of ours for a word, the other words as they are."""
    slugs = {word: chosen.themes.get(fold(word), "") for word in words}
    return list(
        dict.fromkeys(THEME_BY_SLUG[slug].label if slug in THEME_BY_SLUG else word for word, slug in slugs.items())
    )


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def ask_again(source: Source, url: str, destination: Path, progress: Progress, most: int) -> Path:
    """The answer of the portal, whole."""
    return send_twice(source, Request(url), destination, progress, max_bytes=most, total_seconds=SECONDS).path


def served_object(dataset: Dataset) -> dict[str, Any]:
    """The dataset as our own API tells it: what reusers of the former portal will read."""
    path = next((module.dataset_object for module in modules() if module.dataset_object), "")
    served: dict[str, Any] = import_string(path)(dataset) if path else {}
    return served


def files_of_version(dataset: Dataset, version: Version, manifest: Manifest) -> list[Path]:
    """The Parquet files of a version."""
    return [store().local(f"{version_name(dataset.uid, version.name)}/{part.file}") for part in manifest.parts]


def table_facts(columns: Sequence[Column], there: TableSum, here: TableSum) -> dict[str, Any]:
    """Both tables in a few words, as the report has them."""
    return {
        "rows": [there.rows, here.rows],
        "sums": [there.sum, here.sum],
        "columns": [
            {
                "name": column.name,
                "type": str(column.type),
                "filled": [there.columns[column.name].filled, here.columns[column.name].filled],
                "sums": [there.columns[column.name].sum, here.columns[column.name].sum],
            }
            for column in columns
        ],
    }


def row_differences(columns: Sequence[Column], there: TableSum, here: TableSum) -> Iterator[Difference]:
    """How two tables differ, column by column, then by whole rows."""
    if there.rows != here.rows:
        yield difference("rows", "", there.rows, here.rows)
    is_same = there.rows == here.rows
    for column in columns:
        far, own = there.columns[column.name], here.columns[column.name]
        if far.filled != own.filled:
            yield difference("values", f"{column.name}.filled", far.filled, own.filled)
        elif far.sum != own.sum:
            yield difference("values", column.name, far.sum, own.sum)
        is_same = is_same and far == own
    if is_same and there.sum != here.sum:  # each value is there, in another row
        yield difference("values", "rows", there.sum, here.sum)


def value_differences(counts: Mapping[str, Mapping[str, int]], here: TableSum) -> Iterator[Difference]:
    """How the counts of the values of columns differ; an empty text is no value here."""
    for name, values in counts.items():
        own = here.facets.get(name)
        for value, count in values.items() if own is not None else ():
            if own is not None and value and own.get(value, 0) != count:
                yield difference("facet", f"{name} = {value}", count, own.get(value, 0))
