"""OpenAPI 3.1 written from rows: parameters, operations, and the whole description in French or in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis import __version__

type Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence in French and in English."""

    fr: str
    en: str

    def told(self, language: str) -> str:
        """The sentence in that language, French by default."""
        return self.en if language.startswith("en") else self.fr


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: name, schema of a value, sentence; ``many`` when it may be repeated, ``extension`` when it is ours.

    ``key`` names it among all the parameters of a description where its name alone would not.
    """

    name: str
    schema: Schema
    words: Told
    place: str = "query"
    many: bool = False
    required: bool = False
    extension: bool = False
    example: Any = None
    key: str = ""

    @property
    def reference(self) -> str:
        """What operations call it: ``key``, or else its name."""
        return self.key or self.name

    def described(self, language: str) -> dict[str, Any]:
        """The parameter object."""
        schema = {"type": "array", "items": self.schema} if self.many else self.schema
        body = {
            "name": self.name,
            "in": self.place,
            "description": self.words.told(language),
            "required": self.required or self.place == "path",
            "schema": schema,
        }
        if self.many:
            body |= {"style": "form", "explode": True}
        if self.example is not None:
            body["example"] = self.example
        if self.extension:
            body["x-parvis-extension"] = True
        return body


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it is for, its parameters by reference, and what comes back."""

    name: str
    path: str
    words: Told
    parameters: tuple[str, ...] = ()
    answers: Mapping[str, Schema | None] = field(default_factory=dict)
    """Media types of the success with their schemas; None for a file."""
    refusals: tuple[int, ...] = (400, 401, 404, 405, 429, 503)
    method: str = "get"
    bodies: Mapping[str, Schema] = field(default_factory=dict)
    """Media types of the body it takes, with their schemas."""
    others: tuple[int, ...] = (304,)
    """Statuses that are no refusal and have no body: 304, and redirections."""
    tag: str = ""
    status: int = 200
    """Of a success."""
    headers: tuple[str, ...] | None = None
    """Headers of a success, by name; None for all those of the description."""


def ref(name: str) -> Schema:
    """A reference to a schema of the description."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def closed(properties: Mapping[str, Schema], *, optional: Iterable[str] = ()) -> Schema:
    """An object that holds these properties and no other."""
    required = [name for name in properties if name not in set(optional)]
    return {"type": "object", "required": required, "properties": dict(properties), "additionalProperties": False}


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
