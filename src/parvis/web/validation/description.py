"""``/api/parvis/v1/validate`` and ``/schemas`` described: their parameters, their forms, their errors."""

from __future__ import annotations

from parvis.web.openapi import Operation, Parameter, Part, Schema, Told, closed, ref

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_MAYBE_PLACE: Schema = {"type": ["integer", "null"], "minimum": 1}

_PARAMETERS = (
    Parameter(
        "schema",
        {"type": "string", "minLength": 1, "maxLength": 1000},
        Told(
            "Le schéma : son nom dans le catalogue (auteur/nom, ou auteur/nom@version), ou son adresse.",
            "The schema: its name in the catalogue (owner/name, or owner/name@version), or its address.",
        ),
        required=True,
        example="scdl/subventions",
    ),
    Parameter(
        "format",
        {"type": "string", "enum": ["json", "csv"], "default": "json"},
        Told("La forme du rapport ; CSV : une ligne par faute.", "The form of the report; CSV: one line a fault."),
        key="reportFormat",
    ),
    Parameter(
        "strict",
        {"type": "boolean", "default": False},
        Told(
            "Refuser aussi un encodage, un séparateur ou un ordre de colonnes inhabituels.",
            "Refuse an unusual encoding, separator or order of columns too.",
        ),
    ),
    Parameter(
        "name",
        {"type": "string", "maxLength": 200},
        Told("Le nom du fichier, pour les messages.", "The name of the file, for the messages."),
        key="fileName",
    ),
    Parameter(
        "q",
        {"type": "string", "maxLength": 200},
        Told("Des mots du titre, du nom ou de la description.", "Words of the title, name or description."),
        key="schemaWords",
        example="subventions",
    ),
)

_OPERATIONS = (
    Operation(
        "validateFile",
        "/validate",
        Told(
            "Vérifie un fichier, donné dans le corps (1 Go au plus), avec un schéma. Rien n’en est gardé.",
            "Checks a file, given in the body (1 GB at most), against a schema. Nothing of it is kept.",
        ),
        ("schema", "reportFormat", "strict", "fileName"),
        {"application/json": ref("ValidationReport"), "text/csv": None},
        (400, 401, 403, 404, 405, 413, 422, 429, 503),
        method="post",
        others=(),
        tag="validation",
        headers=("X-Parvis-Valid", "X-Parvis-Faults"),
        bodies={"application/octet-stream": {"type": "string", "contentMediaType": "application/octet-stream"}},
    ),
    Operation(
        "getSchemas",
        "/schemas",
        Told("Les schémas connus de ce portail.", "The schemas that this portal knows."),
        ("schemaWords",),
        {"application/json": ref("SchemaList")},
        (401, 405, 429, 503),
        others=(),
        tag="validation",
        headers=(),
    ),
)
_SCHEMAS: dict[str, Schema] = {
    "ValidationReport": {
        "type": "object",
        "required": ["valid", "schema", "version", "rows", "columns", "total", "counts", "advice", "faults"],
        "properties": {
            "valid": {"type": "boolean"},
            "schema": _TEXT,
            "version": _TEXT,
            "rows": _COUNT,
            "columns": {"type": "array", "items": _TEXT},
            "total": _COUNT,
            "counts": {"type": "array", "items": ref("ValidationCount")},
            "advice": {"type": "array", "items": {"type": "object"}},
            "faults": {"type": "array", "items": ref("ValidationFault")},
        },
    },
    "ValidationCount": {
        "type": "object",
        "required": ["kind", "rule", "column", "count"],
        "properties": {"kind": _TEXT, "rule": _TEXT, "column": _MAYBE_TEXT, "count": _COUNT},
    },
    "ValidationFault": {
        "type": "object",
        "required": ["kind", "row", "column", "value", "rule"],
        "properties": {
            "kind": _TEXT,
            "row": _MAYBE_PLACE,
            "column": _MAYBE_TEXT,
            "position": _MAYBE_PLACE,
            "value": _MAYBE_TEXT,
            "rule": _TEXT,
        },
    },
    "SchemaList": closed({"total_count": _COUNT, "schemas": {"type": "array", "items": ref("SchemaRow")}}),
    "SchemaRow": closed(
        {
            "name": _TEXT,
            "title": _TEXT,
            "description": _TEXT,
            "labels": {"type": "array", "items": _TEXT},
            "version": _TEXT,
            "versions": {"type": "array", "items": closed({"version": _TEXT, "url": _TEXT})},
            "homepage": _TEXT,
            "licence": _TEXT,
            "page": {"type": "string", "format": "uri"},
            "template": {"type": "string", "format": "uri"},
        }
    ),
}
_HEADERS: dict[str, tuple[Told, Schema]] = {
    "X-Parvis-Valid": (
        Told("Si le fichier respecte le schéma.", "Whether the file respects the schema."),
        {"type": "string", "enum": ["true", "false"]},
    ),
    "X-Parvis-Faults": (Told("Le nombre de fautes.", "How many faults."), {"type": "string", "pattern": "^[0-9]+$"}),
}

PART = Part("validation", Told("Vérifier des fichiers", "Checking files"), _OPERATIONS, _PARAMETERS, _SCHEMAS, _HEADERS)
"""What the room adds to the description of Parvis's own API."""
