"""JSON: records wherever they stand, exact values, nothing lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import BrokenJson, CellTooLarge, NoSuchPart, NoTable, TooDeep, TooManyColumns

Stage = Callable[..., Any]
TWO = [("1", "x"), ("2", None)]


@pytest.mark.parametrize(
    ("text", "shape", "path"),
    [
        ('[{"a":1,"b":"x"},{"a":2}]', "list", ""),
        ('\ufeff [ {"a":1,"b":"x"} , {"a":2} ] ', "list", ""),
        ('{"a":1,"b":"x"}\n{"a":2}\n', "sequence", ""),
        ('\n{"a":1,"b":"x"}  \r\n\r\n{"a":2}', "sequence", ""),
        ('{"a":1,"b":"x"}{"a":2}', "sequence", ""),
        ('{"nhits":2,"empty":[],"records":[{"a":1,"b":"x"},{"a":2}],"facets":[{"z":1}]}', "list", "records"),
        ('{"result":{"meta":{"t":[1,2,3]},"rows":[{"a":1,"b":"x"},{"a":2}]}}', "list", "result.rows"),
        ('{"a":[1,2],"b":["x",null]}', "columns", ""),
        ('[["a","b"],[1,"x"],[2,null]]', "list", ""),
    ],
)
def test_records_are_found_wherever_they_are(stage: Stage, text: str, shape: str, path: str) -> None:
    table = stage(text, name="x.csv")
    assert table.headers == ["a", "b"]
    assert table.rows == TWO
    assert (table.reading["shape"], table.reading["json_path"]) == (shape, path)


def test_an_object_of_objects_keeps_its_keys(stage: Stage) -> None:
    table = stage('{"91228":{"nom":"Évry"},"92040":{"nom":"Issy"}}')
    assert table.headers == ["clé", "nom"]
    assert table.rows == [("91228", "Évry"), ("92040", "Issy")]


def test_the_path_can_be_imposed(stage: Stage) -> None:
    text = '{"a":{"few":[{"x":1}]},"many":[{"y":1},{"y":2}]}'
    assert stage(text).headers == ["y"]
    assert stage(text, json_path="a.few").headers == ["x"]
    with pytest.raises(NoSuchPart):
        stage(text, json_path="a.none")


def test_lines_of_a_sequence_are_true_and_ranks_number_a_list(stage: Stage) -> None:
    assert stage('\n{"a":1}\n\n{"a":\n2}\n{"a":3}').lines == [2, 4, 6]
    assert stage('[\n{"a":1},\n\n{"a":2}]').lines == [1, 2]


def test_values_are_exact(stage: Stage) -> None:
    table = stage('[{"i":12345678901234567890123,"d":48.10,"e":1E5,"t":true,"n":null,"s":"01","v":""}]')
    assert table.headers == ["i", "d", "e", "t", "n", "s", "v"]
    assert table.rows == [("12345678901234567890123", "48.10", "1E5", "true", None, "01", None)]
    assert table.hints == ["int", "double", "double", "boolean", None, None, None]


def test_nested_values_are_json_and_places_are_left_to_profiling(stage: Stage) -> None:
    table = stage('[{"o":{"é":[1.50,true]},"p":[48.8,2.2],"g":{"type":"Point","coordinates":[2.2,48.8]}}]')
    assert table.rows == [('{"é":[1.5,true]}', "[48.8,2.2]", '{"type":"Point","coordinates":[2.2,48.8]}')]
    assert table.hints == ["json_blob", None, None]


def test_portal_envelopes_are_opened(stage: Stage) -> None:
    record = {
        "datasetid": "d",
        "recordid": "r",
        "fields": {"nom": "x"},
        "geometry": {"type": "Point", "coordinates": [2, 48]},
    }
    table = stage(json.dumps({"nhits": 1, "records": [record]}))
    assert table.headers == ["nom", "geometry"]
    assert table.notes["envelope-dropped"] == {"count": 1}
    second = stage(
        json.dumps({"records": [{"links": [], "record": {"id": "1", "timestamp": "t", "fields": {"nom": "x"}}}]})
    )
    assert second.headers == ["nom"]


def test_what_is_no_object_is_refused_with_its_rank(stage: Stage) -> None:
    table = stage('[{"a":1},null,[1,2],{"a":2}]')
    assert table.rows == [("1",), ("2",)]
    assert table.rejects == [(2, "not-an-object", "null"), (3, "not-an-object", "[1,2]")]


def test_a_broken_line_of_a_sequence_is_refused_alone(stage: Stage) -> None:
    table = stage('{"a":1}\n{"a":oops}\n{"a":3}\n')
    assert table.rows == [("1",), ("3",)]
    assert table.rejects == [(2, "broken-json", '{"a":oops}')]


def test_words_that_json_does_not_know_are_no_value(stage: Stage) -> None:
    table = stage('[{"a":NaN},{"a":-Infinity},{"a":1}]')
    assert [row[0] for row in table.rows] == [None, None, "1"]
    assert table.notes["not-a-number"] == {"count": 2}


def test_a_key_met_twice_loses_nothing(stage: Stage) -> None:
    table = stage('[{"a":1,"a":2}]')
    assert dict(zip(table.headers, table.rows[0], strict=True)) == {"a": "1", "a (2)": "2"}
    assert table.notes["duplicate-keys"] == {"count": 1}


def test_new_keys_make_new_columns_in_order(stage: Stage) -> None:
    records = [{f"k{n % 50}": n} for n in range(45_000)]
    table = stage(json.dumps(records))
    assert table.headers == [f"k{n}" for n in range(50)]
    assert table.staged.rows == 45_000
    assert table.rows[44_999][49] == "44999"


def test_half_characters_do_not_stop_the_reading(stage: Stage) -> None:
    assert stage('[{"a":"\\ud83d\\ude00"},{"a":"x\\ud83d"}]').rows == [("😀",), ("x\ufffd",)]


@pytest.mark.parametrize(
    "text", ['[{"a":1},{"a":2', '[{"a":1} {"a":2}]', '{"records":[{"a":1},{"a"', '{"a":\n1,\n"b"', "[1,2"]
)
def test_broken_json_is_refused_with_its_line(stage: Stage, text: str) -> None:
    with pytest.raises(BrokenJson) as error:
        stage(text)
    assert error.value.details["line"] == text.count("\n") + 1


def test_endless_nesting_is_refused(stage: Stage) -> None:
    with pytest.raises(TooDeep):
        stage('[{"a":' + "[" * 200_000 + "]" * 200_000 + "}]")
    with pytest.raises(TooDeep):
        stage('[{"a":' + "[" * 100 + "]" * 100 + "}]")


def test_sizes_are_bounded(stage: Stage) -> None:
    with pytest.raises(CellTooLarge):
        stage('[{"a":"' + "x" * 2_000_000 + '"}]', limits=Limits(max_cell_bytes=1_000_000))
    with pytest.raises(TooManyColumns):
        stage(json.dumps([{f"k{n}": 1 for n in range(3000)}]))
    with pytest.raises(NoTable):
        stage("[]")


def test_a_type_that_is_no_word_is_nested_like_the_rest(stage: Stage) -> None:
    table = stage('[{"a":{"type":{"id":"Q33506"}}},{"a":{"type":["Point"]}}]')
    assert table.hints == ["json_blob"]
