"""The errors of a schema itself: shapes, types, constraints, names, keys. Examples and patterns are judged by ``core.validation``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from parvis.core.schemas.model import SchemaProblem
from parvis.core.schemas.vocabulary import (
    CONSTRAINT_PROPERTIES,
    FIELD_PROPERTIES,
    LISTS_OF_TEXTS,
    SCHEMA_PROPERTIES,
    SHAPES,
    TYPE_BY_NAME,
    TYPE_PROPERTIES,
)
from parvis.core.translation import Sentence

_NAME = re.compile(r"^([-a-z0-9._/])+$")
SCHEMA, FIELD, CHECK = "schema-error", "field-error", "check-error"


def problems_of(data: object) -> tuple[SchemaProblem, ...]:
    """Everything wrong in ``data``, which should be a Table Schema; empty when it is one."""
    if not isinstance(data, dict):
        return (SchemaProblem(SCHEMA, "", Sentence("un schéma est un objet JSON")),)
    if data.get("type"):
        sentence = Sentence("le schéma déclare un type inconnu, « {type} »", {"type": str(data["type"])})
        return (SchemaProblem(SCHEMA, "type", sentence),)
    unknown = _unknown_type(data.get("fields"))
    if unknown is not None:
        return (unknown,)
    shapes = (*_schema_shapes(data), *_field_problems(data.get("fields")))
    return shapes or (*_names_and_keys(data), *_check_shapes(data))


def _unknown_type(fields: object) -> SchemaProblem | None:
    """The first field of a type that does not exist: nothing more can be said of the schema then."""
    for rank, item in enumerate(fields if isinstance(fields, list) else ()):
        if not isinstance(item, dict):
            sentence = Sentence("un champ est un objet JSON")
            return SchemaProblem(FIELD, f"fields/{rank}", sentence)
        problem = _type_problem(item, f"fields/{rank}")
        if problem is not None:
            return problem
    return None


def _type_problem(item: Mapping[str, Any], path: str) -> SchemaProblem | None:
    kind = item.get("type")
    if not kind or (isinstance(kind, str) and kind in TYPE_BY_NAME):
        return None
    sentence = Sentence("le type « {kind} » n’existe pas", {"kind": str(kind)})
    return SchemaProblem(FIELD, f"{path}/type", sentence, _name(item))


def _name(item: Mapping[str, Any]) -> str | None:
    name = item.get("name")
    return name if isinstance(name, str) else None


def _shape_problem(kind: str, value: object, shape: str, path: str, field: str | None = None) -> SchemaProblem | None:
    python_type, name = SHAPES[shape]
    right = isinstance(value, python_type) and not (shape == "integer" and isinstance(value, bool))
    if right or (shape == "integer" and isinstance(value, float) and value.is_integer()):
        return None
    return SchemaProblem(kind, path, Sentence("il faut {shape}", {"shape": Sentence(name)}), field)


def _shapes(
    kind: str, data: Mapping[str, Any], rows: Mapping[str, str], path: str, field: str | None = None
) -> Iterator[SchemaProblem]:
    """Properties of ``data`` that have not the shape they must have; lists of texts are looked into."""
    for name, shape in rows.items():
        if name not in data:
            continue
        value, where = data[name], f"{path}{name}"
        if name == "primaryKey" and value and not isinstance(value, list):
            value = [value]  # the standard lets one name stand alone
        problem = _shape_problem(kind, value, shape, where, field)
        if problem is not None:
            yield problem
        elif name in LISTS_OF_TEXTS:
            for rank, text in enumerate(value):
                inner = _shape_problem(kind, text, "string", f"{where}/{rank}", field)
                if inner is not None:
                    yield inner


def _schema_shapes(data: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    if "fields" not in data:
        yield SchemaProblem(SCHEMA, "fields", Sentence("la liste « fields » manque"))
    yield from _shapes(SCHEMA, data, SCHEMA_PROPERTIES, "")
    name = data.get("name")
    if isinstance(name, str) and not _NAME.match(name):
        sentence = Sentence("le nom n’admet que minuscules, chiffres et - . _ /")
        yield SchemaProblem(SCHEMA, "name", sentence)
    for rank, key in enumerate(_list(data.get("foreignKeys"))):
        shape = _shape_problem(SCHEMA, key, "object", f"foreignKeys/{rank}")
        if shape is not None:
            yield shape
        elif not isinstance(key.get("reference", {}), dict):
            yield SchemaProblem(SCHEMA, f"foreignKeys/{rank}/reference", Sentence("il faut un objet"))


def _field_problems(fields: object) -> Iterator[SchemaProblem]:
    if isinstance(fields, dict):
        fields = [fields]
    for rank, item in enumerate(_list(fields)):
        yield from field_problems(item, f"fields/{rank}/")


def field_problems(item: Mapping[str, Any], path: str, default_type: str = "string") -> tuple[SchemaProblem, ...]:
    """What is wrong in the description of one field."""
    name = _name(item)
    declared = item.get("type")
    kind = declared if isinstance(declared, str) and declared in TYPE_BY_NAME else default_type
    shapes = list(_shapes(FIELD, item, {**FIELD_PROPERTIES, **TYPE_PROPERTIES.get(kind, {})}, path, name))
    if "name" not in item:
        shapes.insert(0, SchemaProblem(FIELD, f"{path}name", Sentence("le nom du champ manque")))
    if item.get("type") == "":
        shapes.append(SchemaProblem(FIELD, f"{path}type", Sentence("le type est vide"), name))
    formats, format_name = TYPE_BY_NAME[kind].formats, str(item.get("format", "default")).removeprefix("fmt:")
    if formats and format_name not in formats:
        sentence = Sentence("le format « {wanted} » n’existe pas pour ce type", {"wanted": format_name})
        shapes.append(SchemaProblem(FIELD, f"{path}format", sentence, name))
    constraints = item.get("constraints")
    if isinstance(constraints, dict):
        shapes += _shapes(FIELD, constraints, CONSTRAINT_PROPERTIES, f"{path}constraints/", name)
    return tuple(shapes) or (*_misused(item, kind, path), *_item_problems(item, kind, path))


def _misused(item: Mapping[str, Any], kind: str, path: str) -> Iterator[SchemaProblem]:
    """Constraints that the type does not take, and a word at the wrong level."""
    name = _name(item)
    for constraint in item.get("constraints", {}):
        if constraint not in (*TYPE_BY_NAME[kind].constraints, "unique"):
            sentence = Sentence(
                "la contrainte « {constraint} » n’existe pas pour le type « {kind} »",
                {"constraint": str(constraint), "kind": kind},
            )
            yield SchemaProblem(FIELD, f"{path}constraints/{constraint}", sentence, name)
    if "required" in item:
        sentence = Sentence("« required » se place dans « constraints »")
        yield SchemaProblem(FIELD, f"{path}required", sentence, name)


def _item_problems(item: Mapping[str, Any], kind: str, path: str) -> tuple[SchemaProblem, ...]:
    """What is wrong in the description of the items of an array."""
    inner = item.get("arrayItem")
    if kind != "array" or not inner:
        return ()
    plain = {
        "name": item.get("name"),
        "type": "any",
        **{key: value for key, value in inner.items() if key != "arrayItem"},
    }
    unknown = _type_problem(plain, f"{path}arrayItem")
    return (unknown,) if unknown else field_problems(plain, f"{path}arrayItem/", "any")


def _names_and_keys(data: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    names = [item["name"] for item in data["fields"]]
    if len(names) != len(set(names)):
        twice = next(name for name in names if names.count(name) > 1)
        sentence = Sentence("deux champs s’appellent « {twice} »", {"twice": str(twice)})
        yield SchemaProblem(SCHEMA, "fields", sentence, twice)
    key = data.get("primaryKey") or []
    for name in key if isinstance(key, list) else [key]:
        if name not in names:
            sentence = Sentence("la clé primaire nomme « {name} », qui n’est pas un champ", {"name": str(name)})
            yield SchemaProblem(SCHEMA, "primaryKey", sentence, name)
    for rank, foreign in enumerate(data.get("foreignKeys", ())):
        yield from _foreign_problems(foreign, names, f"foreignKeys/{rank}")


def _foreign_problems(foreign: Mapping[str, Any], names: list[str], path: str) -> Iterator[SchemaProblem]:
    fields, reference = _list_of(foreign.get("fields")), _list_of(foreign.get("reference", {}).get("fields"))
    for name in fields:
        if name not in names:
            sentence = Sentence("la clé étrangère nomme « {name} », qui n’est pas un champ", {"name": str(name)})
            yield SchemaProblem(SCHEMA, path, sentence)
    if len(fields) != len(reference):
        sentence = Sentence("la clé étrangère et sa référence n’ont pas le même nombre de champs")
        yield SchemaProblem(SCHEMA, path, sentence)


def _check_shapes(data: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    """Custom checks that are written in a way that cannot be read."""
    checks = data.get("custom_checks", [])
    if not isinstance(checks, list):
        yield SchemaProblem(CHECK, "custom_checks", Sentence("il faut une liste"))
    for rank, item in enumerate(_list(checks)):
        whole = isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get("params"), dict)
        if not whole:
            sentence = Sentence("il faut un objet avec « name » et « params »")
            yield SchemaProblem(CHECK, f"custom_checks/{rank}", sentence)
    for rank, item in enumerate(data["fields"]):
        own = item.get("customCheck")
        if not (own is None or isinstance(own, str) or (isinstance(own, dict) and isinstance(own.get("name"), str))):
            sentence = Sentence("il faut le nom d’un contrôle")
            yield SchemaProblem(CHECK, f"fields/{rank}/customCheck", sentence, _name(item))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _list_of(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
