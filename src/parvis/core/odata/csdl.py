"""``$metadata``: the description of an entity set, as XML (CSDL 4.0) and as JSON (CSDL JSON 4.01)."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from parvis.core.odata.edm import KEY, EdmType, EntitySet, Property
from parvis.core.odata.functions import ALL
from parvis.core.odata.parser import METHODS, TRANSFORMATIONS
from parvis.core.translation import translate

NAMESPACE = "parvis"
CONTAINER = "Container"
_VOCABULARIES = {
    "Org.OData.Core.V1": "Core",
    "Org.OData.Capabilities.V1": "Capabilities",
    "Org.OData.Aggregation.V1": "Aggregation",
}
_ADDRESS = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/{name}.xml"
_NOT_WRITTEN = {
    "InsertRestrictions": "Insertable",
    "UpdateRestrictions": "Updatable",
    "DeleteRestrictions": "Deletable",
}


def csdl_xml(entities: list[EntitySet], language: str = "fr") -> str:
    """The description as XML."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append('<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">')
    for name, alias in _VOCABULARIES.items():
        lines.append(f'<edmx:Reference Uri="{_ADDRESS.format(name=name)}">')
        lines.append(f'<edmx:Include Namespace="{name}" Alias="{alias}"/></edmx:Reference>')
    lines.append("<edmx:DataServices>")
    lines.append(f'<Schema Namespace="{NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">')
    for entity in entities:
        lines += _entity_type(entity, language)
    lines.append(f'<EntityContainer Name="{CONTAINER}">')
    for entity in entities:
        lines += _entity_set(entity)
    lines += _capabilities()
    lines.append("</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>")
    return "\n".join(lines)


def label_of(row: Property, language: str) -> str:
    """What a property is called for people."""
    label = row.column.label if row.column else ""
    return translate(row.label, language).format_map({"label": label}) if row.label != "{label}" else label


def type_of(entity: EntitySet) -> str:
    """The full name of its entity type."""
    return f"{NAMESPACE}.{entity.type_name}"


def _entity_type(entity: EntitySet, language: str) -> list[str]:
    lines = [f'<EntityType Name="{entity.type_name}"><Key><PropertyRef Name="{KEY}"/></Key>']
    for row in entity:
        facets = ' Nullable="false"' if row.name == KEY else ""
        facets += ' Precision="6"' if row.type is EdmType.INSTANT else ""
        lines.append(f'<Property Name="{row.name}" Type="{row.type}"{facets}>')
        lines.append(_said("Core.Description", label_of(row, language)))
        if row.column and row.column.description:
            lines.append(_said("Core.LongDescription", row.column.description))
        lines.append("</Property>")
    return [*lines, "</EntityType>"]


def _entity_set(entity: EntitySet) -> list[str]:
    lines = [f'<EntitySet Name="{entity.name}" EntityType="{type_of(entity)}">']
    lines.append(_said("Core.Description", entity.title))
    shapes = [row.name for row in entity if not row.is_plain]
    for term, what in (
        ("FilterRestrictions", "NonFilterableProperties"),
        ("SortRestrictions", "NonSortableProperties"),
    ):
        if shapes:
            paths = "".join(f"<PropertyPath>{name}</PropertyPath>" for name in shapes)
            value = f'<PropertyValue Property="{what}"><Collection>{paths}</Collection></PropertyValue>'
            lines.append(f'<Annotation Term="Capabilities.{term}"><Record>{value}</Record></Annotation>')
    for term, what in _NOT_WRITTEN.items():
        lines.append(_no(term, what))
    lines.append(_no("ExpandRestrictions", "Expandable"))
    lines.append(_aggregation())
    return [*lines, "</EntitySet>"]


def _capabilities() -> list[str]:
    functions = "".join(f"<String>{name}</String>" for name in ALL)
    return [
        f'<Annotation Term="Capabilities.FilterFunctions"><Collection>{functions}</Collection></Annotation>',
        '<Annotation Term="Capabilities.SupportedFormats"><Collection><String>application/json</String></Collection></Annotation>',
        *(f'<Annotation Term="Capabilities.{term}" Bool="false"/>' for term in _NOT_DONE),
    ]


_NOT_DONE = ("BatchSupported", "AsynchronousRequestsSupported", "CrossJoinSupported", "KeyAsSegmentSupported")


def _said(term: str, text: str) -> str:
    return f"<Annotation Term={quoteattr(term)} String={quoteattr(_printable(text))}/>"


def _no(term: str, what: str) -> str:
    value = f'<PropertyValue Property="{what}" Bool="false"/>'
    return f'<Annotation Term="Capabilities.{term}"><Record>{value}</Record></Annotation>'


def _aggregation() -> str:
    """What ``$apply`` does."""
    values = ""
    for name, words in (("Transformations", TRANSFORMATIONS), ("AggregationMethods", METHODS)):
        texts = "".join(f"<String>{word}</String>" for word in words)
        values += f'<PropertyValue Property="{name}"><Collection>{texts}</Collection></PropertyValue>'
    values += '<PropertyValue Property="Rollup" EnumMember="Aggregation.RollupType/None"/>'
    return f'<Annotation Term="Aggregation.ApplySupported"><Record>{values}</Record></Annotation>'


def _printable(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return "".join(
        character for character in text if character in "\t\n" or (character >= " " and character not in "\ufffe\uffff")
    )


def csdl_json(entities: list[EntitySet], language: str = "fr") -> dict[str, Any]:
    """The description as JSON."""
    schema: dict[str, Any] = {}
    container: dict[str, Any] = {"$Kind": "EntityContainer", "@Capabilities.FilterFunctions": list(ALL)}
    container |= {f"@Capabilities.{term}": False for term in _NOT_DONE}
    for entity in entities:
        properties = {row.name: _property_json(row, language) for row in entity}
        schema[entity.type_name] = {"$Kind": "EntityType", "$Key": [KEY], **properties}
        container[entity.name] = {
            "$Collection": True,
            "$Type": type_of(entity),
            "@Core.Description": entity.title,
            "@Aggregation.ApplySupported": {
                "Transformations": list(TRANSFORMATIONS),
                "AggregationMethods": list(METHODS),
                "Rollup": "None",
            },
        }
    schema[CONTAINER] = container
    references = {
        _ADDRESS.format(name=name).replace(".xml", ".json"): {"$Include": [{"$Namespace": name, "$Alias": alias}]}
        for name, alias in _VOCABULARIES.items()
    }
    return {
        "$Version": "4.01",
        "$EntityContainer": f"{NAMESPACE}.{CONTAINER}",
        "$Reference": references,
        NAMESPACE: schema,
    }


def _property_json(row: Property, language: str) -> dict[str, Any]:
    described: dict[str, Any] = {"@Core.Description": label_of(row, language)}
    if row.column and row.column.description:
        described["@Core.LongDescription"] = row.column.description
    if row.type is not EdmType.TEXT:
        described["$Type"] = str(row.type)
    if row.type is EdmType.INSTANT:
        described["$Precision"] = 6
    return described if row.name == KEY else {**described, "$Nullable": True}
