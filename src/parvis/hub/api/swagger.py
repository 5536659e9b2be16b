"""The description in OpenAPI 2.0 (Swagger), the only one that connectors of Power Automate, Power Apps and Logic Apps are made from.

They follow no reference well, know no ``anyOf`` and take less than ``MOST_BYTES``: references are written out, what may be null is
what it is otherwise (``x-nullable``), and errors are one response. Of two ways to show a key the header alone is told: they keep the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from parvis.hub.api.openapi import JSON, Document

MOST_BYTES = 1_000_000
"""Of a definition that is imported."""
SUMMARY = 80
"""Characters of a summary."""
_KEPT = frozenset(
    {
        *(
            "type",
            "format",
            "description",
            "default",
            "enum",
            "required",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
        ),
        *("pattern", "minItems", "maxItems", "uniqueItems"),
    }
)
"""Keywords of schemas that are the same in 2.0."""
_DEEPEST = 12


def swagger(document: Document, origin: str, base_path: str, tags: tuple[str, ...]) -> Document:
    """The operations of these tags in OpenAPI 2.0, for a portal at ``origin``."""
    parts, info = urlsplit(origin), document["info"]
    licence = {"name": info["license"]["name"]}
    paths = {path: dict(_operations(document, path, row, tags)) for path, row in document["paths"].items()}
    return {
        "swagger": "2.0",
        "info": {**{name: info[name] for name in ("title", "description", "version")}, "license": licence},
        "host": parts.netloc,
        "basePath": base_path,
        "schemes": [parts.scheme],
        "consumes": [JSON],
        "produces": [JSON],
        "securityDefinitions": {
            "key": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Apikey parvis_…"}
        },
        "security": [{"key": []}],
        "paths": {path: row for path, row in paths.items() if row},
    }


def _operations(
    document: Document, path: str, row: Mapping[str, Any], tags: tuple[str, ...]
) -> Iterator[tuple[str, Document]]:
    for method, operation in row.items():
        if not set(tags) & set(operation["tags"]):
            continue
        body, consumes = _body(document, operation.get("requestBody"))
        yield (
            method,
            {
                "operationId": operation["operationId"],
                "summary": operation["summary"][:SUMMARY],
                "description": operation["summary"],
                "tags": operation["tags"],
                **({"consumes": consumes} if consumes else {}),
                # Files by pieces are no work for a flow: these operations are there, and are not proposed.
                **({"x-ms-visibility": "internal"} if "/uploads" in path else {}),
                "parameters": [*(_parameter(document, each) for each in operation["parameters"]), *body],
                "responses": dict(_responses(document, operation["responses"])),
            },
        )


def _parameter(document: Document, parameter: Mapping[str, Any]) -> Document:
    schema = _schema(document, parameter["schema"])
    if schema.get("type") not in ("string", "integer", "number", "boolean", "array"):
        schema = {"type": "string"}
    described = parameter.get("description") or schema.pop("description", "") or parameter["name"]
    place = {name: parameter[name] for name in ("name", "in")}
    encoded = {"x-ms-url-encoding": "single"} if parameter["in"] == "path" else {}
    required = parameter["in"] == "path" or bool(parameter.get("required"))
    return {**schema, **place, **encoded, "description": described, "required": required}


def _body(document: Document, body: Mapping[str, Any] | None) -> tuple[list[Document], list[str]]:
    """The parameter that is the body, and its media types when it is no JSON."""
    if not body:
        return [], []
    media = list(body["content"])
    schema = _schema(document, body["content"][media[0]].get("schema", {}))
    parameter = {"name": "body", "in": "body", "required": bool(body.get("required")), "schema": schema}
    return [parameter], [] if media == [JSON] else media


def _responses(document: Document, responses: Mapping[str, Any]) -> Iterator[tuple[str, Document]]:
    for status, row in responses.items():
        if str(status).startswith("2"):
            schema = row.get("content", {}).get(JSON, {}).get("schema")
            body = {"schema": _schema(document, schema)} if schema else {}
            yield str(status), {"description": row.get("description") or "OK", **body}
    yield "default", {"description": "error", "schema": _schema(document, {"$ref": "#/components/schemas/Problem"})}


def _schema(document: Document, schema: Mapping[str, Any], depth: int = 0) -> Document:
    """A schema of 3.1 as 2.0 says it, without a reference."""
    if depth > _DEEPEST:
        return {"type": "object"}
    if "$ref" in schema:
        target = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return _schema(
            document, {**target, **{name: value for name, value in schema.items() if name != "$ref"}}, depth + 1
        )
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            choices = [row for row in schema[word] if row.get("type") != "null"]
            rest = {name: value for name, value in schema.items() if name != word}
            merged = _schema(document, {**(choices[0] if choices else {}), **rest}, depth + 1)
            return {**merged, "x-nullable": True} if len(choices) < len(schema[word]) else merged
    simple = {name: value for name, value in schema.items() if name in _KEPT}
    if schema.get("contentMediaType"):
        simple["format"] = "binary"
    if None in simple.get("enum", ()):
        simple |= {"enum": [value for value in simple["enum"] if value is not None], "x-nullable": True}
    if simple.get("default", 0) is None:
        del simple["default"]
    if "items" in schema:
        simple["items"] = _schema(document, schema["items"], depth + 1)
    elif simple.get("type") == "array":
        simple["items"] = {}
    if "properties" in schema:
        simple["properties"] = {name: _schema(document, row, depth + 1) for name, row in schema["properties"].items()}
    if isinstance(schema.get("additionalProperties"), Mapping):
        simple["additionalProperties"] = _schema(document, schema["additionalProperties"], depth + 1)
    return simple
