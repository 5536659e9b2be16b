"""OpenAPI 3.1 written from rows: parameters, operations, and the whole description in French or in English.

A room that has addresses under ``/api/parvis/v1/`` gives them as a ``Part`` in its own ``description.py`` (``web/sql``
shows the pattern) and ``web/parvis_api.py`` adds that part to ``PARTS``; a domain registers its own
(``hub.described.rooms``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from parvis import __version__
from parvis.hub.described.openapi import Operation, Parameter, Part, Schema, Told, closed, nullable, ref

__all__ = [
    "Description",
    "Operation",
    "Parameter",
    "Part",
    "Schema",
    "Told",
    "closed",
    "nullable",
    "openapi",
    "ref",
]

VERSION = "3.1.0"


@dataclass(frozen=True, slots=True)
class Description:
    """A whole description: its rows, before a language and an address are chosen."""

    title: Told
    words: Told
    path: str
    """Where the addresses of the operations begin."""
    parameters: tuple[Parameter, ...]
    operations: tuple[Operation, ...]
    schemas: Mapping[str, Schema]
    refusals: Mapping[int, tuple[Told, Schema]]
    tags: Mapping[str, Told]
    headers: Mapping[str, tuple[Told, Schema]]
    """Headers of successes."""


OTHERS = {
    301: Told("Le jeu a changé d’identifiant : l’adresse est dans Location.", "The dataset was renamed: see Location."),
    302: Told("Le document est à une autre adresse, dans Location.", "The document is elsewhere: see Location."),
    304: Told("Rien n’a changé depuis la réponse que vous avez.", "Nothing has changed since the answer you have."),
}
_SECURITY = {
    "key": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Apikey <key>"},
    "keyInAddress": {"type": "apiKey", "in": "query", "name": "apikey"},
}


def openapi(description: Description, origin: str, language: str) -> dict[str, Any]:
    """The document, for a portal at ``origin``."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in description.operations:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, description, language)
    return {
        "openapi": VERSION,
        "info": {
            "title": description.title.told(language),
            "description": description.words.told(language),
            "version": __version__,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": f"{origin}{description.path}"}],
        "security": [{}, {"key": []}, {"keyInAddress": []}],
        "tags": [{"name": name, "description": words.told(language)} for name, words in description.tags.items()],
        "paths": paths,
        "components": {
            "parameters": {row.reference: row.described(language) for row in description.parameters},
            "schemas": dict(description.schemas),
            "responses": dict(_refusals(description, language)),
            "headers": {
                name: {"description": words.told(language), "schema": schema}
                for name, (words, schema) in description.headers.items()
            },
            "securitySchemes": _SECURITY,
        },
    }


def _operation(operation: Operation, description: Description, language: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.words.told(language),
        "tags": [operation.tag] if operation.tag else [],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in operation.parameters],
        "responses": _responses(operation, description, language),
    }
    if operation.bodies:
        content = {media: {"schema": schema} for media, schema in operation.bodies.items()}
        body["requestBody"] = {"required": True, "content": content}
    return body


def _responses(operation: Operation, description: Description, language: str) -> dict[str, Any]:
    headers = description.headers if operation.headers is None else operation.headers
    success = {
        "description": operation.words.told(language),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {media: _media(schema) for media, schema in operation.answers.items()},
    }
    others = {str(status): {"description": OTHERS[status].told(language)} for status in operation.others}
    refusals = {str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in operation.refusals}
    return {str(operation.status): success, **others, **refusals}


def _media(schema: Schema | None) -> dict[str, Any]:
    return {} if schema is None else {"schema": schema}


def _refusals(description: Description, language: str) -> Iterable[tuple[str, Any]]:
    for status, (words, schema) in description.refusals.items():
        yield (
            _name(status),
            {"description": words.told(language), "content": {"application/json": {"schema": schema}}},
        )


def _name(status: int) -> str:
    return f"Refused{status}"
