"""Each step does what its row says: a table before, the step, the table after, written by hand."""

from __future__ import annotations

import hashlib

import pytest

from parvis.core.transforms.preparation.table import PREPARATIONS

TABLE = {
    "nom": ["Éva", None, "Ali "],
    "montant": ["1 234,50 €", "abc", "12"],
    "jour": ["03/04/2021", "31/02/2021", "5 mai 2020"],
}
CASES = [
    ({"do": "rename", "names": {"nom": "qui"}}, {"qui": ["Éva", None, "Ali "], "montant": TABLE["montant"], "jour": TABLE["jour"]}),
    ({"do": "drop", "columns": ["nom", "jour"]}, {"montant": TABLE["montant"]}),
    ({"do": "keep", "columns": ["jour", "nom"]}, {"jour": TABLE["jour"], "nom": TABLE["nom"]}),
    ({"do": "reorder", "columns": ["jour"]}, {"jour": TABLE["jour"], "nom": TABLE["nom"], "montant": TABLE["montant"]}),
    ({"do": "copy", "column": "nom", "to": "n"}, {"n": TABLE["nom"]}),
    ({"do": "add", "to": "ville", "value": "l'Haÿ"}, {"ville": ["l'Haÿ"] * 3}),
    ({"do": "concat", "columns": ["nom", "montant"], "to": "x", "with": " : ", "drop": True}, {"jour": TABLE["jour"], "x": ["Éva : 1 234,50 €", "abc", "Ali : 12"]}),
    ({"do": "template", "to": "x", "template": "{nom} a {montant}"}, {"x": ["Éva a 1 234,50 €", " a abc", "Ali  a 12"]}),
    ({"do": "split", "column": "jour", "by": "/", "to": ["j", "reste"]}, {"j": ["03", "31", "5 mai 2020"], "reste": ["04/2021", "02/2021", None]}),
    ({"do": "trim", "columns": ["nom"]}, {"nom": ["Éva", None, "Ali"]}),
    ({"do": "case", "columns": ["nom"], "to": "upper"}, {"nom": ["ÉVA", None, "ALI "]}),
    ({"do": "case", "columns": ["nom"], "to": "unaccented"}, {"nom": ["Eva", None, "Ali "]}),
    ({"do": "replace", "columns": ["montant"], "from": "1", "with": "I"}, {"montant": ["I 234,50 €", "abc", "I2"]}),
    ({"do": "replace", "columns": ["montant"], "from": "12", "with": "", "whole": True}, {"montant": ["1 234,50 €", "abc", None]}),
    ({"do": "map", "column": "montant", "values": {"abc": "néant"}}, {"montant": ["1 234,50 €", "néant", "12"]}),
    ({"do": "map", "column": "montant", "values": {"12": "douze"}, "others": "empty"}, {"montant": [None, None, "douze"]}),
    ({"do": "regex_replace", "columns": ["jour"], "pattern": r"(\d+)/(\d+)", "with": r"\2-\1"}, {"jour": ["04-03/2021", "02-31/2021", "5 mai 2020"]}),
    ({"do": "regex_extract", "column": "jour", "pattern": r"(\d+)/(\d+)", "to": ["a", "b"]}, {"a": ["03", "31", None], "b": ["04", "02", None]}),
    ({"do": "pad", "columns": ["montant"], "length": 5}, {"montant": ["1 234,50 €", "00abc", "00012"]}),
    ({"do": "type", "columns": ["montant"], "type": "double"}, {"montant": ["1234.5", None, "12"]}),
    ({"do": "type", "columns": ["jour"], "type": "date", "on_failure": "keep"}, {"jour": ["2021-04-03", "31/02/2021", "2020-05-05"]}),
    ({"do": "date", "columns": ["jour"], "formats": ["%d/%m/%Y", "%Y/%m"]}, {"jour": ["2021-04-03", None, None]}),
    ({"do": "date_part", "column": "jour", "part": "month", "to": "m"}, {"m": ["4", None, "5"]}),
    ({"do": "fill", "columns": ["nom"], "value": "?"}, {"nom": ["Éva", "?", "Ali "]}),
    ({"do": "fill", "columns": ["nom"], "from": "above"}, {"nom": ["Éva", "Éva", "Ali "]}),
    ({"do": "fill", "columns": ["nom"], "from": "below"}, {"nom": ["Éva", "Ali ", "Ali "]}),
    ({"do": "fill", "columns": ["nom"], "from": "column", "column": "montant"}, {"nom": ["Éva", "abc", "Ali "]}),
    ({"do": "empty", "columns": ["montant"], "values": ["ABC", "nc"]}, {"montant": ["1 234,50 €", None, "12"]}),
    ({"do": "round", "columns": ["montant"], "decimals": 0}, {"montant": ["1235", None, "12"]}),
    ({"do": "number", "column": "jour", "to": "n"}, {"n": ["3", "31", "5"]}),
    ({"do": "identifier", "columns": ["nom"], "to": "id", "length": 8}, {"id": [hashlib.sha256(text.encode()).hexdigest()[:8] for text in ("Éva", "", "Ali ")]}),
    ({"do": "compute", "to": "c", "sql": "length(nom) + 1"}, {"c": ["4", None, "5"]}),
    ({"do": "filter", "where": [{"column": "montant", "is": ">", "value": 100}]}, {"montant": ["1 234,50 €"]}),
    ({"do": "filter", "where": [{"column": "jour", "is": "<", "value": "2021-01-01"}]}, {"jour": ["5 mai 2020"]}),
    ({"do": "filter", "where": [{"column": "nom", "is": "empty"}, {"column": "nom", "is": "contains", "value": "eva"}], "match": "any", "keep": False}, {"nom": ["Ali "]}),
    ({"do": "filter", "where": [{"column": "nom", "is": "in", "value": ["Ali", "Éva"]}]}, {"nom": ["Éva", "Ali "]}),
    ({"do": "expect", "where": [{"column": "montant", "is": "number"}], "on_failure": "drop"}, {"montant": ["1 234,50 €", "12"]}),
    ({"do": "sort", "columns": ["montant"]}, {"montant": ["12", "1 234,50 €", "abc"]}),
    ({"do": "slice", "skip": 1, "limit": 1}, {"montant": ["abc"]}),
    ({"do": "query", "sql": "SELECT count(*) AS n, max(__line) AS fin FROM data WHERE nom <> ''"}, {"n": ["2"], "fin": ["4"]}),
    ({"do": "to_json", "columns": ["nom", "montant"], "to": "j", "drop": True}, {"j": ['{"nom":"Éva","montant":"1 234,50 €"}', '{"nom":null,"montant":"abc"}', '{"nom":"Ali ","montant":"12"}']}),
]  # fmt: skip
OTHERS = [
    ({"k": ["a", "b", "a", "a"], "v": ["1", "2", "1", "3"]}, {"do": "deduplicate"}, {"k": ["a", "b", "a"], "v": ["1", "2", "3"]}),
    ({"k": ["a", "b", "a"], "v": ["1", "2", "3"]}, {"do": "deduplicate", "columns": ["k"], "keep": "last"}, {"k": ["b", "a"], "v": ["2", "3"]}),
    ({"k": ["x", "y"], "v": ["1|2", None]}, {"do": "split_rows", "column": "v", "by": "|"}, {"k": ["x", "x", "y"], "v": ["1", "2", None]}),
    (
        {"k": ["b", "a", "b"], "v": ["1,5", "2", "x"]},
        {"do": "aggregate", "by": ["k"], "values": [{"to": "n", "do": "rows"}, {"to": "s", "do": "sum", "column": "v"}, {"to": "l", "do": "list", "column": "v"}]},
        {"k": ["b", "a"], "n": ["2", "1"], "s": ["1.5", "2"], "l": ["1,5 ; x", "2"]},
    ),
    (
        {"k": ["x", "x", "y", "x"], "an": ["2020", "2021", "2020", "2020"], "v": ["1", "2", "3", "4,5"]},
        {"do": "pivot", "column": "an", "value": "v", "by": ["k"], "function": "sum"},
        {"k": ["x", "y"], "2020": ["5.5", "3"], "2021": ["2", None]},
    ),
    (
        {"k": ["x", "y"], "2020": ["1", "3"], "2021": ["2", None]},
        {"do": "unpivot", "columns": ["2020", "2021"], "name": "an", "value": "v"},
        {"k": ["x", "x", "y"], "an": ["2020", "2021", "2020"], "v": ["1", "2", "3"]},
    ),
    ({"j": ['{"a":{"b":[{"c":"é"}]}}', "[", None]}, {"do": "json", "column": "j", "paths": {"c": "a.b[0].c"}}, {"c": ["é", None, None]}),
    ({"j": ['{"l":[1,"b"]}', "[]", "non"]}, {"do": "json_rows", "column": "j", "path": "l"}, {"j": ["1", "b", None, None]}),
    ({"x": ['<a xmlns="urn:x"><b k="1">t</b><b>u</b></a>', "<a", "<!DOCTYPE a><a/>"]}, {"do": "xml", "column": "x", "paths": {"b": "a/b", "k": "b@k"}}, {"b": ["t ; u", None, None], "k": ["1", None, None]}),
    ({"u": ["https://ex.fr/a?b=c&b=d", "rien"]}, {"do": "url", "column": "u", "part": "query", "name": "b", "to": "q"}, {"q": ["c", None]}),
    ({"h": ['<p><a href="https://a.fr/x">y</a> https://b.fr.</p>', None]}, {"do": "links", "column": "h", "to": "l"}, {"l": ["https://a.fr/x ; https://b.fr", None]}),
    ({"u": ["www.Évry.fr/à b?q=é", "néant", "HTTPS://Ville.FR:8080/x"]}, {"do": "url", "column": "u", "part": "address", "to": "a"}, {"a": ["http://www.xn--vry-9la.fr/%C3%A0%20b?q=%C3%A9", None, "https://ville.fr:8080/x"]}),
    (
        {"t": ["2024-07-01 12:00", "2024-03-31 02:30", "2024-10-27 02:30:00", "2024-07-01T12:00:00Z", "hier", "01/01/1900"]},
        {"do": "timezone", "columns": ["t"]},
        {"t": ["2024-07-01T10:00:00Z", None, "2024-10-27T01:30:00Z", "2024-07-01T12:00:00Z", None, "1899-12-31T23:50:39Z"]},
    ),
    ({"t": ["2024-07-01 12:00"]}, {"do": "timezone", "columns": ["t"], "zone": "Indian/Reunion"}, {"t": ["2024-07-01T08:00:00Z"]}),
    (
        {"d": ["48° 51′ 24,5″ N", "2°21'7\"O", "S 20 52 44", "-61.5°", "48° 61' N", "91° N", "rue", "48.85"]},
        {"do": "degrees", "column": "d", "to": "x"},
        {"x": ["48.85680556", "-2.35194444", "-20.87888889", "-61.5", None, None, None, None]},
    ),
    ({"g": ["u09tv", "!", "ezs42"]}, {"do": "decode", "column": "g", "from": "geohash", "to": "s"}, {"s": ["POLYGON((2.3291015625 48.8232421875, 2.373046875 48.8232421875, 2.373046875 48.8671875, 2.3291015625 48.8671875, 2.3291015625 48.8232421875))", None, "POLYGON((-5.625 42.5830078125, -5.5810546875 42.5830078125, -5.5810546875 42.626953125, -5.625 42.626953125, -5.625 42.5830078125))"]}),
    ({"g": ["_p~iF~ps|U_ulLnnqC_mqNvxq`@", "é", "_p~iF"]}, {"do": "decode", "column": "g", "from": "polyline", "to": "s"}, {"s": ["LINESTRING(-120.2 38.5, -120.95 40.7, -126.453 43.252)", None, None]}),
    ({"h": ["<p>A&nbsp;&amp; b</p><SCRIPT>alert(1)</script ><!-- c --><style>p{}"]}, {"do": "case", "columns": ["h"], "to": "no-tags"}, {"h": ["A & b"]}),
    ({"h": ["SAINT-DENIS-DE-L'HÔTEL"]}, {"do": "case", "columns": ["h"], "to": "title"}, {"h": ["Saint-Denis-de-l'Hôtel"]}),
    ({"g": ["48.8566, 2.3522", "zz"]}, {"do": "coordinates", "column": "g", "x": "x", "y": "y", "in": "EPSG:2154"}, {"x": ["652469.02", None], "y": ["6862035.26", None]}),
    ({"g": ["48.0, 2.0"]}, {"do": "distance", "column": "g", "latitude": 49.0, "longitude": 2.0, "to": "km", "unit": "km"}, {"km": ["111.2"]}),
    ({"g": ["POLYGON((0 0, 0 1, 1 1, 1 0, 0 0))"]}, {"do": "measure", "column": "g", "measure": "area", "unit": "km2", "to": "a"}, {"a": ["12308.7784"]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "after"), CASES, ids=lambda value: value.get("do") if isinstance(value, dict) else None
)
def test_a_step_makes_of_the_table_what_is_written_by_hand(prepare, step, after):
    columns = prepare(TABLE, step).columns
    assert {header: columns[header] for header in after} == after


@pytest.mark.parametrize(
    ("before", "step", "after"), OTHERS, ids=lambda value: value.get("do") if "do" in value else None
)
def test_a_step_makes_of_its_own_table_what_is_written_by_hand(prepare, before, step, after):
    columns = prepare(before, step).columns
    assert {header: columns[header] for header in after} == after


def test_every_step_is_tried_somewhere():
    elsewhere = {"territory", "locate", "geocode", "join", "union", "extract", "point", "shape"}
    assert {step["do"] for step, _after in CASES} | {case[1]["do"] for case in OTHERS} | elsewhere == set(PREPARATIONS)


def test_lines_follow_their_rows_through_every_change_of_shape(prepare):
    table = {"k": ["x", "y", "x"], "a": ["1", None, "3"], "b": ["4", "5", "6"]}
    unpivoted = prepare(table, {"do": "unpivot", "columns": ["a", "b"], "name": "n", "value": "v"})
    assert unpivoted.lines == [2, 2, 3, 4, 4]
    grouped = prepare(
        table,
        {"do": "sort", "columns": ["b"], "descending": True},
        {"do": "aggregate", "by": ["k"], "values": [{"to": "n", "do": "rows"}]},
    )
    assert (grouped.columns["k"], grouped.lines) == (["x", "y"], [2, 3])


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("array_to_string(list_sort(list_distinct(string_split(mots, ';'))), ';')", "a;b"),
        ("(n::INT >> 2) & 7", "2"),
        ("array_to_string(json_extract_string(liste, '$[*]'), ';')", "x;é"),
        ("concat_ws(';', CASE WHEN wifi = 'oui' THEN 'wifi' END, CASE WHEN bus = 'oui' THEN 'bus' END)", "bus"),
    ],
)
def test_what_the_guide_says_to_compute_is_computed(prepare, sql, value):
    table = {"mots": ["b;a;b"], "n": ["11"], "liste": ['["x","é"]'], "wifi": ["non"], "bus": ["oui"]}
    assert prepare(table, {"do": "compute", "to": "x", "sql": sql, "type": "text"}).columns["x"] == [value]
