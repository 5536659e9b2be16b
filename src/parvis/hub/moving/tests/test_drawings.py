"""What tabs of datasets showed: charts and maps as drafts, computed as there, never doubled nor taken from people."""

import json
import statistics
from collections import defaultdict

import pytest

from parvis.core.charts.questions import GROUP, VALUE
from parvis.core.charts.themes import LIGHT
from parvis.core.sources.portal_lists import read_list
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.models import Dataset
from parvis.hub.charts.answers import answer
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.questions import rows_of
from parvis.hub.drawings.services import update
from parvis.hub.harvesting.tests.far_portal import rows
from parvis.hub.moving.drawings import nearest_tint, views_of
from parvis.hub.moving.models import Part
from parvis.hub.moving.tests.whole_portal import rest

ALONE = ("--without", "pages,users,groups,filters,reuses,portals,counts")


def query(*series: tuple[str, str, str], x: str = "code", **more) -> dict:
    """A query of a configuration of charts: type, function, column of each series."""
    charts = [{"type": kind, "func": function, "yAxis": column} for kind, function, column in series]
    return {"charts": charts, "xAxis": x, "config": {"dataset": "velos", "options": {}}, **more}


def show(far, name: str = "velos", **visualization) -> None:
    """What the tabs of a dataset show."""
    row = next(row for row in far.portal.datasets if row["dataset_id"] == name)
    row["metas"]["visualization"] = visualization


def means(table) -> dict[str, float]:
    """The mean of « part » by « code », computed without us."""
    values = defaultdict(list)
    for row in table:
        if row["part"] is not None:
            values[row["code"]].append(row["part"])
    return {code: statistics.fmean(column) for code, column in values.items()}


def test_a_chart_and_a_map_come_as_drafts_that_compute_the_same(far, move, key, client):
    configuration = {"queries": [query(("line", "AVG", "part"), sort="x", maxpoints=50)], "displayLegend": True}
    far.groups["velos"] = [{GROUP: code, VALUE: mean} for code, mean in means(rows(6)).items()]
    show(
        far,
        analyze_default=json.dumps(configuration),
        map_marker_color="#C85030",
        map_tooltip_title="code",
        map_tooltip_fields=["nombre", "absente", "lieu", "part"],
        table_fields=["code", "part"],
        table_default_sort_field="part",
        table_default_sort_direction="desc",
        calendar_enabled=False,
        custom_view_html="<b>x</b>",
    )
    parts = rest(move(*key, *ALONE)[1])
    assert {name: row["state"] for (_kind, name), row in parts.items()} == {
        "velos chart": "made",
        "velos map": "made",
        "velos tabs": "told",
    }
    chart = Chart.objects.get()
    assert (chart.live, chart.organisation, chart.datasets) == (
        False,
        Dataset.objects.get(dataset_id="velos").organisation,
        ["velos"],
    )
    source = chart.described.sources[0]
    assert (chart.described.mark, source.calculation, source.measure, source.grouping, source.limit) == (
        "lines",
        "avg",
        "part",
        "code",
        50,
    )
    answered = answer(OPERATOR, chart.described)
    here = {row[GROUP]: row[VALUE] for row in _rows(answered)}
    assert here == pytest.approx(means(rows(6))), "what statistics computes"
    assert parts["drawings", "velos chart"]["notes"] == ["comparé à celui de là-bas, et identique"]
    layer = Map.objects.get().described.layers[0]
    assert (layer.tint, layer.popup) == (2, "{code}\nNombre : {nombre}\nPart : {part}")
    assert LIGHT.categorical[1] == "#c8553d"
    assert parts["drawings", "velos tabs"]["notes"] == [
        "son tableau montrait les colonnes code, part",
        "son tableau était trié par « part desc »",
        "il avait une vue sur mesure, écrite en HTML",
    ]
    for record in (chart, Map.objects.get()):
        assert client.get(record.get_absolute_url()).status_code == 404, "a draft"


def _rows(answered):
    return [row for query in answered.asked for row in rows_of(OPERATOR, query)[0] if row[VALUE] is not None]


