"""Cells are judged as frictionless judges them, on fields and texts made at random; what SQL holds for certain is never wrong."""

import re
from typing import Any

import duckdb
import frictionless
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from parvis.core.schemas import Field, TableSchema, read_schema
from parvis.core.validation.casting import value_reader
from parvis.core.validation.cells import cell_question, cell_reader
from parvis.core.validation.keys import key_of
from parvis.core.validation.patterns import Pattern, SlowPattern, is_sound, pushed_down
from parvis.core.validation.safe_predicates import safe_predicate

FORMATS = {
    "string": ["default", "email", "uri", "binary", "uuid"],
    "date": ["default", "%d/%m/%Y", "%Y", "%Y-%m-%d"],
    "datetime": ["default", "%d/%m/%Y %H:%M"],
    "time": ["default", "%H:%M"],
    "geopoint": ["default", "array", "object"],
    "geojson": ["default", "topojson"],
}
TYPES = [
    *("string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth"),
    *("geopoint", "geojson", "array", "object", "any"),
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"\A[+-]?[0-9_]{1,6}(\.[0-9]{0,4})?(e[0-9])?\Z"),
    st.from_regex(
        r"\A[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][01][0-9]:?[0-9]{2})?)?\Z"
    ),
    st.from_regex(r"\A[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9]{1,2}:[0-9]{2})?\Z"),
    st.from_regex(r"\A[0-2]?[0-9]:[0-6][0-9](:[0-6][0-9])?Z?\Z"),
    st.from_regex(r"\A\[?-?[0-9]{1,3}(\.[0-9]+)?, ?-?[0-9]{1,3}(\.[0-9]+)?\]?\Z"),
    st.from_regex(r"\A[a-zé.+_-]{1,6}@[a-zé.-]{1,8}\.[a-z]{1,4}\Z"),
    st.from_regex(r"\A[a-z]{1,5}:/{0,2}[a-z. ]{0,8}\Z"),
    st.from_regex(r"\A\{?[0-9a-fA-F]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?\Z"),
    st.sampled_from(
        [
            "true",
            "TRUE",
            "0",
            "1",
            "oui",
            "NaN",
            "Infinity",
            "-inf",
            "[]",
            "[1]",
            "{}",
            '{"a": 1}',
            "null",
            " ",
            "",
            "１２",
            "12 €",
        ]
    ),
    st.sampled_from(
        [
            '{"type": "Point", "coordinates": [1, 2]}',
            '{"type": "Point", "coordinates": [1, 2, 3]}',
            '{"type": "Feature", "geometry": null, "properties": {}}',
            '{"type": "FeatureCollection", "features": [{"geometry": null, "properties": null}]}',
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 0]]], "bbox": [1]}',
            '{"type": "Point", "coordinates": [1, 2], "crs": {"type": "name", "properties": {"name": "x"}}}',
            '{"type": "Topology", "objects": {"a": {"type": "Point", "coordinates": [1, 2]}}, "arcs": [[[1, 2], [3, 4]]]}',
            '{"type": "LineString", "arcs": [1, 2]}',
        ]
    ),
)


@st.composite
def descriptions(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(TYPES))
    described: dict[str, Any] = {"name": "a", "type": kind}
    if kind in FORMATS:
        described["format"] = draw(st.sampled_from(FORMATS[kind]))
    if kind == "number":
        described |= draw(st.sampled_from([{}, {"decimalChar": ","}, {"groupChar": " "}, {"floatNumber": True}]))
    if kind in {"integer", "number"}:
        described |= draw(st.sampled_from([{}, {"bareNumber": False}]))
    constraints: dict[str, Any] = draw(st.sampled_from([{}, {}, {"required": True}]))
    if kind == "string":
        constraints |= draw(
            st.sampled_from([{}, {"minLength": 2}, {"maxLength": 5}, {"pattern": "[a-z]+|1"}, {"enum": ["0", "oui"]}])
        )
    if kind in {"integer", "number"} and "decimalChar" not in described:
        constraints |= draw(st.sampled_from([{}, {"minimum": 1}, {"maximum": "12"}, {"minimum": 0, "maximum": 0}]))
    if kind == "date" and described["format"] == "default":
        constraints |= draw(st.sampled_from([{}, {"minimum": "2000-01-01"}, {"maximum": "1999-12-31"}]))
    if kind == "array":
        described |= draw(
            st.sampled_from(
                [
                    {},
                    {"arrayItem": {"type": "integer", "constraints": {"minimum": 2}}},
                    {"arrayItem": {"type": "string"}},
                ]
            )
        )
    return described | ({"constraints": constraints} if constraints else {})


def _of_reference(described: dict[str, Any], text: str) -> list[str]:
    """What frictionless finds wrong, in its words; a text that makes it fail is no example."""
    field = frictionless.Field.from_descriptor(described)
    try:
        return list(field.read_cell(text)[1] or {})
    except Exception:
        assume(False)
        raise


@settings(max_examples=400)
@given(descriptions(), st.lists(TEXTS, min_size=1, max_size=8))
def test_a_cell_is_judged_as_by_frictionless(described: dict[str, Any], texts: list[str]) -> None:
    schema = read_schema({"fields": [described]})
    assert schema.problems == ()
    reader = cell_reader(schema.fields[0], ("",))
    for text in texts:
        assert list(reader.broken(text)[1]) == _of_reference(described, text), text


def _answers(schema: TableSchema, texts: list[str]) -> list[bool]:
    condition = cell_question(schema, schema.fields[0], 0, 0).certain
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT coalesce({condition.on(['t'])}, false) FROM (SELECT unnest(?::VARCHAR[]) AS t)",
            [*condition.parameters, texts],
        ).fetchall()
    return [bool(row[0]) for row in rows]


