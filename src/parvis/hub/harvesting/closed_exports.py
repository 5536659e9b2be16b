"""Rows of an Explore portal whose exports are closed, by its ``/records``: to be brought, then once more, otherwise, to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from parvis.core.errors import ParvisError
from parvis.core.fetching import Answer, HttpStatus
from parvis.core.progress import Progress
from parvis.core.sources.explore_records import SLUG, first_page
from parvis.hub.harvesting.copies import gather
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import SourceRefused

_NO_SUCH_FORMAT: Final = frozenset({400, 403, 404, 405, 406, 410, 415, 501})


def is_closed(error: ParvisError) -> bool:
    """Whether a portal says by that error that it does not give an export: there may be another way."""
    return isinstance(error, HttpStatus | SourceRefused) and error.details.get("status") in _NO_SUCH_FORMAT


def rows_by_pages(
    source: Source, address: str, card: Mapping[str, Any], folder: Path, progress: Progress, *, again: bool = False
) -> Answer:
    """Every row, one a line, of the dataset at that address of the API; ``again`` in another order. What cannot be had whole is raised."""
    gathered = folder / "rows"
    gathered.mkdir(exist_ok=True)
    path = gathered / "rows.jsonl"
    path.write_bytes(b"")
    first = first_page(f"{address}/records", card.get("fields") or [], again=again)
    gather(source, SLUG, [first], path, progress)
    return Answer(200, path, first.url)