def test_what_people_changed_or_took_away_here_stays_so_and_nothing_is_doubled(far, move, key):
    first, second = (json.dumps({"queries": [query(("column", name, "nombre"))]}) for name in ("SUM", "MAX"))
    show(far, analyze_default=first, map_marker_color="#000000")
    show(far, "prive", analyze_default=first)
    far.groups["velos"] = [{GROUP: "01001", VALUE: 3}]
    parts = rest(move(*key, *ALONE)[1])
    assert parts["drawings", "velos chart"]["notes"] == ["5 valeurs diffèrent de celles de là-bas"]
    assert (Chart.objects.count(), Map.objects.count()) == (2, 1)
    before = [path for path in far.portal.asked if "/records?" in path and "select" in path]
    move(*key, *ALONE)
    assert (Chart.objects.count(), Map.objects.count()) == (2, 1)
    again = [path for path in far.portal.asked if "/records?" in path and "select" in path]
    assert len(again) - len(before) < len(before), "nothing changed there: charts are not compared again"

    edited = Chart.objects.get(datasets=["velos"])
    update(OPERATOR, edited, edited.described.with_changes(title="D’ici"), revision=edited.revision)
    Map.objects.get().delete()
    for name in ("velos", "prive"):
        show(far, name, analyze_default=second, map_marker_color="#ffffff")
    parts = rest(move(*key, *ALONE)[1])
    assert (parts["drawings", "velos chart"]["state"], parts["drawings", "velos map"]["state"]) == ("kept", "left")
    edited.refresh_from_db()
    assert (edited.title, edited.described.sources[0].calculation) == ("D’ici", "sum")
    untouched = Chart.objects.get(datasets=["prive"])
    assert untouched.described.sources[0].calculation == "max", "nobody had touched that one"
    assert Map.objects.filter(datasets=["velos"]).count() == 0


def test_series_over_the_same_groups_are_one_chart_and_others_each_their_own(far, move, key):
    configuration = {
        "queries": [
            query(("column", "SUM", "nombre"), ("column", "COUNT", "")),
            query(("pie", "COUNT", ""), ("column", "AVG", "part"), x="jour", timescale="month"),
        ]
    }
    show(far, analyze_default=configuration)  # as itself rather than as a text
    move(*key, *ALONE)
    made = [Chart.objects.get(pk=part.target).described for part in Part.objects.order_by("identifier")]
    assert [(chart.mark, len(chart.sources), chart.sources[0].grouping) for chart in made] == [
        ("bars", 2, "code"),
        ("pie", 1, "jour"),
        ("bars", 1, "jour"),
    ]
    assert [source.label for source in made[0].sources] == ["Somme : Nombre", "Nombre de lignes"]
    assert made[2].sources[0].step == "month"


UNREADABLE = [
    {"analyze_default": "{"},
    {"analyze_default": "[" * 100_000},
    {"analyze_default": json.dumps({"queries": [None, 3, {"charts": [None, {"type": "\0\ud800"}]}]})},
    {"analyze_default": json.dumps({"queries": [query(("column", "DROP", "x'; --"), x="'; drop")]})},
    {"analyze_default": json.dumps({"queries": [query(("spiderweb", "COUNT", ""))]})},
    {"map_marker_color": {"type": "field", "field": "absente"}, "map_tooltip_fields": 3},
    {"map_marker_color": "#zzz", "map_tooltip_title": "\0" * 9, "map_tooltip_fields": ["{code}"] * 10_000},
    {"table_fields": {"value": ["code\0"]}, "custom_view_html": {"value": "<script>alert(1)</script>"}},
]


@pytest.mark.parametrize("visualization", UNREADABLE, ids=range(len(UNREADABLE)))
def test_whatever_settings_say_is_read_and_something_is_said_of_it(tmp_path, visualization):
    answer = tmp_path / "answer"
    answer.write_text(json.dumps([{"dataset_id": "velos", "metas": {"visualization": visualization}}]))
    (facts,) = read_list(answer, "views").facts()
    assert list(views_of(facts))
    assert "\0" not in repr(facts)
    assert len(repr(facts)) < 100_000


def test_settings_that_cannot_be_followed_are_told_and_stop_no_other(far, move, key):
    show(far, **{**UNREADABLE[3], **UNREADABLE[5]})
    show(far, "prive", analyze_default=json.dumps({"queries": [query(("column", "COUNT", ""))]}))
    parts = rest(move(*key, *ALONE)[1])
    assert parts["drawings", "prive chart"]["state"] == "made"
    assert parts["drawings", "velos chart"]["state"] == "told"
    assert "« '; drop » n’est pas ici" in parts["drawings", "velos chart"]["notes"][0]
    assert parts["drawings", "velos map"]["notes"] == ["sa couleur venait de la colonne « absente »"]


def test_the_nearest_colour_of_ours_is_chosen():
    assert [nearest_tint(colour) for colour in LIGHT.categorical] == list(range(1, 9))
    assert (nearest_tint("#000"), nearest_tint("rouge"), nearest_tint("")) == (1, 1, 1)
