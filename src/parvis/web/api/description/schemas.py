"""The bodies of the Explore API as JSON schemas."""

from __future__ import annotations

from itertools import groupby

from parvis.core.columns import ColumnType
from parvis.web.api.explore.metas import APP_TEMPLATES, METAS, TEMPLATES, Meta
from parvis.web.api.explore.problems import PROBLEMS
from parvis.web.openapi import Schema, Told, closed, nullable, ref

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_ADDRESS: Schema = {"type": "string", "format": "uri"}
_OF_METAS: dict[ColumnType, Schema] = {
    ColumnType.INT: {"type": "integer"},
    ColumnType.DOUBLE: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.DATETIME: {"type": "string", "format": "date-time"},
    ColumnType.JSON: {"type": "object"},
}


def _meta(meta: Meta) -> Schema:
    schema = _TEXTS if meta.many else _OF_METAS.get(meta.type, _TEXT)
    return nullable(schema)


def _metas() -> Schema:
    """The metadata of a dataset: every name of every template."""
    templates = {
        name: closed({meta.name: _meta(meta) for meta in rows})
        for name, rows in groupby(sorted(METAS, key=lambda meta: meta.template), key=lambda meta: meta.template)
    }
    return closed({**templates, "custom": {"type": "object"}}, optional=APP_TEMPLATES)


_FACET: Schema = {
    "type": "object",
    "required": ["name", "value", "state"],
    "properties": {
        "name": _TEXT,
        "value": _TEXT,
        "count": _COUNT,
        "state": {"type": "string", "enum": ["displayed", "refined", "excluded"]},
        "facets": {"type": "array", "items": ref("Facet")},
    },
    "additionalProperties": False,
}
_DATASET = closed(
    {
        "_links": {"type": "array", "items": ref("Link")},
        "visibility": {"type": "string", "enum": ["domain", "restricted"]},
        "fields": {"type": "array", "items": ref("Field")},
        "dataset_id": _TEXT,
        "dataset_uid": _TEXT,
        "has_records": {"type": "boolean"},
        "features": _TEXTS,
        "attachments": {"type": "array", "items": ref("AttachmentOfDataset")},
        "alternative_exports": {"type": "array", "items": {"type": "object"}},
        "data_visible": {"type": "boolean"},
        "metas": ref("Metas"),
    },
    optional=["_links"],
)
_ROW: Schema = {"type": "object", "description": "One key for each field; null where there is no value."}
_RECORD: Schema = {
    "type": "object",
    "properties": {
        "_links": {"type": "array", "items": ref("Link")},
        "_id": _TEXT,
        "_timestamp": nullable(_TEXT),
        "_size": nullable(_COUNT),
    },
}
_TEMPLATE_FIELD = closed(
    {
        "name": _TEXT,
        "label": _TEXT,
        "type": {"type": "string", "enum": [str(kind) for kind in ColumnType]},
        "multivalued": {"type": "boolean"},
    }
)

