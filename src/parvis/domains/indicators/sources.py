"""From a figure back to its rows: datasets, versions, questions, files, and the table that shows the rows counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from parvis.core.indicators.definition import Definition, Part
from parvis.domains.indicators.computation import dataset_named
from parvis.domains.indicators.models import Computation, Value
from parvis.hub.addresses import absolute_path
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.drawings.trails import Filter, question_text, table_address
from parvis.hub.drawings.wording import question_words, quoted_condition
from parvis.hub.territories.selectors import territories

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

_PLAIN = re.compile(r"`?(\w+)`?")


@dataclass(frozen=True, slots=True)
class Origin:
    """One part of a formula with where its number comes from."""

    name: str
    dataset: Dataset
    version: Version | None
    """None when that version is no longer kept."""
    version_name: str
    question: str
    """In ODSQL."""
    words: str
    """The same in words; empty where words would not say it."""
    rows_address: str
    """The table of the rows asked, or their CSV when the filters of the table cannot say the question."""
    number: float | None = None


def origins(computation: Computation, value: Value | None = None) -> list[Origin]:
    """The parts of a computation; those of one ``value`` narrowed to its territory and its period. Rights are the caller's care."""
    definition, rows = computation.described, []
    for name, part in definition.parts.items():
        dataset, version_name = dataset_named(part.dataset), computation.versions.get(part.dataset, "")
        version = dataset.versions.filter(name=version_name).first()
        groups = list(filter(None, (part.territory if definition.has_territories else "", part.period)))
        question = question_text(part.select, part.where, ", ".join(groups))
        shape = shape_of(dataset, version) if version else None  # the labels of columns went with their version
        words = question_words(part.select, part.where, groups, shape)
        address = _rows_address(dataset, version, part, _narrowed(part, value, definition) if value else [])
        number = (value.parts or {}).get(name) if value else None
        rows.append(Origin(name, dataset, version, version_name, question, words, address, number))
    return rows


def _rows_address(dataset: Dataset, version: Version | None, part: Part, narrowed: Sequence[Filter]) -> str:
    conditions = [quoted_condition(condition) for condition in part.where]
    address = table_address(dataset, version, conditions, narrowed) if version else None
    if address is None:
        pairs = urlencode([("where", condition) for condition in part.where])
        return absolute_path(f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/exports/csv?{pairs}".rstrip("?"))
    return address


def _narrowed(part: Part, value: Value, definition: Definition) -> list[Filter]:
    """Filters for the place and the period of a value, where a column of its own says them; a place of several codes is not narrowed."""
    place = value.territory
    if place and definition.level and territories(definition.level).filter(code=place).exclude(former_codes=[]):
        place = ""
    conditions = ((part.territory if place else "", place), (part.period, value.period))
    return [
        (match[1], "egal", text) for expression, text in conditions if text and (match := _PLAIN.fullmatch(expression))
    ]
