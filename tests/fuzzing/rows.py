"""Three datasets for questions written at random: one that is asked, its public neighbour, and one that nobody may read."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

ASKED, NEIGHBOUR, HIDDEN = "marche", "voisin", "coffre"
NEIGHBOUR_MARK, HIDDEN_MARK, HIDDEN_TITLE = "ZQXVOISINAGE", "ZQXCOFFREFORT", "Zqxtitrecache"
"""Words that stand in the cells of one dataset, or in its title, and nowhere else."""

type Row = dict[str, Any]

_NAMES = (
    *("Évry", "evry", "Ris-Orangis", None, "L'Haÿ-les-Roses", "École Évry Nord", "Marché du Nord", 'dit "le Vieux"'),
    *("Halle", "100 % laine", "a;b,c", "الأحد", "Fête 🎪", "nord"),
)
_THEMES = (("sport", "été"), (), ("Évry",), ("sport",), ("été", "hiver", "nord"))
_FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "ref": ("text", {}),
    "nom": ("text", {"facet": True}),
    "rang": ("int", {}),
    "montant": ("double", {}),
    "ouvert": ("boolean", {}),
    "jour": ("date", {"facet": True}),
    "instant": ("datetime", {}),
    "themes": ("text", {"multivalued": ";", "facet": True}),
    "lieu": ("geo_point_2d", {}),
    "contour": ("geo_shape", {}),
}


def made_rows() -> list[Row]:
    """Ninety rows, the same each time, as the API tells them."""
    start = datetime(2021, 1, 15, 0, 30, tzinfo=UTC)
    return [
        {
            "ref": f"r{n:03}",
            "nom": _NAMES[n % 14],
            "rang": None if n % 7 == 3 else n * 3 - 40,
            "montant": None if n % 5 == 1 else n / 4 - 6,
            "ouvert": (True, False, None)[n % 3],
            "jour": None if n % 6 == 5 else (date(2010, 1, 1) + timedelta(days=53 * n)).isoformat(),
            "instant": None if n % 9 == 8 else (start + timedelta(hours=61 * n)).isoformat(),
            "themes": list(_THEMES[n % 5]) or None,
            "lieu": None if n % 4 == 3 else {"lon": 2 + n / 100, "lat": 48 + n / 50},
        }
        for n in range(90)
    ]


def table(rows: list[Row]) -> str:
    """The rows as the text of a CSV file."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(_FIELDS)
    for number, row in enumerate(rows):
        writer.writerow([_cell(name, row.get(name), number) for name in _FIELDS])
    return stream.getvalue()


def _cell(name: str, value: Any, number: int) -> Any:
    if name == "contour" and number % 3 == 0:
        ring = [[2, 48], [2 + number / 100, 48], [2, 49], [2, 48]] if number else [[2, 48], [3, 48], [2, 49], [2, 48]]
        return json.dumps({"type": "Polygon", "coordinates": [ring]})
    if name == "lieu" and value:
        return f"{value['lat']},{value['lon']}"
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def sidecar(dataset_id: str, title: str) -> str:
    """The card and the columns of a dataset."""
    fields = [
        {"name": name, "label": name.capitalize(), "type": kind, "description": None, "annotations": annotations}
        for name, (kind, annotations) in _FIELDS.items()
    ]
    metas = {"default": {"title": title, "description": "Des lignes inventées.", "license": "Licence Ouverte v2.0"}}
    return json.dumps({"dataset_id": dataset_id, "fields": fields, "metas": metas})


def marked(mark: str) -> list[Row]:
    """Rows whose every text has a mark."""
    return [{"ref": f"{mark}-{n}", "nom": mark, "rang": n, "themes": [mark]} for n in range(20)]


DATASETS = (
    (ASKED, "Marchés inventés", made_rows(), "public"),
    (NEIGHBOUR, "Voisinage", marked(NEIGHBOUR_MARK), "public"),
    (HIDDEN, HIDDEN_TITLE, marked(HIDDEN_MARK), "restricted"),
)
"""Identifier, title, rows, to whom it is open."""