SCHEMAS: dict[str, Schema] = {
    "Link": closed({"rel": _TEXT, "href": _ADDRESS}),
    "Links": closed({"links": {"type": "array", "items": ref("Link")}}),
    "Field": closed(
        {
            "name": _TEXT,
            "label": _TEXT,
            "type": {"type": "string", "enum": [str(kind) for kind in ColumnType]},
            "description": nullable(_TEXT),
            "annotations": {"type": "object"},
        }
    ),
    "AttachmentOfDataset": closed({"id": _TEXT, "title": _TEXT, "mimetype": _TEXT, "url": _ADDRESS}),
    "Metas": _metas(),
    "Dataset": _DATASET,
    "DatasetOrRow": {
        "description": "A whole dataset, or what select and group_by make of it.",
        "if": {"required": ["dataset_uid", "metas"]},
        "then": ref("Dataset"),
        "else": ref("Row"),
    },
    "Datasets": closed(
        {
            "total_count": _COUNT,
            "_links": {"type": "array", "items": ref("Link")},
            "results": {"type": "array", "items": ref("DatasetOrRow")},
        },
        optional=["_links"],
    ),
    "Row": _ROW,
    "Rows": {"type": "array", "items": ref("Row")},
    "Record": _RECORD,
    "Records": closed(
        {
            "total_count": _COUNT,
            "_links": {"type": "array", "items": ref("Link")},
            "after": _TEXT,
            "results": {"type": "array", "items": ref("Record")},
        },
        optional=["_links", "after"],
    ),
    "Facet": _FACET,
    "FacetGroup": closed({"name": _TEXT, "facets": {"type": "array", "items": ref("Facet")}}),
    "Facets": closed(
        {
            "links": {"type": "array", "items": ref("Link")},
            "facets": {"type": "array", "items": ref("FacetGroup")},
        }
    ),
    "Attachments": closed(
        {
            "links": {"type": "array", "items": ref("Link")},
            "attachments": {
                "type": "array",
                "items": closed({"href": _ADDRESS, "metas": closed({"mime-type": _TEXT, "title": _TEXT})}),
            },
        }
    ),
    "Template": closed(
        {
            "name": _TEXT,
            "type": {"type": "string", "enum": sorted({kind for kind, _title in TEMPLATES.values()})},
            "title": _TEXT,
            "schema": {"type": "array", "items": _TEMPLATE_FIELD},
        }
    ),
    "Templates": closed(
        {
            "total_count": _COUNT,
            "links": {"type": "array", "items": ref("Link")},
            "results": {"type": "array", "items": ref("Template")},
        }
    ),
    "FeatureCollection": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": ref("Feature")},
        },
    },
    "Feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "geometry": {"type": ["object", "null"]},
            "properties": {"type": ["object", "null"]},
        },
    },
}


def _error(status: int) -> Schema:
    """The envelope of an error, with the names that PROBLEMS give to that status."""
    names = sorted({row.error_code for row in PROBLEMS if row.status == status} or {"MethodNotAllowed"})
    return closed(
        {"error_code": {"type": "string", "enum": names}, "message": _TEXT, "advice": _TEXT}, optional=["advice"]
    )


_QUOTA: Schema = {
    "type": "object",
    "required": ["errorcode", "error", "advice"],
    "properties": {
        "errorcode": {"type": "integer", "enum": [10002, 10005]},
        "error_code": {"type": "string", "enum": ["TooManyQuestionsAtOnce"]},
        "message": _TEXT,
        "error": _TEXT,
        "advice": _TEXT,
        "call_limit": _COUNT,
        "limit_time_unit": {"type": "string", "enum": ["day"]},
        "reset_time": {"type": "string", "format": "date-time"},
    },
    "additionalProperties": False,
}
_WORDS = {
    400: Told("La question est mal posée : le message dit où.", "The question is wrong: the message tells where."),
    401: Told("La clé n’est pas bonne, ou il en faut une.", "The key is wrong, or one is needed."),
    403: Told(
        "Le jeu est connu, mais pas ouvert à cet appelant.", "The dataset is known, but not open to this caller."
    ),
    404: Told("Rien de ce nom.", "Nothing of that name."),
    405: Told("Seules GET, HEAD et OPTIONS sont permises.", "Only GET, HEAD and OPTIONS are allowed."),
    410: Told("Cette adresse n’existe plus.", "This address is gone."),
    503: Told("Le portail n’a pas pu répondre : réessayez.", "The portal could not answer: try again."),
}
REFUSALS: dict[int, tuple[Told, Schema]] = {
    **{status: (words, _error(status)) for status, words in _WORDS.items()},
    429: (
        Told(
            "Le quota du jour est épuisé, ou trop de questions à la fois.",
            "The day’s quota is spent, or too many at once.",
        ),
        _QUOTA,
    ),
}
"""Status → what it means and its body."""
HEADERS: dict[str, tuple[Told, Schema]] = {
    "X-RateLimit-Limit": (Told("Appels permis par jour.", "Calls allowed a day."), {"type": "integer"}),
    "X-RateLimit-Remaining": (Told("Appels qui restent.", "Calls left."), {"type": "integer"}),
    "X-RateLimit-Reset": (Told("Quand le quota sera rétabli.", "When the quota is restored."), {"type": "string"}),
    "ETag": (
        Told("La marque de la réponse, à renvoyer dans If-None-Match.", "The mark of the answer, for If-None-Match."),
        {"type": "string"},
    ),
}
"""Headers of successes; none is promised."""
