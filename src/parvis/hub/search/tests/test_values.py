"""A word that is a value of a column of few values leads to the rows that have it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.versions.facts import VersionFacts
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.search.everything import search_values

pytestmark = pytest.mark.django_db

ESSENCES, TOWNS = (
    ("Tilleul argenté", "Tilleul à petites feuilles", "Platane"),
    ("Lieusaint", "Évry", "Saint-Pierre-du-Perray"),
)


@pytest.fixture
def trees():
    dataset = make_dataset(title="Arbres", dataset_id="arbres", description="Relevé chaque année.")
    columns = [
        Column(name=name, type=ColumnType.TEXT, label=label)
        for name, label in (("essence", "Essence"), ("commune", "Commune"))
    ]
    dataset.current.facts = VersionFacts(
        TableShape(tuple(columns)), 12, values={"essence": ESSENCES, "commune": TOWNS}
    ).to_dict()
    dataset.current.save()
    dataset.save()
    return dataset


def filters(words: str, actor=ANONYMOUS) -> list[tuple[str, str, str]]:
    """Column, operator and value of the tables that the words lead to."""
    hits = search_values(actor, words)
    queries = [parse_qs(urlsplit(hit.address).query) for hit in hits]
    return [(query["colonne"][0], query["op"][0], query["valeur"][0]) for query in queries]


@pytest.mark.parametrize("words", ["Lieusaint", "LIEUSAINT", "arbres lieusaint", "arbres de Lieusaint"])
def test_a_value_leads_to_its_rows_whatever_is_around_it(trees, words):
    assert filters(words) == [("commune", "egal", "Lieusaint")]


@pytest.mark.parametrize("words", ["tilleul", "Tilleuls"])
def test_a_word_of_several_values_leads_to_all_their_rows(trees, words):
    assert filters(words) == [("essence", "contient", words)]


def test_a_value_of_several_words_is_one(trees):
    assert filters("saint pierre du perray") == [("commune", "egal", "Saint-Pierre-du-Perray")]
    assert filters("platane evry") == [("essence", "egal", "Platane"), ("commune", "egal", "Évry")]


def test_words_that_are_no_value_lead_to_none(trees):
    assert filters("arbres") == filters("lieu") == filters("de") == filters("") == []


def test_the_table_that_a_value_leads_to_has_its_rows_alone(trees, client):
    (hit,) = search_values(ANONYMOUS, "Lieusaint")
    assert hit.address == "/explore/dataset/arbres/table/?colonne=commune&op=egal&valeur=Lieusaint"


def test_values_of_a_closed_dataset_are_told_to_who_may_read_it(trees):
    trees.access = Access.INTERNAL
    trees.announced = True
    trees.save()
    assert filters("Lieusaint") == []
    member = actor_of(make_member(trees.organisation, Role.READER))
    assert filters("Lieusaint", member) == [("commune", "egal", "Lieusaint")]