@settings(max_examples=200)
@given(descriptions(), st.lists(TEXTS.filter(lambda text: "\x00" not in text), min_size=1, max_size=10))
def test_what_is_certain_in_sql_has_no_fault(described: dict[str, Any], texts: list[str]) -> None:
    schema = read_schema({"fields": [described]})
    reader = cell_reader(schema.fields[0], ("",))
    for text, certain in zip(texts, _answers(schema, texts), strict=True):
        assert not (certain and reader.broken(text)[1]), text


@settings(max_examples=200)
@given(
    st.sampled_from(["integer", "number", "date", "year", "datetime", "geopoint"]),
    st.lists(TEXTS, min_size=2, max_size=6),
)
def test_two_values_have_one_key_exactly_when_they_are_equal(kind: str, texts: list[str]) -> None:
    field = Field("a", kind)
    values = [value for value in map(value_reader(field), texts) if value is not None]
    for first in values:
        for second in values:
            if first == first:
                assert (key_of(first) == key_of(second)) == (first == second)
    if safe_predicate(field).canonical:
        canonical = [
            text
            for text in texts
            if value_reader(field)(text) is not None and text == key_of(value_reader(field)(text))
        ]
        assert all(key_of(value_reader(field)(text)) == text for text in canonical)


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "b",
                "é",
                "\\d",
                "\\w",
                "\\D",
                "[a-z]",
                "[^a]",
                "(",
                ")",
                "|",
                "*",
                "+",
                "?",
                "{2}",
                "{,3}",
                "^",
                "$",
                ".",
                "\\.",
                "(?=a)",
                "[éa-c]",
            ]
        ),
        min_size=1,
        max_size=8,
    ).map("".join),
    st.lists(st.text(alphabet="abcé12.\n ٣", max_size=8), min_size=1, max_size=8),
)
@example("$a", ["a"])
@example("a^b", ["ab"])
@example("(?:$)a", ["a"])
@example("a|b$c", ["bc"])
def test_a_pattern_is_pushed_down_only_when_that_accepts_no_more(pattern: str, texts: list[str]) -> None:
    assume(is_sound(pattern))
    pushed = pushed_down(pattern)
    if pushed is None:
        return
    compiled = Pattern(pattern, "a")
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT regexp_matches(t, ?) FROM (SELECT unnest(?::VARCHAR[]) AS t)", [pushed, texts]
        ).fetchall()
    assert [text for text, row in zip(texts, rows, strict=True) if row[0] and not compiled.matches(text)] == []


def test_a_pattern_without_end_is_stopped() -> None:
    with pytest.raises(SlowPattern):
        Pattern("(?:a|aa)+b(?=c)", "a").matches("a" * 60)


@given(
    st.sampled_from([r"\w+", r"^[\w.]+$", r"\d{2}", r"\s?a\b.*", r"[^\W\d]+"]),
    st.text(alphabet="aé\u0301\u0661_.\u00a0\u2009B2", max_size=6),
)
def test_letters_digits_and_blanks_are_those_of_the_standard_engine(pattern: str, text: str) -> None:
    assert Pattern(pattern, "a").matches(text) is (re.match(f"^{pattern}$", text) is not None)


@pytest.mark.parametrize("limits", [{}, {"minimum": 0}, {"maximum": 0}, {"minimum": 0, "maximum": 12}])
def test_a_number_that_only_sql_reads_or_rounds_is_left_to_the_judge(limits: dict[str, int]) -> None:
    schema = read_schema({"fields": [{"name": "a", "type": "number", "constraints": limits}]})
    reader = cell_reader(schema.fields[0], ("",))
    texts = [
        "+-1",
        " +-1",
        "nan",
        "-nan",
        "inf",
        "-inf",
        "-1e-400",
        "1e-400",
        "-0",
        "12." + "0" * 20 + "1",
        "1e400",
        "1__0",
    ]
    for text, certain in zip(texts, _answers(schema, texts), strict=True):
        assert not (certain and reader.broken(text)[1]), text
    assert _answers(schema, ["0.5", "5.", "7e-1"])[:2] == [limits.get("maximum") != 0] * 2


def test_a_moment_is_certain_only_when_it_ends_with_a_digit() -> None:
    schema = read_schema({"fields": [{"name": "a", "type": "datetime"}]})
    reader = cell_reader(schema.fields[0], ("",))
    texts = [f"2000-01-01T00:00:0{chr(sign)}" for sign in range(1, 0x3000)]
    for text, certain in zip(texts, _answers(schema, texts), strict=True):
        assert not (certain and reader.broken(text)[1]), text
    assert _answers(schema, ["2000-01-01T00:00:00", "2000-01-01T00:00:00Z"]) == [True, True]


def test_a_number_with_a_comma_is_certain() -> None:
    schema = read_schema({"fields": [{"name": "a", "type": "number", "decimalChar": ",", "groupChar": " "}]})
    assert _answers(schema, ["1,5", "-12", "1.5", "1 000,5", ",5"]) == [True, True, False, False, False]


def test_a_text_of_a_long_list_is_certain_and_no_other() -> None:
    values = [f"l'item n° {rank} {{?}}" for rank in range(200)] + ["", " x", "É"]
    schema = read_schema({"fields": [{"name": "a", "type": "string", "constraints": {"enum": values}}]})
    assert all(_answers(schema, values))
    assert not any(_answers(schema, ["l'item", " X", "x", "é", "item", "l'item n° 200 {?}"]))
