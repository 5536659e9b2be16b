"""Facets, counted again in plain Python."""

from __future__ import annotations

from collections import Counter

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, export, facets, records


def counts(group) -> dict[str, int]:
    return {row["value"]: row["count"] for row in group.facets if "count" in row}


def test_every_annotated_field_is_counted_nulls_aside(engine, source, rows):
    names, days, themes = facets(engine, source, ExploreRequest())
    assert [group.name for group in (names, days, themes)] == ["nom", "jour", "themes"]
    assert counts(names) == Counter(row["nom"] for row in rows if row["nom"] is not None)
    assert counts(days) == Counter(row["jour"][:4] for row in rows if row["jour"])
    assert counts(themes) == Counter(theme for row in rows for theme in row["themes"] or [])


def test_the_most_frequent_come_first(engine, source):
    themes = facets(engine, source, ExploreRequest(facet=("themes",)))[0]
    listed = [row["count"] for row in themes.facets]
    assert listed == sorted(listed, reverse=True)


def test_conditions_narrow_the_counts_of_every_facet(engine, source, rows):
    request = ExploreRequest(where=("rang > 20",), exclude=("themes:sport",), facet=("nom",))
    expected = Counter(
        row["nom"]
        for row in rows
        if (row["rang"] or 0) > 20 and "sport" not in (row["themes"] or []) and row["nom"] is not None
    )
    assert counts(facets(engine, source, request)[0]) == expected


def test_a_refined_value_stands_alone_unless_others_may_be_added(engine, source):
    (alone,) = facets(engine, source, ExploreRequest(facet=("nom",), refine=("nom:Évry",)))
    assert [(row["value"], row["state"]) for row in alone.facets] == [("Évry", "refined")]
    options = ('facet(name="nom", disjunctive=true)',)
    (joined,) = facets(engine, source, ExploreRequest(facet=options, refine=("nom:Évry",)))
    assert len(joined.facets) == 7
    assert [row["value"] for row in joined.facets if row["state"] == "refined"] == ["Évry"]


def test_an_excluded_value_is_listed_without_count(engine, source):
    (group,) = facets(engine, source, ExploreRequest(facet=("nom",), exclude=("nom:Évry",)))
    assert group.facets[-1] == {"name": "Évry", "state": "excluded", "value": "Évry"}


def test_a_refined_year_opens_on_its_months_then_its_days(engine, source, rows):
    (group,) = facets(engine, source, ExploreRequest(facet=("jour",), refine=("jour:2012/03",)))
    (year,) = group.facets
    (month,) = year["facets"]
    assert (year["value"], month["value"], month["name"], month["state"]) == ("2012", "2012/03", "03", "refined")
    expected = Counter(row["jour"].replace("-", "/") for row in rows if (row["jour"] or "").startswith("2012-03"))
    assert {row["value"]: row["count"] for row in month["facets"]} == expected


@pytest.mark.parametrize(
    ("sort", "expected"), [("alphanum", ["été", "Évry", "sport"]), ("-alphanum", ["sport", "Évry", "été"])]
)
def test_a_sort_may_be_asked(engine, source, sort, expected):
    (group,) = facets(engine, source, ExploreRequest(facet=(f'facet(name="themes", sort="{sort}", limit=5)',)))
    assert [row["value"] for row in group.facets] == expected


TREE = (
    Column("lieu", "Lieu", ColumnType.TEXT, annotations={"facet": True, "hierarchical": "/"}),
    Column("voies", "Voies", ColumnType.TEXT, annotations={"multivalued": ",", "facet": True}),
    Column("instant", "Instant", ColumnType.DATETIME, annotations={"facet": True}),
    Column("rang", "Rang", ColumnType.INT, annotations={"facetsort": "-num"}),
    Column("choix", "Choix", ColumnType.TEXT, annotations={"disjunctive": True, "facetsort": ["alphanum"]}),
)
TREE_ROWS = [
    ["Europe/France/Évry", ["a>b", "a>c"], "2020-12-31T23:30:00+00:00", 2, "b"],
    ["Europe/France/Paris", ["a>b"], "2021-01-05T00:00:00+00:00", 10, "B"],
    ["Europe/Italie", ["d"], "2021-03-05T00:00:00+00:00", 10, "a"],
    ["Asie", None, None, None, "é"],
    [None, [], "2021-03-06T00:00:00+00:00", 9, None],
    ["Européen", ["d", "d"], "2020-02-01T00:00:00+00:00", 9, "e"],
]


@pytest.fixture(scope="module")
def tree(version_of):
    """Hierarchies, several values, instants."""
    return version_of(TREE, TREE_ROWS)


def listed(engine, source, facet, **parameters):
    (group,) = facets(engine, source, ExploreRequest(facet=(facet,), **parameters))
    return group.facets


