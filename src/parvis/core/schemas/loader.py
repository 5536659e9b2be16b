"""From JSON to a schema. What the standard lets be written in several ways is brought to one; what is wrong is told, not guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from parvis.core.schemas.model import (
    FALSE_VALUES,
    MISSING_VALUES,
    TRUE_VALUES,
    CustomCheck,
    Field,
    ForeignKey,
    TableSchema,
)
from parvis.core.schemas.refusals import UnreadableSchema
from parvis.core.schemas.schema_errors import problems_of
from parvis.core.translation import Sentence

MAX_BYTES = 5 * 1024 * 1024
MAX_FIELDS = 5_000

RENAMED_CHECKS = {
    "french-siret-value": "siret",
    "french-siren-value": "siren",
    "nomenclature-actes-value": "nomenclature-acte",
}
"""Old name → present name; the old ones still work."""

_NUMBER_WORDS = ("groupChar", "decimalChar", "bareNumber")


def schema_from_bytes(content: bytes, name: str, version: str = "") -> TableSchema:
    """The schema in ``content``, JSON in UTF-8 with or without a mark; UnreadableSchema when it is something else."""
    if len(content) > MAX_BYTES:
        raise UnreadableSchema(name=name, reason=Sentence("il dépasse la taille permise (5 Mo)"))
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnreadableSchema(name=name, reason=Sentence("ce n’est pas du JSON")) from error
    if isinstance(data, dict) and isinstance(data.get("fields"), list) and len(data["fields"]) > MAX_FIELDS:
        raise UnreadableSchema(
            name=name,
            reason=Sentence("il a plus de {most} champs", {"most": MAX_FIELDS}),
        )
    return read_schema(data, name, version)


def read_schema(data: object, name: str = "", version: str = "") -> TableSchema:
    """The schema that ``data`` (JSON already parsed) describes; its errors are in ``problems``, then ``fields`` is empty."""
    problems = problems_of(data)
    raw: Mapping[str, Any] = data if isinstance(data, dict) else {}
    names = (name or _text(raw.get("name")), version or _text(raw.get("version")))
    title, description = _text(raw.get("title")), _text(raw.get("description"))
    if problems:
        return TableSchema(*names, title, description, (), problems=problems, raw=raw)
    return TableSchema(
        *names,
        title,
        description,
        tuple(_field(item) for item in raw["fields"]),
        tuple(raw.get("missingValues", MISSING_VALUES)),
        _names(raw.get("primaryKey")),
        tuple(_foreign_key(item) for item in raw.get("foreignKeys", ())),
        tuple(_checks(raw)),
        raw=raw,
    )


def _field(data: Mapping[str, Any], name: str = "") -> Field:
    """A field whose description was found to be right."""
    kind = data.get("type") or "string"
    return Field(
        data.get("name", name),
        kind,
        str(data.get("format", "default")).replace("fmt:", "", 1)
        if str(data.get("format", "")).startswith("fmt:")
        else data.get("format", "default"),
        _text(data.get("title")),
        _text(data.get("description")),
        data.get("example"),
        data.get("constraints", {}),
        tuple(data["missingValues"]) if "missingValues" in data else None,
        tuple(data.get("trueValues", TRUE_VALUES)) if kind == "boolean" else TRUE_VALUES,
        tuple(data.get("falseValues", FALSE_VALUES)) if kind == "boolean" else FALSE_VALUES,
        data.get("bareNumber", True),
        data.get("floatNumber", False),
        data.get("decimalChar", "."),
        data.get("groupChar", ""),
        any(word in data for word in _NUMBER_WORDS),
        _item(data, kind),
    )


def _item(data: Mapping[str, Any], kind: str) -> Field | None:
    item = data.get("arrayItem")
    if kind != "array" or not item:
        return None
    plain = {key: value for key, value in item.items() if key != "arrayItem"}
    return _field({"type": "any", **plain}, data["name"])


def _foreign_key(data: Mapping[str, Any]) -> ForeignKey:
    reference = data["reference"]
    return ForeignKey(_names(data["fields"]), reference.get("resource", ""), _names(reference["fields"]))


def _checks(raw: Mapping[str, Any]) -> list[CustomCheck]:
    """Those of the schema in their order, then those of the fields in the order of the fields."""
    checks = [_check(item["name"], item["params"]) for item in raw.get("custom_checks", ())]
    for item in raw["fields"]:
        own = item.get("customCheck")
        if isinstance(own, str):
            checks.append(_check(own, {"column": item["name"]}))
        elif own is not None:
            rest = {key: value for key, value in own.items() if key != "name"}
            checks.append(_check(own["name"], {"column": item["name"], **rest}))
    return checks


def _check(declared: str, params: Mapping[str, Any]) -> CustomCheck:
    return CustomCheck(RENAMED_CHECKS.get(declared, declared), declared, dict(params))


def _names(value: object) -> tuple[str, ...]:
    if not value:
        return ()
    return tuple(value) if isinstance(value, list) else (str(value),)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
