"""The inventory holds together: names, holders, duties with their text, schemas of the catalogue, words without accents."""

from __future__ import annotations

import pytest

from parvis.core.metadata import THEME_BY_SLUG
from parvis.core.text import fold
from parvis.packs.inventory.rows import DUTIES, HOLDERS, usual_datasets

ROWS = usual_datasets()


def test_there_are_rows_and_each_has_its_own_name():
    assert len(ROWS) > 50
    assert len({row.slug for row in ROWS}) == len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.slug)
def test_a_row_says_who_why_and_how(row):
    assert row.holders
    assert set(row.holders) <= set(HOLDERS)
    assert row.duty in DUTIES
    assert row.text
    assert row.theme in THEME_BY_SLUG
    assert row.difficulty in (1, 2, 3)
    assert row.keywords
    assert all(fold(word) == word.strip() for word in row.keywords)


def test_the_socle_is_that_of_the_national_catalogue():
    """Schemas labelled « Socle Commun des Données Locales » there; the two parts of IRVE count apart."""
    assert {row.schema for row in ROWS if row.in_socle} == {
        "atlasante/schema-dae",
        "etalab/schema-amenagements-cyclables",
        "etalab/schema-bal",
        "etalab/schema-irve-statique",
        "etalab/schema-irve-dynamique",
        "scdl/budget",
        "scdl/catalogue",
        "scdl/deliberations",
        "scdl/equipements",
        "scdl/menus-collectifs",
        "scdl/plats-menus-collectifs",
        "scdl/prenoms",
        "scdl/subventions",
    }


def test_the_thresholds_of_the_law_are_told():
    by_slug = {row.slug: row for row in ROWS}
    assert by_slug["deliberations"].population == 3500
    assert by_slug["subventions"].population == 3500
    assert by_slug["hautes-remunerations"].population == 80_000
    assert by_slug["marches-publics"].duty == "oui"
    assert "ECOM2235715A" in by_slug["marches-publics"].text


def test_what_was_not_read_says_so():
    assert any(not row.is_verified for row in ROWS)
    assert all(row.is_verified or row.duty != "non" or row.slug in ("sdirve", "points-eau-incendie") for row in ROWS)
