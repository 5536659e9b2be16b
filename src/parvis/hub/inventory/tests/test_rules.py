"""What concerns an organisation, what obliges it, how its datasets are recognised, what comes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.hub.inventory.rules import (
    Choice,
    Fact,
    Held,
    How,
    Standing,
    inventory,
    obliges,
    order_of,
    recognised,
    schema_name,
)
from parvis.packs.inventory.rows import usual_datasets

BY_SLUG = {row.slug: row for row in usual_datasets()}


def held(title: str, schema: str = "", *keywords: str, key: int = 1) -> Held:
    return Held(key, f"jeu-{key}", title, keywords, schema)


@pytest.mark.parametrize(
    ("slug", "kind", "population", "expected"),
    [
        ("deliberations", "commune", 3499, False),
        ("deliberations", "commune", 3500, True),
        ("deliberations", "commune", None, False),
        ("deliberations", "departement", None, True),
        ("hautes-remunerations", "commune", 79_999, False),
        ("hautes-remunerations", "epci", 80_000, True),
        ("marches-publics", "commune", 200, True),
        ("irve-statique", "commune", 100_000, False),
        ("prenoms", "commune", 100_000, False),
    ],
)
def test_a_text_obliges_from_its_threshold_on(slug, kind, population, expected):
    assert obliges(BY_SLUG[slug], kind, population) is expected


@pytest.mark.parametrize(
    ("slug", "dataset", "how"),
    [
        ("subventions", held("Subventions versées en 2024"), How.WORDS),
        ("subventions", held("Aides versées", "scdl/subventions"), How.SCHEMA),
        ("subventions", held("Aides", "https://schema.data.gouv.fr/schemas/scdl/subventions/2.1.1/schema.json"), How.SCHEMA),
        ("subventions", held("Subventions aux écoles", "scdl/budget"), None),
        ("prenoms", held("Prénoms des nouveau-nés"), How.WORDS),
        ("documents-urbanisme", held("Plus beaux villages"), None),
        ("documents-urbanisme", held("PLU de la ville"), How.WORDS),
        ("adresses", held("Balades en forêt"), None),
        ("arbres", held("Patrimoine vert", "", "Arbres"), How.WORDS),
        ("comptages", held("Comptage", "etalab/schema-comptage-mobilites-channel"), How.SCHEMA),
        ("colleges", held("Élèves par école"), None),
    ],
)  # fmt: skip
def test_a_dataset_is_recognised_by_its_schema_else_by_words(slug, dataset, how):
    assert recognised(BY_SLUG[slug], dataset) is how


@pytest.mark.parametrize(
    "reference", ["scdl/budget", "https://schema.data.gouv.fr/scdl/budget/latest.html", "schemas/scdl/budget/0.8.3"]
)
def test_a_schema_is_named_in_many_ways(reference):
    assert schema_name(reference).removeprefix("schemas/") == "scdl/budget"


def standing(slug: str, datasets: list[Held], choices: dict[str, Choice] | None = None) -> Standing:
    items = inventory(usual_datasets(), "commune", 5000, datasets, choices or {})
    return next(item.standing for item in items if item.usual.slug == slug)


def test_words_are_only_likely_until_somebody_says_so():
    dataset = held("Les arbres remarquables")
    assert standing("arbres", [dataset]) is Standing.LIKELY
    assert standing("arbres", [dataset], {"arbres": Choice(Fact.PUBLISHED, 1)}) is Standing.PUBLISHED
    assert standing("arbres", [dataset], {"arbres": Choice(Fact.NOT_OURS)}) is Standing.NOT_OURS


def test_a_choice_for_a_dataset_that_readers_do_not_see_publishes_nothing():
    assert standing("arbres", [], {"arbres": Choice(Fact.PUBLISHED, 1)}) is Standing.MISSING


def test_a_plan_is_no_publication_but_a_schema_is():
    assert standing("arbres", [], {"arbres": Choice(Fact.PLANNED)}) is Standing.PLANNED
    holdings = [held("Parc", "NaturalSolutions/schema-arbre")]
    assert standing("arbres", holdings, {"arbres": Choice(Fact.PLANNED)}) is Standing.PUBLISHED


def test_what_is_left_of_the_socle_comes_first():
    items = inventory(usual_datasets(), "commune", 5000, [held("x", "scdl/subventions")], {})
    assert items[0].usual.in_socle
    assert items[0].is_to_do
    ranks = [(item.is_to_do, item.usual.in_socle) for item in items]
    assert ranks == sorted(ranks, key=lambda pair: (not pair[0], not pair[1]))
    assert items[-1].usual.slug == "subventions"


def test_a_region_is_not_asked_for_what_communes_hold():
    slugs = {item.usual.slug for item in inventory(usual_datasets(), "region", None, [], {})}
    assert "lycees" in slugs
    assert "prenoms" not in slugs
    assert "colleges" not in slugs


@given(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=4), st.text(max_size=60))
def test_any_title_word_or_schema_can_be_looked_at(title, keywords, schema):
    items = inventory(usual_datasets(), "commune", 1000, [Held(1, "x", title, tuple(keywords), schema)], {})
    assert items == sorted(items, key=order_of)
