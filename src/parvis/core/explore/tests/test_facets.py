"""Facets, counted again in plain Python."""

from __future__ import annotations

from collections import Counter

import pytest

from parvis.core.explore import ExploreRequest, facets


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
    asked = ('facet(name="nom", disjunctive=true)',)
    (joined,) = facets(engine, source, ExploreRequest(facet=asked, refine=("nom:Évry",)))
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
