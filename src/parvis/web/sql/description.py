"""``/api/parvis/v1/sql`` described: its parameters, its forms, its errors."""

from __future__ import annotations

from parvis.core.sandbox.pool import LONGEST
from parvis.web.openapi import Operation, Parameter, Part, Schema, Told, closed, ref
from parvis.web.sql.formats import FORMATS

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FORMATS: Schema = {"type": "string", "enum": list(FORMATS), "default": "json"}
_LIMIT: Schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_MOST = ", ".join(f"{row.name} {row.rows}" for row in FORMATS.values())

_PARAMETERS = (
    Parameter(
        "q",
        {"type": "string", "maxLength": LONGEST},
        Told(
            "Une requête SELECT ; une table est l’identifiant d’un jeu entre guillemets droits, ou identifiant@version.",
            "A SELECT statement; a table is the identifier of a dataset in straight quotes, or identifier@version.",
        ),
        required=True,
        example="SELECT 1 AS un",
    ),
    Parameter("format", _FORMATS, Told("La forme de la réponse.", "The form of the answer.")),
    Parameter("limit", _LIMIT, Told(f"Le nombre de lignes, au plus : {_MOST}.", f"How many rows, at most: {_MOST}.")),
)
_ANSWERS = {
    row.media_type.partition(";")[0]: ref("SqlAnswer") if row.name == "json" else None for row in FORMATS.values()
}
_REFUSALS = (400, 401, 403, 405, 429, 503)

_OPERATIONS = (
    Operation(
        "getSql",
        "/sql",
        Told("Les lignes d’une requête SQL.", "The rows of an SQL statement."),
        ("q", "format", "limit"),
        _ANSWERS,
        _REFUSALS,
        others=(),
        tag="sql",
    ),
    Operation(
        "postSql",
        "/sql",
        Told("Les mêmes, la requête dans le corps.", "The same, with the statement in the body."),
        (),
        _ANSWERS,
        _REFUSALS,
        method="post",
        others=(),
        tag="sql",
        bodies={
            "application/json": {
                "type": "object",
                "required": ["q"],
                "properties": {"q": {"type": "string", "maxLength": LONGEST}, "format": _FORMATS, "limit": _LIMIT},
            },
            "text/plain": {"type": "string", "maxLength": LONGEST},
        },
    ),
)
_SCHEMAS: dict[str, Schema] = {
    "SqlAnswer": closed(
        {
            "query": _TEXT,
            "asked_at": {"type": "string", "format": "date-time"},
            "seconds": {"type": "number", "minimum": 0},
            "datasets": {"type": "array", "items": ref("SqlDataset")},
            "columns": {"type": "array", "items": closed({"name": _TEXT, "type": _TEXT})},
            "total_count": {"type": ["integer", "null"], "minimum": 0},
            "row_count": _COUNT,
            "truncated": {"type": "boolean"},
            "results": {"type": "array", "items": {"type": "object"}},
        }
    ),
    "SqlDataset": closed(
        {
            "dataset_id": _TEXT,
            "title": _TEXT,
            "version": _TEXT,
            "version_date": {"type": "string", "format": "date-time"},
            "publisher": _TEXT,
            "licence": _TEXT,
            "url": {"type": "string", "format": "uri"},
        }
    ),
}
_HEADERS: dict[str, tuple[Told, Schema]] = {
    "X-Parvis-Datasets": (Told("Les versions lues : jeu@version.", "The versions read: dataset@version."), _TEXT),
    "X-Parvis-Truncated": (
        Told("S’il manque des lignes.", "Whether rows are missing."),
        {"type": "string", "enum": ["true", "false"]},
    ),
}

PART = Part("sql", Told("SQL, en lecture", "SQL, read only"), _OPERATIONS, _PARAMETERS, _SCHEMAS, _HEADERS)
"""What the room adds to the description of Parvis's own API."""
