"""What is wrong in a schema once its shape is right: examples that are no values, patterns and bounds that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

from parvis.core.schemas.model import Field, SchemaProblem, TableSchema
from parvis.core.translation import Sentence
from parvis.core.validation.casting import value_reader
from parvis.core.validation.patterns import is_sound


def schema_problems(schema: TableSchema) -> tuple[SchemaProblem, ...]:
    """Everything for which no table can be checked against ``schema``; empty when it can be."""
    return schema.problems or tuple(_examples(schema)) or tuple(_limits(schema))


def _examples(schema: TableSchema) -> Iterator[SchemaProblem]:
    for rank, field in enumerate(schema.fields):
        if field.example and field.type != "any" and not _is_value(field):
            sentence = Sentence(
                "l’exemple « {example} » n’est pas une valeur de ce type", {"example": str(field.example)}
            )
            yield SchemaProblem("field-error", f"fields/{rank}/example", sentence, field.name)


def _is_value(field: Field) -> bool:
    """Whether the example is one, numbers being read without the signs that the field declares."""
    plain = Field(
        field.name,
        field.type,
        field.format,
        true_values=field.true_values,
        false_values=field.false_values,
    )
    return field.example == "" or field.format == "wkt" or value_reader(plain)(field.example) is not None


def _limits(schema: TableSchema) -> Iterator[SchemaProblem]:
    for rank, field in enumerate(schema.fields):
        yield from _field_limits(field, f"fields/{rank}")
        if field.array_item is not None:
            yield from _field_limits(field.array_item, f"fields/{rank}/arrayItem")


def _field_limits(field: Field, path: str) -> Iterator[SchemaProblem]:
    if field.type == "string" and field.format == "wkt":
        sentence = Sentence("le format « wkt » n’est pas vérifié")
        yield SchemaProblem("error", f"{path}/format", sentence, field.name)
        return
    pattern = field.constraints.get("pattern")
    if pattern is not None and not is_sound(pattern):
        sentence = Sentence("le motif « {pattern} » est mal formé", {"pattern": str(pattern)})
        yield SchemaProblem("error", f"{path}/constraints/pattern", sentence, field.name)
