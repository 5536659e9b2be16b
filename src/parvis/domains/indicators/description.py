"""``/api/parvis/v1/indicators`` described: its forms, its errors."""

from __future__ import annotations

from parvis.hub.described.openapi import Operation, Parameter, Part, Schema, Told, closed, nullable, ref

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NOT: Schema = {"type": ["string", "null"]}
_URI: Schema = {"type": "string", "format": "uri"}
_NUMBER: Schema = {"type": ["number", "null"]}
_FLAG: Schema = {"type": "boolean"}

_CARD: dict[str, Schema] = {
    "slug": _TEXT,
    "title": _TEXT,
    "question": _TEXT,
    "publisher": _TEXT,
    "url": _URI,
    "svg": _URI,
    "png": _URI,
    "embed": _URI,
    "feed": _URI,
    "readable": _FLAG,
    "unit": _TEXT,
    "value": nullable(ref("IndicatorFigure")),
    "change": _NUMBER,
    "better": {"type": ["boolean", "null"]},
    "state": {"enum": ["on-track", "watch", "late", None]},
    "target": _NUMBER,
    "deadline": _TEXT_OR_NOT,
    "data_date": {"type": ["string", "null"], "format": "date"},
    "age_days": {"type": ["integer", "null"], "minimum": 0},
    "late": _FLAG,
    "source_missing": _FLAG,
    "warning": _TEXT_OR_NOT,
}
_SCHEMAS: dict[str, Schema] = {
    "IndicatorFigure": closed({"territory": _TEXT, "name": _TEXT, "period": _TEXT, "value": _NUMBER, "url": _URI}),
    "IndicatorSource": closed(
        {"part": _TEXT, "dataset_id": _TEXT, "title": _TEXT, "version": _TEXT, "question": _TEXT, "rows": _URI}
    ),
    "IndicatorCard": closed(_CARD),
    "IndicatorList": closed(
        {
            "total_count": {"type": "integer", "minimum": 0},
            "results": {"type": "array", "items": ref("IndicatorCard")},
        }
    ),
    "Indicator": closed(
        {
            **_CARD,
            "definition": {"type": ["object", "null"], "required": ["slug", "title", "parts"]},
            "computed": {"type": ["string", "null"], "format": "date-time"},
            "sources": {"type": "array", "items": ref("IndicatorSource")},
            "values": {"type": "array", "items": ref("IndicatorFigure")},
        }
    ),
}
_PARAMETERS = (
    Parameter(
        "slug",
        {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,80}$"},
        Told("L’adresse de l’indicateur.", "The address of the indicator."),
        place="path",
        key="indicator_slug",
    ),
)
_OPERATIONS = (
    Operation(
        "listIndicators",
        "/indicators",
        Told(
            "Les indicateurs publiés avec leur chiffre du jour, son âge et son état.",
            "The published indicators with their figure of the day, its age and its state.",
        ),
        (),
        {"application/json": ref("IndicatorList")},
        (401, 405, 429, 503),
        others=(),
        tag="indicators",
        headers=(),
    ),
    Operation(
        "getIndicator",
        "/indicators/{slug}",
        Told(
            "Un indicateur : tous ses chiffres, sa définition, d’où ils viennent.",
            "An indicator: all its figures, its definition, where they come from.",
        ),
        ("indicator_slug",),
        {"application/json": ref("Indicator")},
        (400, 401, 404, 405, 429, 503),
        others=(),
        tag="indicators",
        headers=(),
    ),
)

PART = Part("indicators", Told("Indicateurs", "Indicators"), _OPERATIONS, _PARAMETERS, _SCHEMAS)
"""What indicators add to the description of Parvis's own API."""
