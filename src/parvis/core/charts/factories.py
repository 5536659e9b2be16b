"""Made-up charts of every type with their answers, for tests and for the style guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.questions import Answer, Table, completed
from parvis.core.columns import Column, ColumnType, TableShape

TABLE = Table(
    TableShape(
        (
            Column("commune", "Commune", ColumnType.TEXT),
            Column("modele", "Modèle", ColumnType.TEXT),
            Column("pose_le", "Date de pose", ColumnType.DATE),
            Column("annee", "Année", ColumnType.INT),
            Column("arceaux", "Arceaux", ColumnType.INT, annotations={"unit": "arceaux"}),
            Column("prix", "Prix", ColumnType.DOUBLE, annotations={"unit": "€"}),
            Column("age", "Âge", ColumnType.TEXT),
            Column("sexe", "Sexe", ColumnType.TEXT),
        )
    ),
    rows=1_000,
)
COMMUNES = ("Évry-Courcouronnes", "Corbeil-Essonnes", "Grigny", "Lieusaint")
_MODELS = ("Arceau", "Box", "Abri")


def _made(number: int) -> int:
    """A number that looks at random and is always the same."""
    return 20 + number * 7919 % 481


def _rows(*keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    first, second = keys[0], keys[1] if len(keys) > 1 else ("",)
    for rank, (group, series) in enumerate((g, s) for g in first for s in second):
        row: dict[str, Any] = {"c_group": group, "c_value": _made(rank)}
        yield row | {"c_series": series} if series else row


_YEARS = [str(year) for year in range(2015, 2024)]
_MONTHS = [f"{year}-{month:02}" for year in (2022, 2023) for month in range(1, 13)]
_AGES = [f"{age} à {age + 9} ans" for age in range(0, 100, 10)]
_HOURS = [f"{hour:02} h" for hour in range(7, 20, 2)]

type Made = tuple[dict[str, Any], list[dict[str, Any]]]
_MADE: Mapping[str, Made] = {
    "bars": ({"grouping": "commune", "calculation": "sum", "measure": "arceaux"}, list(_rows(COMMUNES))),
    "lines": ({"grouping": "pose_le", "step": "month"}, list(_rows(_MONTHS))),
    "areas": ({"grouping": "pose_le", "step": "year", "series": "modele"}, list(_rows(_YEARS, _MODELS))[:-1]),
    "points": (
        {"measure": "prix", "against": "arceaux", "series": "modele"},
        [{"c_value": 3.5 * x + x % 7, "c_against": x, "c_series": _MODELS[x % 3]} for x in range(40)],
    ),
    "pie": ({"grouping": "modele"}, list(_rows(_MODELS))),
    "histogram": (
        {"measure": "prix", "step": "50"},
        [{"c_group": f"[{low}, {low + 50}[", "c_value": _made(low)} for low in range(0, 600, 50)],
    ),
    "box": (
        {"measure": "prix", "grouping": "commune"},
        [
            {"c_group": name, "c_low": 1.5, "c_first": 10.0 + n, "c_middle": 22.0 + n, "c_third": 40.0, "c_high": 99.0}
            | {"c_count": 40 + n}
            for n, name in enumerate(COMMUNES)
        ],
    ),
    "heatmap": ({"grouping": "pose_le", "step": "weekday", "series": "age"}, list(_rows("1234567", _HOURS))),
    "pyramid": ({"grouping": "age", "series": "sexe"}, list(_rows(_AGES, ("Femmes", "Hommes")))),
    "treemap": ({"grouping": "commune", "series": "modele"}, list(_rows(COMMUNES, _MODELS))),
    "sankey": ({"grouping": "commune", "series": "modele"}, list(_rows(COMMUNES, _MODELS))),
    "multiples": ({"grouping": "pose_le", "step": "year", "series": "commune"}, list(_rows(_YEARS, COMMUNES))),
}


def make_chart(mark: str, **changes: Any) -> tuple[ChartDescription, list[Answer]]:
    """A completed description of that type and its answers."""
    source, rows = _MADE[mark]
    description = ChartDescription(mark, (SeriesSource("arceaux", **source),), **{"title": "Des arceaux", **changes})
    return completed(description, {"arceaux": TABLE}), [Answer([dict(row) for row in rows], len(rows), TABLE)]


def make_answered(mark: str, rows: list[dict[str, Any]], total: int | None = None, **source: Any) -> Any:
    """A description of one source and its answer made of those rows."""
    changes = {name: source.pop(name) for name in ("title", "order", "unit", "stacked", "decimals") if name in source}
    description = ChartDescription(mark, (SeriesSource("arceaux", **source),), **changes)
    return completed(description, {"arceaux": TABLE}), [Answer(rows, len(rows) if total is None else total, TABLE)]
