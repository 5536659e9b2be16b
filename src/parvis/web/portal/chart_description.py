"""``/api/parvis/v1/charts`` described: its parameters, its forms, its errors."""

from __future__ import annotations

from parvis.core.charts import CALCULATIONS, MARKS
from parvis.web.openapi import Operation, Parameter, Part, Schema, Told, closed, ref

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_URI: Schema = {"type": "string", "format": "uri"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_NUMBER: Schema = {"type": ["number", "null"]}

_CARD: dict[str, Schema] = {
    "slug": _TEXT,
    "title": _TEXT,
    "publisher": _TEXT,
    "modified": _MOMENT,
    "url": _URI,
    "svg": _URI,
    "png": _URI,
    "embed": _URI,
}
_SCHEMAS: dict[str, Schema] = {
    "ChartCard": closed(_CARD),
    "ChartList": closed(
        {"total_count": {"type": "integer", "minimum": 0}, "results": {"type": "array", "items": ref("ChartCard")}}
    ),
    "ChartDescription": {
        "type": "object",
        "required": ["format", "mark", "sources"],
        "properties": {
            "format": {"const": 1},
            "mark": {"type": "string", "enum": list(MARKS)},
            "sources": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["dataset"],
                    "properties": {"dataset": _TEXT, "calculation": {"type": "string", "enum": list(CALCULATIONS)}},
                },
            },
        },
    },
    "ChartSource": closed(
        {
            "dataset_id": _TEXT,
            "title": _TEXT,
            "version": _TEXT,
            "version_date": _MOMENT,
            "select": _TEXT,
            "where": _TEXTS,
            "group_by": _TEXT,
            "order_by": _TEXT,
            "csv": _URI,
        }
    ),
    "Chart": closed(
        {
            **_CARD,
            "description": ref("ChartDescription"),
            "sentence": _TEXT,
            "sources": {"type": "array", "items": ref("ChartSource")},
            "table": closed({"columns": _TEXTS, "rows": {"type": "array", "items": _TEXTS}}),
            "values": {
                "type": "array",
                "items": closed(
                    {"group": _TEXT, "series": _TEXT, "value": _NUMBER, "against": _NUMBER}, optional=["against"]
                ),
            },
            "vega_lite": {"type": "object", "required": ["$schema", "data"]},
        }
    ),
}
_PARAMETERS = (
    Parameter(
        "offset",
        {"type": "integer", "minimum": 0, "maximum": 99_999_999},
        Told("Le nombre de graphiques à passer.", "How many charts to pass over."),
        key="chart_offset",
    ),
    Parameter(
        "slug",
        {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,88}$"},
        Told("L’adresse du graphique.", "The address of the chart."),
        place="path",
        key="chart_slug",
    ),
)
_OPERATIONS = (
    Operation(
        "listCharts",
        "/charts",
        Told("Les graphiques publiés, le dernier modifié d’abord.", "The published charts, latest changed first."),
        ("chart_offset",),
        {"application/json": ref("ChartList")},
        (401, 405, 429, 503),
        others=(),
        tag="charts",
        headers=(),
    ),
    Operation(
        "getChart",
        "/charts/{slug}",
        Told(
            "Un graphique : ce qu’il demande, ce qui est répondu, comment il est dessiné.",
            "A chart: what it asks, what is answered, how it is drawn.",
        ),
        ("chart_slug",),
        {"application/json": ref("Chart")},
        (400, 401, 403, 404, 405, 429, 503),
        others=(),
        tag="charts",
        headers=(),
    ),
)

PART = Part("charts", Told("Graphiques enregistrés", "Saved charts"), _OPERATIONS, _PARAMETERS, _SCHEMAS)
"""What charts add to the description of Parvis's own API."""
