"""``/catalog/facets``: values of the facets of datasets (specification, section 10.2)."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import update_card

pytestmark = pytest.mark.django_db
FACETS = "/api/explore/v2.1/catalog/facets"


@pytest.fixture
def two(publish, dataset):
    """Two datasets of one year, with different themes."""
    other = publish(dataset_id="arbres", title="Arbres", themes=["environnement"], keywords=["sport", "arbre"])
    update_card(OPERATOR, other, {"custom": {"data-owner": "Parcs"}})
    return other


def values(client, **parameters) -> dict[str, list]:
    body = client.get(FACETS, parameters).json()
    return {
        group["name"]: [(row["value"], row.get("count"), row["state"]) for row in group["facets"]]
        for group in body["facets"]
    }


def test_the_usual_facets_are_given_when_none_is_named(client, two):
    body = client.get(FACETS).json()
    assert [link["rel"] for link in body["links"]] == ["self", "source"]
    names = [group["name"] for group in body["facets"]]
    assert names == ["features", "theme", "keyword", "publisher", "language", "license", "modified"]


def test_values_are_counted_most_frequent_first(client, two):
    counts = values(client, facet=["keyword", "features"])
    assert counts["keyword"] == [("sport", 2, "displayed"), ("arbre", 1, "displayed")]
    assert counts["features"][0] == ("analyze", 2, "displayed")


def test_a_facet_of_another_template_bears_its_qualified_name(client, two):
    assert values(client, facet="custom.data-owner") == {"custom.data-owner": [("Parcs", 1, "displayed")]}


def test_where_and_refine_narrow_every_count(client, two):
    assert values(client, facet="keyword", where='dataset_id = "arbres"')["keyword"] == [
        ("arbre", 1, "displayed"),
        ("sport", 1, "displayed"),
    ]
    refined = values(client, facet="publisher", refine="theme:Environnement et climat")
    assert [count for _value, count, _state in refined["publisher"]] == [1]


def test_dates_open_year_by_year(client, two):
    year = str(two.modified.year)
    (closed,) = client.get(FACETS, {"facet": "modified"}).json()["facets"][0]["facets"]
    assert (closed["value"], "facets" in closed) == (year, False)
    (opened,) = client.get(FACETS, {"facet": "modified", "refine": f"modified:{year}"}).json()["facets"][0]["facets"]
    assert opened["state"] == "refined"
    month = opened["facets"][0]
    assert month["value"] == f"{year}/{month['name']}"


def test_an_excluded_value_is_listed_without_count(client, two):
    assert ("arbre", None, "excluded") in values(client, facet="keyword", exclude="keyword:arbre")["keyword"]


def test_an_unknown_facet_is_refused(client, two):
    response = client.get(FACETS, {"facet": "nimporte"})
    assert response.status_code == 400
    assert "nimporte" in response.json()["message"]