def test_a_hierarchy_lists_its_first_level_until_a_branch_is_opened(engine, tree):
    assert [(r["value"], r["name"], r["count"]) for r in listed(engine, tree, "lieu")] == [
        ("Europe", "Europe", 3),
        ("Asie", "Asie", 1),
        ("Européen", "Européen", 1),
    ]
    (europe,) = listed(engine, tree, "lieu", refine=("lieu:Europe",))
    assert (europe["state"], europe["count"]) == ("refined", 3)
    assert [(r["value"], r["name"], r["state"], r["count"]) for r in europe["facets"]] == [
        ("Europe/France", "France", "displayed", 2),
        ("Europe/Italie", "Italie", "displayed", 1),
    ]
    (europe,) = listed(engine, tree, "lieu", refine=("lieu:Europe/France",))
    (france,) = europe["facets"]
    assert {r["value"] for r in france["facets"]} == {"Europe/France/Évry", "Europe/France/Paris"}
    assert records(engine, tree, ExploreRequest(refine=("lieu:Europe",))).total_count == 3


def test_a_request_may_make_a_field_hierarchical(engine, tree):
    facet = 'facet(name="voies", hierarchical=true, separator=">", disjunctive=true)'
    assert [(r["value"], r["count"]) for r in listed(engine, tree, facet)] == [("a", 2), ("d", 2)]
    opened = listed(engine, tree, facet, refine=("voies:a",))
    assert [(r["value"], r["state"]) for r in opened] == [("a", "refined"), ("d", "displayed")]
    assert {(r["value"], r["name"], r["count"]) for r in opened[0]["facets"]} == {("a>b", "b", 2), ("a>c", "c", 1)}
    page = records(engine, tree, ExploreRequest(facet=(facet,), refine=("voies:a", "voies:d")))
    assert page.total_count == 4
    flat = 'facet(name="lieu", hierarchical=false)'
    assert len(listed(engine, tree, flat)) == 5


def test_years_are_those_of_the_time_zone(engine, tree):
    assert [(r["value"], r["count"]) for r in listed(engine, tree, "instant")] == [("2021", 3), ("2020", 2)]
    paris = listed(engine, tree, "instant", timezone="Europe/Paris", refine=("instant:2021/1",))
    assert [(r["value"], r["count"], r["state"]) for r in paris] == [("2021", 2, "refined")]
    assert [(r["value"], r["name"], r["state"]) for r in paris[0]["facets"]] == [("2021/01", "01", "refined")]
    assert [r["value"] for r in paris[0]["facets"][0]["facets"]] == ["2021/01/01", "2021/01/05"]


def test_excluded_branches_are_told_by_their_last_name(engine, tree):
    rows = listed(engine, tree, "instant", exclude=("instant:2020/12",))
    assert rows[-1] == {"name": "12", "state": "excluded", "value": "2020/12"}
    assert {r["value"]: r["count"] for r in rows[:-1]} == {"2021": 3, "2020": 1}


def test_sorts_may_be_annotated(engine, tree):
    assert [(r["value"], r["count"]) for r in listed(engine, tree, "rang")] == [("10", 2), ("9", 2), ("2", 1)]
    assert [r["value"] for r in listed(engine, tree, 'facet(name="rang", sort="num")')] == ["2", "9", "10"]
    assert [r["value"] for r in listed(engine, tree, 'facet(name="rang", sort="alphanum")')] == ["2", "9", "10"]
    assert [r["value"] for r in listed(engine, tree, "choix")] == ["a", "B", "b", "e", "é"]
    assert [r["value"] for r in listed(engine, tree, "facet(name='choix', sort='count', limit=2)")] == ["B", "a"]


def test_an_annotation_makes_a_facet_disjunctive_everywhere_a_request_may_say_otherwise(engine, tree):
    refine = ("choix:a", "choix:b")
    assert records(engine, tree, ExploreRequest(refine=refine)).total_count == 2
    strict = 'facet(name="choix", disjunctive=false)'
    assert records(engine, tree, ExploreRequest(refine=refine, facet=(strict,))).total_count == 0
    joined = 'facet(name="rang", disjunctive=True)'
    request = ExploreRequest(refine=("rang:2", "rang:10"), facet=(joined,))
    assert records(engine, tree, request).total_count == 3
    assert len(b"".join(export(engine, tree, "jsonl", request)).splitlines()) == 3
    states = {r["value"]: r["state"] for r in listed(engine, tree, "choix", refine=refine)}
    assert states == {"a": "refined", "b": "refined", "B": "displayed", "e": "displayed", "é": "displayed"}


def test_a_hundred_values_are_listed_the_refined_one_always(engine, version_of):
    column = Column("v", "V", ColumnType.TEXT, annotations={"disjunctive": True})
    made = version_of([column], [[f"{n:03}"] for n in range(150)])
    assert len(listed(engine, made, "v")) == 100
    assert len(listed(engine, made, 'facet(name="v", limit=120)')) == 120
    rows = listed(engine, made, "v", refine=("v:149",))
    assert rows[-1] == {"count": 1, "name": "149", "state": "refined", "value": "149"}


@pytest.mark.parametrize(
    "facet",
    ["nope", 'facet(name="nope")', "facet()", 'facet(name="nom", sort="up")', 'facet(name="nom" limit=3)', "lieu"],
)
def test_a_facet_that_is_none_is_refused(engine, source, facet):
    with pytest.raises(RequestError):
        facets(engine, source, ExploreRequest(facet=(facet,)))


def test_without_a_matching_row_facets_are_empty(engine, source):
    groups = facets(engine, source, ExploreRequest(where=("rang > 100000",)))
    assert [group.facets for group in groups] == [[], [], []]
