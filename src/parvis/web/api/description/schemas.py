"""The bodies of the Explore API as JSON schemas: names of metadata and of errors are those of the tables that write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.core.columns import ColumnType
from parvis.hub.api.errors import STATUSES
from parvis.hub.api.openapi import COLUMNS, described, ref, refusals
from parvis.web.api.explore.metas import APP_TEMPLATES, METAS, TEMPLATES, Meta
from parvis.web.api.explore.problems import PROBLEMS

type Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}
_ANY: Schema = {"type": "object"}
_ADDRESS: Schema = {"type": "string", "format": "uri"}


def _list(items: Schema | str) -> Schema:
    return {"type": "array", "items": ref("schemas", items) if isinstance(items, str) else items}


def _among(values: Iterable[Any]) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def _nullable(schema: Mapping[str, Any]) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _closed(properties: Mapping[str, Schema], *optional: str) -> Schema:
    """An object that holds these properties and no other."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": dict(properties), "additionalProperties": False}


def _meta(meta: Meta) -> Schema:
    value = _ANY if meta.type is ColumnType.JSON else COLUMNS.get(meta.type, _TEXT)
    return _nullable(_list(_TEXT) if meta.many else value)


def _metas() -> Schema:
    """The metadata of a dataset: every name of every template."""
    rows = groupby(sorted(METAS, key=lambda meta: meta.template), key=lambda meta: meta.template)
    templates = {name: _closed({meta.name: _meta(meta) for meta in metas}) for name, metas in rows}
    return _closed({**templates, "custom": _ANY}, *APP_TEMPLATES)


_PAGE = {"total_count": _COUNT, "_links": _list("Link")}
_NAMED = {"name": _TEXT, "label": _TEXT, "type": _among(ColumnType)}
_DATASET = {
    "_links": _list("Link"),
    "visibility": _among(("domain", "restricted")),
    "fields": _list("Field"),
    "dataset_id": _TEXT,
    "dataset_uid": _TEXT,
    "has_records": _FLAG,
    "features": _list(_TEXT),
    "attachments": _list("AttachmentOfDataset"),
    "alternative_exports": _list(_ANY),
    "data_visible": _FLAG,
    "metas": ref("schemas", "Metas"),
}
_FACET = {"name": _TEXT, "value": _TEXT, "count": _COUNT, "state": _among(("displayed", "refined", "excluded"))}
_TEMPLATE = {"name": _TEXT, "type": _among(sorted({kind for kind, _title in TEMPLATES.values()})), "title": _TEXT}
_FEATURE = {"type": _among(["Feature"]), "geometry": _nullable(_ANY), "properties": _nullable(_ANY)}
_COLLECTION = {"type": _among(["FeatureCollection"]), "features": _list("Feature")}
_ATTACHMENT = {"href": _ADDRESS, "metas": _closed({"mime-type": _TEXT, "title": _TEXT})}

SCHEMAS: dict[str, Schema] = {
    "Link": _closed({"rel": _TEXT, "href": _ADDRESS}),
    "Links": _closed({"links": _list("Link")}),
    "Field": _closed({**_NAMED, "description": _nullable(_TEXT), "annotations": _ANY}),
    "AttachmentOfDataset": _closed({"id": _TEXT, "title": _TEXT, "mimetype": _TEXT, "url": _ADDRESS}),
    "Metas": _metas(),
    "Dataset": _closed(_DATASET, "_links"),
    "DatasetOrRow": {
        "description": _("Un jeu entier, ou ce que select et group_by en font."),
        "if": {"required": ["dataset_uid", "metas"]},
        "then": ref("schemas", "Dataset"),
        "else": ref("schemas", "Row"),
    },
    "DatasetsOrRows": _list("DatasetOrRow"),
    "Datasets": _closed({**_PAGE, "results": _list("DatasetOrRow")}, "_links"),
    "Row": {**_ANY, "description": _("Une clé par colonne ; null où il n’y a pas de valeur.")},
    "Rows": _list("Row"),
    "Record": {
        "type": "object",
        "properties": {
            "_links": _list("Link"),
            "_id": _TEXT,
            "_timestamp": _nullable(_TEXT),
            "_size": _nullable(_COUNT),
        },
    },
    "Records": _closed({**_PAGE, "after": _TEXT, "results": _list("Record")}, "_links", "after"),
    "Facet": _closed({**_FACET, "facets": _list("Facet")}, "count", "facets"),
    "FacetGroup": _closed({"name": _TEXT, "facets": _list("Facet")}),
    "Facets": _closed({"links": _list("Link"), "facets": _list("FacetGroup")}),
    "Attachments": _closed({"links": _list("Link"), "attachments": _list(_closed(_ATTACHMENT))}),
    "Template": _closed({**_TEMPLATE, "schema": _list(_closed({**_NAMED, "multivalued": _FLAG}))}),
    "Templates": _closed({"total_count": _COUNT, "links": _list("Link"), "results": _list("Template")}),
    "FeatureCollection": {"type": "object", "required": list(_COLLECTION), "properties": _COLLECTION},
    "Feature": {"type": "object", "required": list(_FEATURE), "properties": _FEATURE},
}
_QUOTA = {
    "errorcode": {"type": "integer", "enum": [10002, 10005]},
    "error_code": _among(["TooManyQuestionsAtOnce"]),
    "message": _TEXT,
    "error": _TEXT,
    "advice": _TEXT,
    "call_limit": _COUNT,
    "limit_time_unit": _among(["day"]),
    "reset_time": {"type": "string", "format": "date-time"},
}


def _error(status: int) -> Schema:
    """The envelope of an error, with the names that PROBLEMS give to that status."""
    names = sorted({row.error_code for row in PROBLEMS if row.status == status} or {"MethodNotAllowed"})
    return _closed({"error_code": _among(names), "message": _TEXT, "advice": _TEXT}, "advice")


_WORDS = {
    **STATUSES,
    403: _("Le jeu est connu, mais pas ouvert à cet appelant."),
    405: _("Seules GET, HEAD et OPTIONS sont permises."),
    409: _("Les lignes de ce jeu sont demandées à un autre portail, à qui cette question n’est pas posée."),
    410: _("Cette adresse n’existe plus."),
    429: _("Le quota du jour est épuisé, ou trop de questions à la fois."),
    502: _("Le portail à qui ces lignes sont demandées n’a pas répondu comme il le devrait."),
    503: _("Le portail n’a pas pu répondre : réessayez."),
    504: _("Le portail à qui ces lignes sont demandées tarde trop à répondre."),
}
_ERRORS = {status: _error(status) for status in (400, 401, 403, 404, 405, 409, 410, 502, 503, 504)}
REFUSALS = refusals(_WORDS, {**_ERRORS, 429: _closed(_QUOTA, *(_QUOTA.keys() - {"errorcode", "error", "advice"}))})
"""The responses of errors."""
HEADERS = {
    "X-RateLimit-Limit": described(_("Appels permis par jour."), {"type": "integer"}),
    "X-RateLimit-Remaining": described(_("Appels qui restent."), {"type": "integer"}),
    "X-RateLimit-Reset": described(_("Quand le quota sera rétabli."), _TEXT),
    "ETag": described(_("La marque de la réponse, à renvoyer dans If-None-Match."), _TEXT),
}
"""Headers of successes; none is promised."""
