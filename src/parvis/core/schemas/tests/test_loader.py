"""A schema is read whole, or every one of its errors is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.schemas import UnreadableSchema, read_schema, schema_from_bytes
from parvis.core.schemas.model import TRUE_VALUES
from parvis.core.schemas.retrieval import load_schema


def _problem(data: object) -> tuple[str, str]:
    (problem,) = read_schema(data).problems
    return problem.kind, problem.path


def test_a_schema_is_read_with_its_keys_checks_and_missing_values() -> None:
    schema = read_schema(
        {
            "name": "arbres",
            "version": "1.2.0",
            "fields": [
                {"name": "id", "constraints": {"required": True, "unique": True}},
                {"name": "siret", "type": "string", "customCheck": {"name": "french-siret-value"}},
                {"name": "jours", "type": "array", "arrayItem": {"type": "string", "constraints": {"minLength": 2}}},
            ],
            "missingValues": ["", "NA"],
            "primaryKey": "id",
            "foreignKeys": [{"fields": "siret", "reference": {"resource": "", "fields": "id"}}],
            "custom_checks": [{"name": "siren", "params": {"column": "siret"}}],
        }
    )
    assert (schema.name, schema.version, schema.problems) == ("arbres", "1.2.0", ())
    assert schema.field_names == ("id", "siret", "jours")
    assert schema.fields[0].required and schema.fields[0].unique and schema.fields[0].type == "string"
    assert schema.fields[0].true_values == TRUE_VALUES
    assert schema.fields[2].array_item is not None and schema.fields[2].array_item.name == "jours"
    assert schema.primary_key == ("id",) and schema.missing(schema.fields[0]) == ("", "NA")
    assert schema.foreign_keys[0].fields == ("siret",) and schema.foreign_keys[0].reference == ("id",)
    assert [(check.name, check.declared) for check in schema.checks] == [
        ("siren", "siren"),
        ("siret", "french-siret-value"),
    ]
    assert schema.checks[1].params == {"column": "siret"}


@pytest.mark.parametrize(
    ("data", "kind", "path"),
    [
        ([], "schema-error", ""),
        ({}, "schema-error", "fields"),
        ({"fields": "x"}, "schema-error", "fields"),
        ({"fields": [1]}, "field-error", "fields/0"),
        ({"fields": [{}]}, "field-error", "fields/0/name"),
        ({"fields": [{"name": 1}]}, "field-error", "fields/0/name"),
        ({"fields": [{"name": "a", "type": "foo"}]}, "field-error", "fields/0/type"),
        ({"fields": [{"name": "a", "format": "date"}]}, "field-error", "fields/0/format"),
        (
            {"fields": [{"name": "a", "type": "integer", "constraints": {"pattern": "x"}}]},
            "field-error",
            "fields/0/constraints/pattern",
        ),
        (
            {"fields": [{"name": "a", "constraints": {"minLength": "2"}}]},
            "field-error",
            "fields/0/constraints/minLength",
        ),
        ({"fields": [{"name": "a", "required": True}]}, "field-error", "fields/0/required"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "schema-error", "fields"),
        ({"fields": [{"name": "a"}], "primaryKey": "b"}, "schema-error", "primaryKey"),
        ({"fields": [{"name": "a"}], "primaryKey": ""}, "schema-error", "primaryKey"),
        ({"fields": [{"name": "a"}], "missingValues": [1]}, "schema-error", "missingValues/0"),
        ({"fields": [{"name": "a"}], "name": "Mon schéma"}, "schema-error", "name"),
        (
            {"fields": [{"name": "a", "type": "array", "arrayItem": {"type": "foo"}}]},
            "field-error",
            "fields/0/arrayItem/type",
        ),
        ({"fields": [{"name": "a"}], "custom_checks": ["siret"]}, "check-error", "custom_checks/0"),
        ({"fields": [{"name": "a"}], "foreignKeys": [{"fields": "a"}]}, "schema-error", "foreignKeys/0"),
    ],
)
def test_each_error_of_a_schema_is_told_with_its_place(data: object, kind: str, path: str) -> None:
    assert _problem(data) == (kind, path)


def test_what_is_no_json_or_too_long_is_refused() -> None:
    with pytest.raises(UnreadableSchema):
        schema_from_bytes(b"fields:\n- name: a\n", "schema.yml")
    with pytest.raises(UnreadableSchema):
        schema_from_bytes(b" " * (5 * 1024 * 1024 + 1), "schema.json")
    with pytest.raises(UnreadableSchema):
        schema_from_bytes(b"[" * 200_000, "schema.json")


def test_a_mark_before_the_json_does_not_matter(tmp_path) -> None:
    path = tmp_path / "schema.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"fields": [{"name": "é"}]}).encode())
    assert load_schema(path).field_names == ("é",)


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(UnreadableSchema):
        load_schema(tmp_path / "absent.json")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "string", "integer", "array", "siret"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "type",
                    "format",
                    "constraints",
                    "fields",
                    "primaryKey",
                    "foreignKeys",
                    "custom_checks",
                    "customCheck",
                    "arrayItem",
                    "params",
                    "reference",
                    "missingValues",
                    "trueValues",
                    "enum",
                    "required",
                    "minLength",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@given(_JSON)
def test_no_json_at_all_makes_reading_fail(data: object) -> None:
    schema = read_schema(data)
    assert schema.problems or isinstance(schema.fields, tuple)
