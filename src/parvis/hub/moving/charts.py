"""Charts of pages of a former portal, asked again of that portal: the same aggregation, the same numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.sources.page_skeletons import Piece
from parvis.core.sources.portal_lists import read_groups
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.drawings.questions import Asked, rows_of
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.moving.reading import Portal
from parvis.hub.moving.widgets import Raw
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.blocks.charts import ChartBlock

MOST_COMPARED: Final = 40
"""Charts of one page that are compared."""
MOST_GROUPS: Final = 20_000
"""Groups that a portal gives in one answer."""


def compare_charts(portal: Portal, charts: Iterable[tuple[Piece, Raw]]) -> list[Sentence]:
    """What is to be said of the charts of a page, once asked of both: nothing of those that could not be asked but that."""
    notes = []
    same = 0
    for rank, (piece, raw) in enumerate(charts, start=1):
        if rank > MOST_COMPARED:
            notes.append(Sentence("graphiques non comparés, au-delà de {count}", {"count": MOST_COMPARED}))
            break
        title = str(raw["value"].get("title") or raw["value"]["dataset"])
        try:
            differences = _differences(portal, piece, raw)
        except (Cancelled, ComeBackLater):
            raise
        except ParvisError as error:
            values: dict[str, str | int | Sentence] = {"title": title, "reason": error.sentences()[0]}
            notes.append(Sentence("graphique « {title} » : non comparé ({reason})", values))
            continue
        if differences:
            values = {"title": title, "count": differences}
            notes.append(Sentence("graphique « {title} » : {count} valeurs diffèrent de celles de là-bas", values))
        else:
            same += 1
    if same:
        notes.append(Sentence("graphiques comparés à ceux de là-bas, et identiques : {count}", {"count": same}))
    return notes


def _differences(portal: Portal, piece: Piece, raw: Raw) -> int:
    block = ChartBlock()
    plan = block.plan(block.to_python(raw["value"]), Reader(ANONYMOUS))
    return differences_of(portal, [piece.dataset] * len(plan.questions), plan.questions, ANONYMOUS)


def differences_of(portal: Portal, names: Sequence[str], questions: Sequence[Asked], actor: Actor) -> int:
    """How many groups of a chart differ between here and there, where the datasets have these names."""
    count = 0
    for name, question in zip(names, questions, strict=True):
        rows, _total = rows_of(actor, question)
        count += _unlike(rows, _asked(portal, name, question))
    return count


def _asked(portal: Portal, name: str, question: Asked) -> list[dict[str, Any]]:
    query_there = question.question
    query = {"select": query_there.select, "group_by": query_there.group_by, "limit": str(MOST_GROUPS)}
    if query_there.where:
        query["where"] = " and ".join(f"({part})" for part in query_there.where)
    path = f"/api/explore/v2.1/catalog/datasets/{quote(name, safe='')}/records?{urlencode(query)}"
    return portal.read(path, read_groups).facts()


def _unlike(here: Iterable[Mapping[str, Any]], there: Iterable[Mapping[str, Any]]) -> int:
    """How many rows are on one side alone; a row without a value counts on neither."""
    own, far = (Counter(filter(None, map(_row, rows))) for rows in (here, there))
    return max((own - far).total(), (far - own).total())


def _row(row: Mapping[str, Any]) -> tuple[str, ...] | None:
    values = {name: value for name, value in row.items() if value is not None}
    if not any(isinstance(value, int | float) and not isinstance(value, bool) for value in values.values()):
        return None
    return tuple(f"{name}={_written(values[name])}" for name in sorted(values))


def _written(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    number = float(value)
    return f"{number:.9g}" if math.isfinite(number) else ""
