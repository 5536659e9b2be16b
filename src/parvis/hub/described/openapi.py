"""The words of a description of addresses: sentences, parameters, operations, and the part that one room gives.

They stand in the hub so that domains, which do not know the web, describe their own addresses as the web's rooms do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Part:
    """What one room adds to a description: a tag with its sentence, and its rows."""

    tag: str
    words: Told
    operations: tuple[Operation, ...]
    parameters: tuple[Parameter, ...] = ()
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, tuple[Told, Schema]] = field(default_factory=dict)


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
