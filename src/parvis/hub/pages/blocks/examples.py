"""What blocks of data show where an editor chooses one: themselves, on a dataset of the portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from parvis.core.charts.suggestions import suggest
from parvis.core.errors import ParvisError
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.drawings.questions import opened, table_of
from parvis.hub.pages.form_actor import current_actor
from parvis.hub.registry import collections

MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Example:
    """A dataset that is worth a bar chart: its identifier, its title, its rows, the column of its bars."""

    dataset: str
    title: str
    rows: int
    grouping: str
    placed: str = ""
    """The first dataset that has places; empty when none has."""


def example() -> Example | None:
    """The first of the latest public datasets that suggests bars; None when none does."""
    actor = current_actor()
    for dataset in datasets_visible_to(actor).order_by("-featured", "-data_modified", "title")[:MOST_TRIED]:
        try:
            source = opened(actor, dataset.dataset_id)[2]
        except ParvisError:
            continue  # its rows cannot be read now
        bars = next((one for one in suggest(dataset.dataset_id, table_of(source)) if one.mark == "bars"), None)
        if bars is not None:
            grouping = bars.sources[0].grouping
            return Example(dataset.dataset_id, dataset.title, source.rows, grouping, _placed())
    return None


def _placed() -> str:
    dataset = (
        datasets_visible_to(current_actor()).filter(current__has_geometry=True).order_by("-featured", "title").first()
    )
    return dataset.dataset_id if dataset else ""


def _figure(sample: Example) -> dict[str, Any]:
    return {"dataset": sample.dataset, "label": sample.title}


VALUES: Mapping[str, Callable[[Example], dict[str, Any]]] = {
    "figure": _figure,
    "figures": lambda one: {"title": "", "figures": [_figure(one), _figure(one)]},
    "gauge": lambda one: {**_figure(one), "target": one.rows * 1.5},
    "chart": lambda one: {"dataset": one.dataset, "mark": "bars", "grouping": one.grouping},
    "comparison": lambda one: {"dataset": one.dataset, "grouping": one.grouping, "limit": 8},
    "map": lambda one: {"dataset": one.placed} if one.placed else {},
    "table": lambda one: {"dataset": one.dataset, "limit": 5},
    "datasets": lambda one: {"title": "", "datasets": [one.dataset]},
    "records": lambda one: {"collection": next((row.place for row in collections()), "")},
    "filters": lambda one: {"filters": [{"label": "Filtre", "dataset": one.dataset, "column": one.grouping}]},
}
"""For each kind, the raw value that shows it."""
