"""The description of this API, in OpenAPI 3.0, written from the collections that the caller may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from parvis.core.columns import Column, TableShape
from parvis.hub.api.openapi import COLUMNS
from parvis.web.ogc import catalogue_collection as catalogue
from parvis.web.ogc.endpoint import GEOJSON, HTML, JSON, OPENAPI
from parvis.web.ogc.parameters import LARGEST_PAGE, PAGE, PARAMETERS, queryables

_SCHEMAS: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
    "after": {"type": "integer", "minimum": 0},
    "bbox": {
        "type": "array",
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    },
    "bbox-crs": {"type": "string", "format": "uri"},
    "crs": {"type": "string", "format": "uri"},
    "where": {"type": "array", "items": {"type": "string"}},
}
_UNEXPLODED = ("bbox",)
_F = {"$ref": "#/components/parameters/f"}


def description(title: str, home: str, collections: Iterable[tuple[str, str, TableShape]]) -> dict[str, Any]:
    """The document; ``collections`` are identifiers, titles and columns."""
    paths: dict[str, Any] = {
        "/": _path("Landing page", "landing", JSON),
        "/conformance": _path("What this service conforms to", "conformance", JSON),
        "/api": _path("This description", "api", OPENAPI),
        "/collections": _path("The geographic datasets", "collections", JSON),
    }
    paths |= _catalogue_paths()
    for name, label, shape in collections:
        paths |= _collection_paths(name, label, shape)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "version": "1.0.0",
            "description": "OGC API - Features 1.0, parts 1 and 2; Records 1.0.",
        },
        "servers": [{"url": home}],
        "paths": paths,
        "components": {"parameters": _shared_parameters(), "responses": _problems(), "schemas": _SHAPES},
    }


def _collection_paths(name: str, label: str, shape: TableShape) -> dict[str, Any]:
    own = [_property(column) for column in queryables(shape)]
    shared = [{"$ref": f"#/components/parameters/{parameter}"} for parameter in PARAMETERS]
    single = [{"$ref": "#/components/parameters/crs"}, {"$ref": "#/components/parameters/version"}]
    feature_id = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    here = f"/collections/{name}"
    return {
        here: _path(label, f"collection.{name}", JSON),
        f"{here}/items": _path(f"{label} : features", f"items.{name}", GEOJSON, [*shared, *own], "FeatureCollection"),
        f"{here}/items/{{featureId}}": _path(
            f"{label} : one feature", f"item.{name}", GEOJSON, [feature_id, *single], "Feature"
        ),
    }


def _catalogue_paths() -> dict[str, Any]:
    here = f"/collections/{catalogue.CATALOGUE}"
    texts = {**catalogue.PARAMETERS, **{name: f"Only records with this {name}." for name in catalogue.PROPERTIES}}
    parameters = [
        {"name": name, "in": "query", "description": text, "schema": _RECORD_SCHEMAS.get(name, {"type": "string"})}
        for name, text in texts.items()
    ]
    record_id = {"name": "recordId", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        here: _path("The catalogue of the portal", "catalogue", JSON),
        f"{here}/queryables": _path("What records may be asked by", "catalogue.queryables", catalogue.SCHEMA),
        f"{here}/sortables": _path("What records may be ordered by", "catalogue.sortables", catalogue.SCHEMA),
        f"{here}/items": _path("Records", "catalogue.items", GEOJSON, parameters, "FeatureCollection"),
        f"{here}/items/{{recordId}}": _path("One record", "catalogue.item", GEOJSON, [record_id], "Feature"),
    }


_RECORD_SCHEMAS: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": catalogue.LARGEST_PAGE, "default": catalogue.PAGE},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
}


def _path(
    summary: str, operation: str, kind: str, parameters: list[dict[str, Any]] | None = None, schema: str = "Document"
) -> dict[str, Any]:
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}, HTML: {"schema": {"type": "string"}}}
    problems = {code: {"$ref": "#/components/responses/Problem"} for code in ("400", "401", "403", "404", "429", "503")}
    responses = {"200": {"description": summary, "content": content}, **problems}
    return {
        "get": {
            "summary": summary,
            "operationId": operation,
            "parameters": [_F, *(parameters or [])],
            "responses": responses,
        }
    }


def _property(column: Column) -> dict[str, Any]:
    text = {"type": "string"}
    schema = text if column.annotations.get("multivalued") else COLUMNS.get(column.type, text)
    return {
        "name": column.name,
        "in": "query",
        "description": column.description or column.label,
        "required": False,
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def _shared_parameters() -> dict[str, Any]:
    parameters = {
        name: {
            "name": name,
            "in": "query",
            "description": text,
            "required": False,
            "style": "form",
            "explode": name not in _UNEXPLODED,
            "schema": _SCHEMAS.get(name, {"type": "string"}),
        }
        for name, text in PARAMETERS.items()
    }
    form = {"type": "string", "enum": ["json", "html"]}
    return {**parameters, "f": {"name": "f", "in": "query", "description": "Form of the answer.", "schema": form}}


def _problems() -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
    }
    return {"Problem": {"description": "What is wrong, and where.", "content": {JSON: {"schema": schema}}}}


_SHAPES: dict[str, Any] = {
    "Document": {"type": "object"},
    "Feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": {"type": "array", "items": {"type": "object"}},
        },
    },
    "FeatureCollection": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
            "links": {"type": "array", "items": {"type": "object"}},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
}
