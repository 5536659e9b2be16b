"""OpenAPI 3.1 documents: what those of the portal share, and their two languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import override

from parvis import __version__
from parvis.core.columns import ColumnType
from parvis.core.translation import supported

type Document = dict[str, Any]
JSON = "application/json"
COLUMNS: Mapping[ColumnType, Mapping[str, str]] = {
    ColumnType.INT: {"type": "integer"},
    ColumnType.DOUBLE: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.DATETIME: {"type": "string", "format": "date-time"},
}
"""The values of columns, by type; the others are texts, or objects."""
_SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Apikey <key>"},
    "keyInAddress": {"type": "apiKey", "in": "query", "name": "apikey"},
}


def openapi(
    title: Any,
    words: Any,
    tags: Mapping[str, Any],
    paths: Mapping[str, Any],
    components: Mapping[str, Any],
    webhooks: Mapping[str, Any] | None = None,
) -> Document:
    """The whole document, where sentences are lazy translations; ``servers`` are told by ``translated``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "description": words,
            "version": __version__,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [],
        "security": [{}, {"key": []}, {"keyInAddress": []}],
        "tags": [{"name": name, "description": label} for name, label in tags.items()],
        "paths": paths,
        **({"webhooks": webhooks} if webhooks else {}),
        "components": {**components, "securitySchemes": _SCHEMES},
    }


def translated(document: Document, language: str, server: str) -> Document:
    """The document in that language, or in French, for who finds its addresses under ``server``."""
    with override(supported(language)):
        body = json.loads(json.dumps(document, cls=DjangoJSONEncoder))
    return {**body, "servers": [{"url": server}]}


def ref(kind: str, name: str) -> dict[str, str]:
    """A reference to a component of the document."""
    return {"$ref": f"#/components/{kind}/{name}"}


def described(words: Any, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A header, or the beginning of a parameter."""
    return {"description": words, "schema": schema}


def refusals(words: Mapping[int, Any], schemas: Mapping[int, Any]) -> dict[str, Any]:
    """The responses of errors, by the name that ``refused`` gives them."""
    return {
        f"Refused{status}": {"description": words[status], "content": {JSON: {"schema": schema}}}
        for status, schema in schemas.items()
    }


def refused(*statuses: int) -> dict[str, dict[str, str]]:
    """What an operation answers when it does not succeed."""
    return {str(status): ref("responses", f"Refused{status}") for status in sorted(statuses)}
